"""The columns of an announcement that say which occurrence of which series it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from bot.domain.announcement import Occurrence


def occurrence_values(occurrence: Occurrence | None) -> dict[str, Any]:
    """Give the value of each column."""
    return {
        "series": occurrence.series if occurrence else None,
        "occurrence": occurrence.wall if occurrence else None,
        "series_wrote": occurrence.written if occurrence else None,
    }


def occurrence_of(row: Row[Any]) -> Occurrence | None:
    """Read it from a row of the table."""
    return None if row.series is None else Occurrence(row.series, row.occurrence, row.series_wrote)
