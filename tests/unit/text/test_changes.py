"""Which words of our own text were changed, in every script, without losing a character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text.changes import Kind, changes

WORDS = st.lists(
    st.sampled_from(["The", "report", " ", "\n", "is", "out", "รายงาน", "เผยแพร่", "报告", "#Tag", "https://a.org/x", "👩‍👩‍👧"]),
    max_size=12,
).map("".join)  # fmt: skip


def told(before: str, after: str, language: str = "en") -> list[tuple[str, str]]:
    return [(change.kind, change.text) for change in changes(before, after, language)]


@given(WORDS | st.text(max_size=40), WORDS | st.text(max_size=40))
def test_the_parts_give_both_texts_back(before: str, after: str) -> None:
    found = changes(before, after, "th")
    assert "".join(change.text for change in found if change.kind is not Kind.NEW) == before
    assert "".join(change.text for change in found if change.kind is not Kind.GONE) == after


@given(WORDS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert [change.kind for change in changes(text, text, "en")] in ([], [Kind.SAME])


def test_one_word_in_the_place_of_another_is_told_alone() -> None:
    assert told("The report is out.", "The study is out.") == [
        ("same", "The "),
        ("gone", "report"),
        ("new", "study"),
        ("same", " is out."),
    ]


@pytest.mark.parametrize(
    ("language", "before", "after", "gone", "new"),
    [
        ("th", "รายงานเผยแพร่แล้ววันนี้", "รายงานเผยแพร่แล้วพรุ่งนี้", "วัน", "พรุ่ง"),
        ("ar", "صدر تقرير المنتدى اليوم", "صدر تقرير المنتدى غداً", "اليوم", "غداً"),
    ],
)
def test_words_are_told_apart_as_the_language_writes_them(
    language: str, before: str, after: str, gone: str, new: str
) -> None:
    found = told(before, after, language)
    assert [text for kind, text in found if kind == "gone"] == [gone]
    assert [text for kind, text in found if kind == "new"] == [new]


def test_a_link_is_one_word() -> None:
    assert told("See https://a.org/x?a=1", "See https://a.org/x?a=2")[1:] == [
        ("gone", "https://a.org/x?a=1"),
        ("new", "https://a.org/x?a=2"),
    ]


def test_white_space_that_was_changed_is_told() -> None:
    assert ("new", "\n") in told("One. Two.", "One.\nTwo.")
