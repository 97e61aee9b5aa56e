"""The posts of a thread."""

from __future__ import annotations

import pytest

from bot.domain.text.thread import split_thread


def test_a_line_of_three_dashes_parts_the_posts() -> None:
    assert split_thread("One.\n---\nTwo.\n\nStill two.\n\n --- \t\n\nThree.\n") == [
        "One.",
        "Two.\n\nStill two.",
        "Three.",
    ]


def test_a_text_without_a_divider_is_one_post() -> None:
    assert split_thread(" One. \n") == ["One."]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_do_as_well(line_end: str) -> None:
    assert split_thread(f"One.{line_end}---{line_end}Two.") == ["One.", "Two."]


@pytest.mark.parametrize("text", ["a --- b", "----", "--", "a\n---b", "—", "- - -"])
def test_dashes_that_are_not_alone_on_a_line_or_not_three_part_nothing(text: str) -> None:
    assert split_thread(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\nOne.", ["", "One."]),
        ("One.\n---", ["One.", ""]),
        ("One.\n---\n\n---\nTwo.", ["One.", "", "Two."]),
    ],
)
def test_an_empty_part_is_handed_on_so_that_the_author_hears_of_it(text: str, parts: list[str]) -> None:
    assert split_thread(text) == parts
