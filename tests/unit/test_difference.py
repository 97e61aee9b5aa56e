"""In which words a post on the channel differs from ours."""

from __future__ import annotations

import pytest

from bot.domain.text.difference import MOST, differences


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ("The same.", "The same.", ()),
        ("A & B", "A &amp; B", ()),
        ("caf\u00e9  now", "cafe\u0301 now", ()),
        ("88 delgates came", "88 delegates came", (("delgates", "delegates"),)),
        ("All of it is out.", "It is out.", (("All of it", "It"),)),
        ("Out.", "Out. Update: postponed.", (("", "Update: postponed."),)),
        ("Out. Really.", "Out.", (("Really.", ""),)),
    ],
)
def test_what_differs_is_told_word_by_word_and_what_x_rewrites_is_not(
    ours: str, theirs: str, told: tuple[tuple[str, str], ...]
) -> None:
    assert differences(ours, theirs) == told


def test_a_text_that_differs_everywhere_is_not_told_to_its_end() -> None:
    ours = " ".join(f"same {number}" for number in range(50))
    theirs = " ".join(f"same x{number}" for number in range(50))
    assert len(differences(ours, theirs)) == MOST
