"""What a file said of an announcement when it changed it last: the log keeps it, so that an old file undoes no later edit."""

from __future__ import annotations

import json
from typing import Any

from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Record, record_data

_TIMES = ("due", "embargo", "expires")


def imported_data(record: Record, where: str) -> dict[str, Any]:
    """Give what the log keeps of a change that came with a file; nothing of one by hand."""
    return {"where": where, "record": record_data(record)} if where else {}


def says_what_it_said(tx: Transaction, known: Announcement, record: Record) -> bool:
    """Tell whether a record that is not the known one is what a file said last: then the queue was edited since."""
    last = _last_imported(tx, known.id)
    if last is None:
        return False
    said, there = _as_kept(record), _as_kept(known.record)
    # The key is the queue's; a time that is the known one was given the words that the queue has for it.
    return all(
        said[name] == last.get(name) or (name in _TIMES and said[name] == there[name])
        for name in said
        if name != "key"
    )


def _last_imported(tx: Transaction, number: int) -> dict[str, Any] | None:
    last = None
    for event in tx.journal.events(announcement_id=number):
        if event.event in ("intake", "edit") and event.data.get("where") and "record" in event.data:
            last = event.data["record"]
    return last if isinstance(last, dict) else None


def _as_kept(record: Record) -> dict[str, Any]:
    """Give a record's fields as the log gives them back."""
    kept: dict[str, Any] = json.loads(json.dumps(record_data(record)))
    return kept
