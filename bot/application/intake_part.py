"""A part of a large file on its way into the queue: what is known of it is asked, and what is new written, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.application.ports.announcements import NewAnnouncement
from bot.application.ports.journal import Entry
from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Record

AT_ONCE = 500
"""Records that are looked up and written together."""

T = TypeVar("T")


def in_parts(items: Sequence[T]) -> Iterator[list[T]]:
    """Give many items some hundreds at a time, so that a part of them alone is in memory."""
    part: list[T] = []
    for item in items:
        part.append(item)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be queued, where it stands, what the log says of it, and what people should know of it."""

    new: NewAnnouncement
    where: str
    data: Mapping[str, Any]
    told: tuple[str, ...] = ()


@dataclass(slots=True)
class Part:
    """Records that stand next to each other in a file; `names` are their campaigns and keys.

    Of a record that stands alone nothing in the queue depends, and it depends on nothing there: such drafts wait and are
    written together.
    """

    tx: Transaction
    names: Sequence[tuple[str, str]]
    _known: dict[tuple[str, str], Announcement] = field(default_factory=dict)
    _originals: set[tuple[str, str]] = field(default_factory=set)
    _waiting: list[Draft] = field(default_factory=list)

    def __post_init__(self) -> None:
        for source in {source for source, _ in self.names}:
            keys = [key for other, key in self.names if other == source]
            found = self.tx.announcements.by_keys(source, keys)
            self._known.update({(source, key): each for key, each in found.items()})
            self._originals.update((source, key) for key in self.tx.announcements.translated(source, keys))

    def known(self, record: Record, key: str) -> Announcement | None:
        """Give what was in the queue under the record's key when the part began; without its approvals."""
        return self._known.get((record.campaign, key))

    def stands_alone(self, record: Record, key: str) -> bool:
        """Tell whether the queue says nothing about a record: its key is new, and it has no family there."""
        name = (record.campaign, key)
        return not record.translation_of and name not in self._known and name not in self._originals

    def will_have(self, record: Record) -> None:
        """Note that a record was queued by itself: its original does not stand alone any more."""
        if record.translation_of:
            self._originals.add((record.campaign, record.translation_of))

    def put(self, draft: Draft) -> None:
        """Have a draft that stands alone written with the next."""
        self._waiting.append(draft)

    def written(self) -> list[tuple[Draft, int]]:
        """Write the drafts that wait; gives each with its number."""
        waiting, self._waiting = self._waiting, []
        written = list(
            zip(waiting, self.tx.announcements.add_all([each.new for each in waiting]), strict=True)
        )
        self.tx.journal.append_all(
            Entry("intake", draft.new.at, draft.new.author, number, draft.data) for draft, number in written
        )
        return written
