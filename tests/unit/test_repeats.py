"""Names that stand twice in a file are found with the place of the first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.repeats import repeats


def test_each_later_place_is_told_with_the_first_one() -> None:
    assert repeats(["a", "b", "a", "c", "a", "b"], lambda name: name) == {2: 0, 4: 0, 5: 1}


def test_names_of_which_the_hashes_collide_are_not_the_same() -> None:
    assert hash(-1) == hash(-2)
    assert repeats([-1, -2, -1], lambda name: name) == {2: 0}


@given(names=st.lists(st.text(max_size=2)))
def test_what_is_told_is_what_a_look_back_finds(names: list[str]) -> None:
    expected = {place: names.index(name) for place, name in enumerate(names) if names.index(name) < place}
    assert repeats(names, lambda name: name) == expected
