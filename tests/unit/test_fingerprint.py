"""The fingerprint: the same for what X would call the same text, another for another parent."""

from __future__ import annotations

import pytest

from bot.domain.fingerprint import fingerprint
from bot.domain.post import Parent

CAFE = "Café"


@pytest.mark.parametrize("same", ["Cafe\u0301", " Café\n", "Café "])
def test_white_space_at_the_ends_and_the_way_accents_are_written_do_not_matter(same: str) -> None:
    assert fingerprint(same, None) == fingerprint(CAFE, None)


def test_white_space_is_folded() -> None:
    assert fingerprint("Ten  years\nof", None) == fingerprint("Ten years of", None)


@pytest.mark.parametrize("other", ["Cafe", "café", "Café!", ""])
def test_another_text_has_another_fingerprint(other: str) -> None:
    assert fingerprint(other, None) != fingerprint(CAFE, None)


def test_every_parent_gives_another_fingerprint() -> None:
    parents = [
        None,
        Parent(local_id=1),
        Parent(local_id=2),
        Parent(announcement_id=1),
        Parent(post_id="1"),
        Parent(post_id="2"),
    ]
    assert len({fingerprint(CAFE, parent) for parent in parents}) == len(parents)


def test_a_text_cannot_pass_for_one_with_a_parent() -> None:
    assert fingerprint("x:1 Café", None) != fingerprint(CAFE, Parent(post_id="1"))
    assert fingerprint("x:1\nCafé", None) != fingerprint(CAFE, Parent(post_id="1"))
