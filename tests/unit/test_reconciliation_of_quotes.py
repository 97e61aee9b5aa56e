"""A post that quotes another one is known again by its text and by what it quotes (design, section 5, reconcile)."""

from __future__ import annotations

import pytest

from bot.domain.reconciliation import Sought, Verdict, sight
from bot.domain.timeline import Reading, TimelinePost

QUOTED, OTHER = "1641234567890123456", "1641234567890123999"
ADDRESS = f"https://twitter.com/RSO/status/{QUOTED}"
WORDS = "What we learnt in ten years & what comes next"


def verdict(
    shown: str,
    *,
    quotes: str | None,
    text: str = WORDS,
    quote: str | None = QUOTED,
    others: tuple[TimelinePost, ...] = (),
) -> Verdict:
    """What a reading says about a post of ours when the account shows this one."""
    post = TimelinePost("2000000000000000001", "1", shown, quote_id=quotes)
    return sight(
        Sought(text, None, None, None, quote=quote), Reading((post, *others), whole=True), ()
    ).verdict


ESCAPED = WORDS.replace("&", "&amp;")


@pytest.mark.parametrize(
    "shown",
    [
        ESCAPED,
        f"{ESCAPED} {ADDRESS}",
        f"{ESCAPED}\n{ADDRESS}?s=20",
        f"{ESCAPED} https://x.com/i/web/status/{QUOTED}",
    ],
)
def test_a_quote_matches_with_and_without_the_link_that_x_puts_behind_it(shown: str) -> None:
    assert verdict(shown, quotes=QUOTED) is Verdict.MATCH


def test_a_text_that_itself_ends_with_the_address_matches_though_x_makes_a_quote_of_it() -> None:
    ours = f"{WORDS} {ADDRESS}"
    assert verdict(f"{ESCAPED} {ADDRESS}", quotes=QUOTED, text=ours, quote=None) is Verdict.MATCH
    assert verdict(f"{ESCAPED} {ADDRESS} {ADDRESS}", quotes=QUOTED, text=ours) is Verdict.MATCH


def test_an_address_in_the_middle_of_a_text_matches_though_x_makes_a_quote_of_it() -> None:
    ours = f"See {ADDRESS} for what we learnt"
    assert verdict(ours, quotes=QUOTED, text=ours, quote=None) is Verdict.MATCH


@pytest.mark.parametrize(
    ("shown", "quotes", "quote"),
    [
        (ESCAPED, None, QUOTED),
        (f"{ESCAPED} https://x.com/i/status/{OTHER}", OTHER, QUOTED),
        (ESCAPED, OTHER, QUOTED),
        (f"{ESCAPED} {ADDRESS}", QUOTED, None),
        (ESCAPED, QUOTED, None),
    ],
    ids=[
        "quotes nothing",
        "another",
        "another without its link",
        "a quote of ours that quotes none",
        "the same, no link",
    ],
)
def test_the_same_words_that_quote_something_else_come_near_only(
    shown: str, quotes: str | None, quote: str | None
) -> None:
    assert verdict(shown, quotes=quotes, quote=quote) is Verdict.NEAR


def test_a_quote_matches_when_what_it_quotes_was_edited() -> None:
    edited = TimelinePost(OTHER, "1", "The report, corrected", versions=(QUOTED, OTHER))
    shown = f"{ESCAPED} https://twitter.com/RSO/status/{OTHER}"
    assert verdict(shown, quotes=OTHER, others=(edited,)) is Verdict.MATCH
