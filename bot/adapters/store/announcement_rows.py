"""An announcement as a row of its table: the values that are written, and what is read of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from bot.adapters.store.embargoes import embargo_of, embargo_values
from bot.adapters.store.filters import searchable
from bot.adapters.store.occurrences import occurrence_of, occurrence_values
from bot.application.ports.announcements import NewAnnouncement
from bot.domain.announcement import Announcement, Approved, Due, Embargo, Held, Record
from bot.domain.states import HeldReason, State


def values_of(new: NewAnnouncement) -> dict[str, Any]:
    """Give the value of each column of a new draft."""
    return {
        "source": new.source,
        "key": new.key,
        "account": new.account,
        "state": State.DRAFT,
        "author": new.author,
        "corrects": new.corrects,
        **occurrence_values(new.occurrence),
        "created_at": new.at,
        "updated_at": new.at,
        "revision": 1,
        "epoch": 0,
        "words_revision": 1,
        **record_values(new.record, new.key),
        **due_values(new.due),
        **embargo_values(Embargo(new.embargo) if new.embargo else None),
        **expires_values(new.expires),
    }


def due_values(due: Due | None) -> dict[str, Any]:
    """Give the value of each column of its time."""
    if due is None:
        return {"due_wall": None, "due_zone": None, "due_at": None, "due_fixed": False}
    return {"due_wall": due.wall, "due_zone": due.zone, "due_at": due.at, "due_fixed": due.fixed}


def expires_values(expires: Due | None) -> dict[str, Any]:
    """Give the value of each column of when it expires."""
    return {
        "expires_wall": expires.wall if expires else None,
        "expires_zone": expires.zone if expires else None,
        "expires_at": expires.at if expires else None,
        "expires_fixed": expires.fixed if expires else None,
    }


def _expires_of(row: Row[Any]) -> Due | None:
    if row.expires_at is None:
        return None
    return Due(row.expires_wall, row.expires_zone, row.expires_at, row.expires_fixed)


def record_values(record: Record, key: str) -> dict[str, Any]:
    """Give the value of each column that follows from the record."""
    return {
        "record": record,
        "campaign": record.campaign,
        "family": record.translation_of,
        "search": searchable(key, record.title, record.body),
    }


def announcement_of(row: Row[Any], approved: tuple[Approved, ...]) -> Announcement:
    """Read one from its row."""
    held: HeldReason | None = row.held_reason
    return Announcement(
        id=row.id,
        key=row.key,
        record=row.record,
        account=row.account,
        state=row.state,
        due=Due(row.due_wall, row.due_zone, row.due_at, row.due_fixed) if row.due_at else None,
        author=row.author,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision=row.revision,
        epoch=row.epoch,
        digest=row.digest,
        held=Held(held, row.held_detail) if held else None,
        released_at=row.released_at,
        approvals=approved,
        embargo=embargo_of(row),
        expires=_expires_of(row),
        words_revision=row.words_revision,
        original_revision=row.original_revision,
        corrects=row.corrects,
        occurrence=occurrence_of(row),
    )
