"""What bounds the time of an announcement, as it is shown: its embargo, and when it expires."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from bot.domain.walltime import show
from bot.entrypoints.cli import embargo

if TYPE_CHECKING:
    from bot.domain.announcement import Due, Embargo


def keys(floor: Embargo | None, expires: Due | None) -> dict[str, Any]:
    """Give the keys in JSON, with every announcement, card and row of the log."""
    at = expires.at.astimezone(UTC).isoformat().replace("+00:00", "Z") if expires else None
    return {**embargo.keys(floor), "expires_at": at, "expires": show(expires) if expires else None}


def marks(floor: Embargo | None, expires: Due | None) -> str:
    """Say in a few words which there are, for a cell of a table."""
    return "; ".join(filter(None, [embargo.mark(floor), "expires" if expires else ""]))
