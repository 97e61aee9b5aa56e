"""The columns of an announcement that hold its embargo, and who lifts it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row

from bot.adapters.store.schema import announcements
from bot.domain.announcement import Due, Embargo, Lift

_a = announcements.c

LIFT_ASKED: ColumnElement[bool] = _a.embargo_asked_by.is_not(None) & _a.embargo_lifted_by.is_(None)
"""One person asked to lift it, and nobody has joined in yet."""


def embargo_values(embargo: Embargo | None) -> dict[str, Any]:
    """Give the value of each column."""
    until = embargo.until if embargo else None
    return {
        "embargo_wall": until.wall if until else None,
        "embargo_zone": until.zone if until else None,
        "embargo_at": until.at if until else None,
        "embargo_fixed": until.fixed if until else None,
        **_lift_values("asked", embargo.asked if embargo else None),
        **_lift_values("lifted", embargo.lifted if embargo else None),
    }


def embargo_of(row: Row[Any]) -> Embargo | None:
    """Read it from a row of the table."""
    if row.embargo_at is None:
        return None
    until = Due(row.embargo_wall, row.embargo_zone, row.embargo_at, row.embargo_fixed)
    asked = _lift(row.embargo_asked_by, row.embargo_asked_at, row.embargo_asked_reason)
    return Embargo(
        until, asked, _lift(row.embargo_lifted_by, row.embargo_lifted_at, row.embargo_lifted_reason)
    )


def _lift_values(deed: str, lift: Lift | None) -> dict[str, Any]:
    return {
        f"embargo_{deed}_by": lift.by if lift else None,
        f"embargo_{deed}_at": lift.at if lift else None,
        f"embargo_{deed}_reason": lift.reason if lift else None,
    }


def _lift(by: str | None, at: Any, reason: str | None) -> Lift | None:
    return Lift(by, at, reason or "") if by is not None else None
