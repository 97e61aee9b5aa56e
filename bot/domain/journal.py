"""The journal's chain: each row carries the hash of the one before (design, sections 1 and 2)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


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
    """The first row at which the chain does not hold, and in what way."""

    seq: int
    what: str


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
    row = [seq, at.isoformat(), actor, event, announcement_id, data, previous]
    text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(events: Iterable[Event], *, head: str | None = None) -> Break | None:
    """Walk the chain from its first row; None when all of it holds.

    `head`: a hash noted down earlier that must be in the chain; without it a cut tail cannot be seen.
    """
    previous, seq, seen_head = GENESIS, 0, head is None
    for event in events:
        if event.seq != seq + 1:
            what = f"row {seq + 1} is missing" if event.seq > seq + 1 else "the row stands twice"
            return Break(event.seq, what)
        if event.previous != previous:
            return Break(event.seq, "it does not follow the row before: a row was changed, swapped or put in")
        if event.hash != hash_of(event):
            return Break(event.seq, "its content was changed")
        previous, seq = event.hash, event.seq
        seen_head = seen_head or event.hash == head
    if not seen_head:
        return Break(
            seq + 1, "the head that was noted down is not in it: the tail was cut or the journal replaced"
        )
    return None


def hash_of(event: Event) -> str:
    """Compute the hash that a row should carry."""
    return event_hash(seq=event.seq, at=event.at, actor=event.actor, event=event.event,
                      announcement_id=event.announcement_id, data=event.data, previous=event.previous)  # fmt: skip
