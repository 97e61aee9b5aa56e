"""How a campaign is shown: its keys in JSON, and its slots and bounds in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.durations import format_duration
from bot.entrypoints.cli import shapes

if TYPE_CHECKING:
    from bot.domain.campaign import Campaign, Slot

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def keys(each: Campaign) -> dict[str, Any]:
    """Give its keys, with what the settings add."""
    quiet = each.quiet_hours
    return {
        "name": each.name,
        "account": each.account,
        "template": each.template,
        "hashtag": each.hashtag,
        "timezone": each.timezone,
        "language": each.language,
        "languages": list(each.languages),
        "slots": [_slot(slot) for slot in each.slots],
        "quiet_hours": f"{quiet.start:%H:%M}-{quiet.end:%H:%M}" if quiet else None,
        "holidays": [str(day) for day in sorted(each.holidays)],
        "holiday_countries": list(each.public_holidays.countries),
        "max_a_day": each.max_a_day,
        "start_at": shapes.instant(each.start.at) if each.start else None,
        "start": shapes.shown(each.start) if each.start else None,
        "end_at": shapes.instant(each.end.at) if each.end else None,
        "end": shapes.shown(each.end) if each.end else None,
        "late_window": format_duration(each.late_window),
        "on_late": each.on_late,
        "approval": each.approval,
        "min_gap": format_duration(each.min_gap),
        "variables": dict(each.variables),
        "handles": dict(each.handles),
    }


def slots(each: Campaign) -> str:
    """Say when its slots are, those of the same days together."""
    by_days: dict[str, list[str]] = {}
    for slot in each.slots:
        jitter = f" (+{format_duration(slot.jitter)})" if slot.jitter else ""
        by_days.setdefault(_days(slot), []).append(f"{slot.at:%H:%M}{jitter}")
    return "; ".join(f"{days} {' '.join(times)}" for days, times in by_days.items())


def bounds(each: Campaign) -> str:
    """Say from when to when it runs, and how much of it goes out a day."""
    said = [
        f"from {each.start.wall:%Y-%m-%d %H:%M}" if each.start else "",
        f"until {each.end.wall:%Y-%m-%d %H:%M}" if each.end else "",
        f"{each.max_a_day} a day" if each.max_a_day is not None else "",
    ]
    return " ".join(filter(None, said))


def _slot(slot: Slot) -> dict[str, Any]:
    days = [] if slot.dates else [DAYS[day].lower() for day in sorted(slot.weekdays)]
    return {
        "time": f"{slot.at:%H:%M}",
        "days": days,
        "dates": [str(day) for day in sorted(slot.dates)],
        "jitter": format_duration(slot.jitter),
    }


def _days(slot: Slot) -> str:
    if slot.dates:
        return " ".join(str(day) for day in sorted(slot.dates))
    return "daily" if len(slot.weekdays) == 7 else " ".join(DAYS[day] for day in sorted(slot.weekdays))
