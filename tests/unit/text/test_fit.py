"""A body cut to the room that is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text.fit import ELLIPSIS, fit, fit_to
from bot.domain.text.graphemes import grapheme_ends
from bot.domain.text.weighted import weighted_length
from bot.domain.text.words import break_opportunities, protected
from tests.unit.text.sentences import SENTENCES, WHOLES

LANGUAGES = st.sampled_from(sorted(SENTENCES))
BODIES = st.lists(
    st.one_of(
        st.sampled_from([*SENTENCES.values(), *WHOLES]),
        st.sampled_from([" ", " ", "\n", ", ", ". ", " – ", " (", ") ", "“", "”"]),
        st.text(max_size=4),
    ),
    max_size=8,
).map("".join)


def test_a_body_that_fits_comes_back_as_it_is() -> None:
    assert fit_to("Ten years.", 10, "en") == fit_to("Ten years.", 280, "en")
    assert fit_to("Ten years.", 10, "en").text == "Ten years."
    assert not fit_to("Ten years.", 10, "en").was_cut


def test_white_space_at_the_end_is_no_reason_for_a_cut() -> None:
    fitted = fit_to("Ten years. \n", 10, "en")
    assert (fitted.text, fitted.was_cut) == ("Ten years.", False)


@pytest.mark.parametrize(
    ("space", "text"),
    [(27, "The report is out, and it…"), (23, "The report is out…"), (18, "The report is…"), (5, "The…")],
)
def test_the_cut_is_after_a_word_and_no_comma_stands_before_the_ellipsis(space: int, text: str) -> None:
    assert fit_to("The report is out, and it shapes the plan.", space, "en").text == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Out now. Read more here", "Out now…"),
        ("Out now – Read more here", "Out now…"),
        ("Out now (Read more here)", "Out now…"),
        ("Out now “Read more here”", "Out now…"),
        ("Out now... Read more here", "Out now…"),
        ("Why now? Read more here", "Why now?…"),
    ],
)
def test_loose_ends_before_the_ellipsis_are_tidied(body: str, text: str) -> None:
    assert fit_to(body, 13, "en").text == text


def test_thai_is_cut_at_a_word_of_the_dictionary() -> None:
    assert fit_to("รายงานผลการประชุมครบรอบ", 20, "th").text == "รายงานผลการประชุม…"


def test_a_link_goes_whole_or_stays_whole() -> None:
    body = "See https://www.baliprocess.net/regional-support-office/ today"
    assert fit_to(body, 28, "en").text == "See…"
    assert fit_to(body, 29, "en").text == "See https://www.baliprocess.net/regional-support-office/…"


def test_a_link_that_ends_with_a_dash_keeps_it() -> None:
    assert fit_to("See https://example.com/a- today", 30, "en").text == "See https://example.com/a-…"


def test_a_word_that_is_too_long_is_cut_between_graphemes() -> None:
    assert fit_to("Donaudampfschifffahrtsgesellschaft", 10, "de").text == "Donaudam…"
    assert fit_to("e\u0301" * 10, 5, "fr").text == "e\u0301" * 3 + "…"
    assert fit_to("👨‍👩‍👧" * 10, 7, "en").text == "👨‍👩‍👧" * 2 + "…"


def test_a_cut_between_graphemes_stays_out_of_a_hashtag_and_makes_none() -> None:
    assert fit_to("word(#" + "a" * 200, 80, "en").text == "word…"
    assert fit_to("#RSOtenyears://x", 8, "en").text == ""


def test_a_cashtag_is_not_spoilt_by_the_ellipsis() -> None:
    assert fit_to("Buy $RSO now or later", 12, "en").text == "Buy…"
    assert fit_to("Buy $RSO now or later", 14, "en").text == "Buy $RSO now…"


@pytest.mark.parametrize("body", ["https://example.com/a and more", "技术", "Ten years"])
@pytest.mark.parametrize("space", [-5, 0, 2])
def test_nothing_is_left_where_nothing_fits(body: str, space: int) -> None:
    fitted = fit_to(body, space, "en")
    assert (fitted.text, fitted.was_cut) == ("", True)


def test_an_empty_body_is_not_cut() -> None:
    assert fit_to("", 0, "en") == fit_to("", -1, "en")
    assert not fit_to("", 0, "en").was_cut


def test_the_rest_of_the_post_is_taken_off_the_limit() -> None:
    body, rest = "The report is out. " * 20, " #RSOtenyears https://www.baliprocess.net/"
    fitted = fit(body, rest, language="en")
    assert fitted.was_cut
    assert 260 <= weighted_length(fitted.text + rest) <= 280
    assert fit(body, weighted_length(rest), language="en") == fitted
    assert weighted_length(fit(body, rest, language="en", limit=100).text + rest) <= 100


@pytest.mark.parametrize("language", sorted(SENTENCES))
def test_a_sentence_of_every_language_is_cut_close_to_the_room_there_is(language: str) -> None:
    sentence = SENTENCES[language]
    for space in range(30, weighted_length(sentence)):
        fitted = fit_to(sentence, space, language)
        assert fitted.was_cut
        # No word of these sentences is longer than this.
        assert space - 30 <= weighted_length(fitted.text) <= space
        assert fitted.text.endswith(ELLIPSIS)


@given(BODIES, LANGUAGES, st.integers(-3, 300))
def test_a_cut_body_is_never_too_heavy_and_splits_nothing(body: str, language: str, space: int) -> None:
    fitted = fit_to(body, space, language)
    assert not fitted.text or weighted_length(fitted.text) <= space
    if not fitted.was_cut:
        assert fitted.text in (body, body.rstrip())
        return
    assert weighted_length(body) > space
    if fitted.text:
        head = fitted.text.removesuffix(ELLIPSIS)
        assert body.startswith(head)
        assert len(head) in grapheme_ends(body)
        assert not any(span.start < len(head) < span.end for span in protected(body))
        # What is kept are the links and tags of the body, and no others.
        assert protected(fitted.text) == [span for span in protected(body) if span.end <= len(head)]


@given(BODIES, LANGUAGES, st.integers(0, 300))
def test_no_longer_cut_at_a_word_would_have_fitted(body: str, language: str, space: int) -> None:
    fitted = fit_to(body, space, language)
    if not fitted.was_cut or not fitted.text:
        return
    words = [place for place in break_opportunities(body, language) if body[place - 1].isalnum()]
    longer = [place for place in words if place > len(fitted.text)]
    if longer and words[0] < len(fitted.text):
        text = body[: longer[0]] + ELLIPSIS
        makes_a_tag = len(protected(text)) != len([s for s in protected(body) if s.end < len(text)])
        assert weighted_length(text) > space or makes_a_tag
