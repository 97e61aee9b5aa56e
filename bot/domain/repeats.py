"""Names that stand twice in a file, found without keeping all names of a long one in memory."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def repeats(items: Sequence[T], name_of: Callable[[T], Hashable]) -> Mapping[int, int]:
    """Tell which items have the name of an earlier one: place → first place of that name.

    Eight bytes an item are kept; only where two of them are the same are the items gone through again.
    """
    marks = array("q", (hash(name_of(item)) for item in items))
    twice = {one for one, next_ in pairwise(sorted(marks)) if one == next_}
    first: dict[Hashable, int] = {}
    found = {}
    if twice:
        for place, item in enumerate(items):
            if marks[place] in twice and first.setdefault(name_of(item), place) != place:
                found[place] = first[name_of(item)]
    return found
