"""Many values, kept out of memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Spool(Protocol):
    """Keeps many values for as long as somebody uses them; `list` is one that keeps them in memory."""

    def __call__(self, items: Iterable[T]) -> Sequence[T]:
        """Take all values and give them as a sequence, equal ones in the same order.

        Whatever the giving of values raises goes on to the caller. Raises Unreachable if there is no room for them.
        """
        ...
