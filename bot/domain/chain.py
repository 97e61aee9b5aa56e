"""The walk along the journal's chain: what was done to it by somebody who writes past the program.

A row's hash covers its number. So a row that was moved still shows the number under which it was written, and what was
deleted, put in or swapped can be told from what was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.domain.journal import GENESIS, Break, Event, Head, HeadSought, hash_of

FARTHEST = 200
"""How many numbers away the original place of a row is looked for."""

MOST_SEARCHES = 200
"""For how many rows it is: in a journal of which every row was changed, the search would not end."""

CHANGED = "its content was changed after it was written"


def verify(events: Iterable[Event], *, head: Head | None = None) -> list[Break]:
    """Walk the chain from its first row and name everything that does not hold.

    `head`: a row noted down earlier that must be in the chain; without it a tail that was cut off cannot be seen.
    """
    sought = HeadSought(head) if head else None
    walk, found = _Walk(), list[Break]()
    for event, following in _with_the_next(events):
        if sought:
            sought.take(event)
        found += walk.step(event, following)
    return found + (list(sought.breaks()) if sought else [])


def _with_the_next(events: Iterable[Event]) -> Iterator[tuple[Event, Event | None]]:
    before: Event | None = None
    for event in events:
        if before is not None:
            yield before, event
        before = event
    if before is not None:
        yield before, None


@dataclass(slots=True)
class _Walk:
    """`last`: hash of the last row that belongs to the chain, None when that is not there; `moved`: by how much the rows from
    here on were numbered anew; `swapped`: places of rows that changed theirs with a later one; `ahead`: what a look at the next
    row found."""

    seq: int = 0
    last: str | None = GENESIS
    moved: int = 0
    searches: int = 0
    swapped: set[int] = field(default_factory=set)
    ahead: tuple[Event, int | None] | None = None

    def step(self, event: Event, following: Event | None) -> Iterator[Break]:
        """Take one row and the one after it; gives what does not hold."""
        if event.seq <= self.seq:
            first = "it was put in before the first row"
            yield Break(event.seq, first if event.seq < 1 else "the row stands twice")
            return
        gap, self.seq = event.seq - self.seq - 1, event.seq
        if gap:
            yield Break(event.seq - gap, _missing(event.seq - gap, gap))
            self.last = None
        origin = self._origin(event)
        if self._was_put_in(event, origin, following):
            yield Break(event.seq, f"it was put in: row {event.seq + 1} follows the one before it")
            self.moved -= 1
        elif origin is None:
            yield Break(event.seq, CHANGED)
            self._go_on_from_changed(event, following)
        else:
            yield from self._place(event, origin, following)
            yield from self._link(event, origin)

    def _was_put_in(self, event: Event, origin: int | None, following: Event | None) -> bool:
        if following is None or self.last is None or following.seq != event.seq + 1:
            return False
        swapped = origin == following.seq and event.previous == following.hash
        return following.previous == self.last and not swapped

    def _go_on_from_changed(self, event: Event, following: Event | None) -> None:
        """The next row follows what this one was, if its hash was left alone, or what it is, if that alone was changed."""
        known = following is not None and following.previous in (event.hash, hash_of(event))
        self.last = following.previous if following and known else event.hash

    def _place(self, event: Event, origin: int, following: Event | None) -> Iterator[Break]:
        """Say whether the row stands where it was written."""
        shift = origin - event.seq
        if shift == self.moved:
            return
        if origin in self.swapped or (following and self._shift_of_next(following) != shift):
            if origin not in self.swapped:
                yield Break(event.seq, f"rows {event.seq} and {origin} changed places")
            self.swapped.add(event.seq)
            return
        if shift > self.moved:
            missing = _missing(event.seq, shift - self.moved)
            yield Break(event.seq, f"{missing}, and those after it were numbered anew")
        else:
            yield Break(event.seq, f"it was written as row {origin}: rows were put in before it")
        self.moved, self.last = shift, None

    def _link(self, event: Event, origin: int) -> Iterator[Break]:
        """Say whether the row follows the one before it; nobody can tell of one that stands elsewhere."""
        if origin - event.seq != self.moved:
            self.last = None
            return
        if self.last is not None and event.previous != self.last:
            before = event.seq - 1
            what = f"it does not follow row {before}: that was changed and given a new hash, or put in another's place"
            yield Break(event.seq, what)
        self.last = event.hash

    def _shift_of_next(self, following: Event) -> int | None:
        self.ahead = (following, self._searched(following))
        origin = self.ahead[1]
        return None if origin is None else origin - following.seq

    def _origin(self, event: Event) -> int | None:
        """Find the number under which a row was written; None if its content was changed."""
        ahead, self.ahead = self.ahead, None
        return ahead[1] if ahead and ahead[0] is event else self._searched(event)

    def _searched(self, event: Event) -> int | None:
        for seq in (event.seq, event.seq + self.moved):
            if hash_of(event, seq=seq) == event.hash:
                return seq
        if self.searches == MOST_SEARCHES:
            return None
        self.searches += 1
        near = (event.seq + sign * step for step in range(1, FARTHEST + 1) for sign in (1, -1))
        return next((seq for seq in near if seq > 0 and hash_of(event, seq=seq) == event.hash), None)


def _missing(first: int, many: int) -> str:
    return "the row is missing" if many == 1 else f"rows {first} to {first + many - 1} are missing"
