"""How an embargo is shown: its keys in JSON, and its words for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.embargo import lifted_by
from bot.domain.walltime import show

if TYPE_CHECKING:
    from bot.domain.announcement import Embargo


def keys(embargo: Embargo | None) -> dict[str, Any]:
    """Give its keys; with every announcement, card and row of the log, so that all of them are marked in the same way."""
    asked = embargo.asked if embargo else None
    lifted = embargo.lifted if embargo else None
    return {
        "embargo_at": _instant(embargo.until.at) if embargo else None,
        "embargo": show(embargo.until) if embargo else None,
        "embargo_lift_asked_by": asked.by if asked else None,
        "embargo_lift_asked_at": _instant(asked.at) if asked else None,
        "embargo_lifted_by": list(lifted_by(embargo)),
        "embargo_lifted_at": _instant(lifted.at) if lifted else None,
    }


def told(embargo: Embargo) -> str:
    """Say until when it holds, and who wants it lifted or has lifted it."""
    if embargo.lifted:
        who = " and ".join(lifted_by(embargo))
        return f"{show(embargo.until)}, lifted by {who} at {_instant(embargo.lifted.at, whole=True)}"
    if embargo.asked:
        when = _instant(embargo.asked.at, whole=True)
        return f"until {show(embargo.until)}, lift asked by {embargo.asked.by} at {when}"
    return f"until {show(embargo.until)}"


def mark(embargo: Embargo | None) -> str:
    """Say in a word that there is one, for a cell of a table."""
    if embargo is None:
        return ""
    if embargo.lifted:
        return "embargo lifted"
    return f"embargo, lift asked by {embargo.asked.by}" if embargo.asked else "embargo"


def _instant(moment: datetime, *, whole: bool = False) -> str:
    moment = moment.astimezone(UTC).replace(microsecond=0) if whole else moment.astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")
