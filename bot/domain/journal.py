"""The journal's chain: each row carries the hash of the one before (design, sections 1 and 2)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.errors import UsageError

GENESIS = "0" * 64

_HEAD = re.compile(r"(?:(?P<seq>[1-9][0-9]{0,17}):)?(?P<hash>[0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the journal. `seq` counts from 1 without a gap; `data` is JSON."""

    seq: int
    at: datetime
    actor: str
    event: str
    announcement_id: int | None
    data: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Something that does not hold: the row that gives it away, None if none does, and what is wrong."""

    seq: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.seq is None else f"row {self.seq}: {self.what}"


@dataclass(frozen=True, slots=True)
class Head:
    """The last row of the journal at some time, as somebody noted it down; `seq` is None if only the hash was."""

    hash: str
    seq: int | None = None

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read `HASH` or `ROW:HASH`. Raises UsageError."""
        found = _HEAD.fullmatch(text.strip().lower())
        if found is None:
            raise UsageError(
                f"{text!r} is no head: give the hash (64 hex digits), or ROW:HASH as a notice does"
            )
        return cls(found["hash"], int(found["seq"]) if found["seq"] else None)

    def __str__(self) -> str:
        return self.hash if self.seq is None else f"{self.seq}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Restored:
    """A copy was put back at row `seq`; `replaced` names the file that holds the log as it was before."""

    seq: int
    replaced: str


def event_hash(  # noqa: PLR0913 - a row has so many fields
    *,
    seq: int,
    at: datetime,
    actor: str,
    event: str,
    announcement_id: int | None,
    data: Mapping[str, Any],
    previous: str,
) -> str:
    """Hash one row: SHA-256 over its fields in canonical JSON, with the hash of the row before."""
    before = [seq, at.isoformat(), actor, event, announcement_id]
    return written_hash(before, _canonical(data), previous)


def written_hash(before: Sequence[Any], data: str, previous: str) -> str:
    """Hash one row whose data are in canonical JSON already; `before` are the fields before them, as JSON has them."""
    text = f"{_canonical(before).removesuffix(']')},{data},{_canonical(previous)}]"
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def hash_of(event: Event, *, seq: int | None = None) -> str:
    """Compute the hash that a row should carry; with `seq` the one it would carry under another number."""
    return event_hash(seq=event.seq if seq is None else seq, at=event.at, actor=event.actor, event=event.event,
                      announcement_id=event.announcement_id, data=event.data, previous=event.previous)  # fmt: skip


@dataclass(slots=True)
class HeadSought:
    """Looks for a head that was noted down, while the rows go by."""

    head: Head
    last: int = 0
    found: bool = False
    another: bool = False
    restored: list[Restored] = field(default_factory=list)

    def take(self, event: Event) -> None:
        """Look at one row."""
        self.last = max(self.last, event.seq)
        self.found = self.found or event.hash == self.head.hash
        self.another = self.another or event.seq == self.head.seq
        if event.event == "restored":
            self.restored.append(Restored(event.seq, str(event.data.get("replaced") or "")))

    def breaks(self) -> Iterator[Break]:
        """Say what became of it, if it was not there."""
        if self.found:
            return
        lost = [each for each in self.restored if self.head.seq is None or each.seq <= self.head.seq]
        if lost:
            yield Break(lost[-1].seq, _why_it_was_put_back(lost[-1]))
        elif self.head.seq is None:
            what = "the head that was noted down is not in it: the tail was cut off or the journal replaced"
            yield Break(self.last + 1, what)
        elif self.another:
            what = "it is another row than the one noted down: the journal was replaced, or written anew before it"
            yield Break(self.head.seq, what)
        else:
            what = f"the tail was cut off: the head that was noted down is row {self.head.seq}"
            yield Break(self.last + 1, what)


def _why_it_was_put_back(restored: Restored) -> str:
    where = (
        f"; {restored.replaced} holds the log as it was before, check the head there"
        if restored.replaced
        else ""
    )
    return f"the head that was noted down is not in it: an older copy was put back here{where}"


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
