"""The campaign's hashtag, exactly once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import InputError
from bot.domain.text.hashtag import ensure_once, occurrences, tag_of, without_hashtag

TAG = "#RSOtenyears"


@pytest.mark.parametrize("name", ["RSOtenyears", "#RSOtenyears", " ＃RSOtenyears "])
def test_a_hashtag_is_named_with_or_without_its_sign(name: str) -> None:
    assert tag_of(name) == TAG


@pytest.mark.parametrize("name", ["", "#", "10", "two words", "a-b", "a#b", "x.com/#a"])
def test_what_x_takes_for_no_hashtag_is_refused_with_the_remedy(name: str) -> None:
    with pytest.raises(InputError, match=r"^hashtag: X takes .* for no hashtag; use letters"):
        tag_of(name)


def test_it_is_found_in_any_case_but_not_as_part_of_another() -> None:
    text = "#rsotenyears #RSOTENYEARS #RSOtenyears2 RSOtenyears"
    assert [span.value for span in occurrences(text, TAG)] == ["rsotenyears", "RSOTENYEARS"]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("Out now. #RSOtenyears", "Out now."),
        ("Out now #rsotenyears", "Out now"),
        ("Out now. #RSOtenyears #BaliProcess", "Out now. #BaliProcess"),
        ("Out now. #BaliProcess #RSOtenyears", "Out now. #BaliProcess"),
        ("Out now. #RSOtenyears https://example.com", "Out now. https://example.com"),
        ("Out now.\n\n#RSOtenyears", "Out now."),
        ("Out now.\n\n#RSOtenyears\n\nRead it.", "Out now.\n\nRead it."),
        ("Out now. #RSOtenyears\nRead it.", "Out now.\nRead it."),
        ("#RSOtenyears\nOut now.", "Out now."),
        ("#RSOtenyears #BaliProcess\nOut now.", "#BaliProcess\nOut now."),
        ("#RSOtenyears", ""),
        ("#RSOtenyears #RSOtenyears", ""),
    ],
)
def test_a_hashtag_that_only_tags_is_dropped(body: str, left: str) -> None:
    assert without_hashtag(body, TAG) == left


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("Ten years of #RSOtenyears work", "Ten years of RSOtenyears work"),
        ("Join us for #RSOtenyears.", "Join us for RSOtenyears."),
        ("#rsotenyears: the report is out", "rsotenyears: the report is out"),
        ("We celebrate #RSOtenyears\nin Bangkok", "We celebrate RSOtenyears\nin Bangkok"),
        ("รายงาน #RSOtenyears เผยแพร่แล้ว", "รายงาน RSOtenyears เผยแพร่แล้ว"),
    ],
)
def test_a_hashtag_within_a_sentence_becomes_the_plain_word(body: str, left: str) -> None:
    assert without_hashtag(body, TAG) == left


@pytest.mark.parametrize(
    ("text", "once"),
    [
        ("Out now.", "Out now. #RSOtenyears"),
        ("Out now.\n", "Out now.\n#RSOtenyears"),
        ("", "#RSOtenyears"),
        ("Ten years of #rsotenyears work", "Ten years of #RSOtenyears work"),
        ("Ten years of #RSOtenyears work. #RSOtenyears", "Ten years of #RSOtenyears work."),
        ("#RSOtenyears: ten years of #RSOtenyears", "#RSOtenyears: ten years of"),
    ],
)
def test_a_text_gets_it_once_in_the_spelling_of_the_campaign(text: str, once: str) -> None:
    assert ensure_once(text, "RSOtenyears") == once


PARTS = st.lists(
    st.sampled_from(
        [
            TAG,
            "#rsotenyears",
            "#Bali",
            "word",
            "word.",
            "รายงาน",
            "example.com/a",
            "\n",
            "\n\n",
            "&",
            "(",
            ")",
            "#",
        ]
    ),
    max_size=10,
).flatmap(lambda parts: st.sampled_from(["", " "]).map(lambda glue: glue.join(parts)))


@given(PARTS)
def test_it_is_there_once_or_not_at_all_whatever_the_text(text: str) -> None:
    assert len(occurrences(ensure_once(text, TAG), TAG)) == 1
    assert occurrences(without_hashtag(text, TAG), TAG) == []
    assert ensure_once(ensure_once(text, TAG), TAG) == ensure_once(text, TAG)


@given(PARTS)
def test_no_word_is_lost(text: str) -> None:
    assert without_hashtag(text, TAG).count("word") == text.count("word")
    if not occurrences(text, TAG):
        assert without_hashtag(text, TAG) == text


@pytest.mark.timeout(20)
def test_a_body_full_of_hashtags_keeps_nobody_waiting() -> None:
    assert occurrences(without_hashtag(f"a {TAG} " * 1_500, TAG), TAG) == []
