"""A campaign's file; its stem is the campaign's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.adapters.config_files.accounts import read_handle
from bot.adapters.config_files.house_rules import read_house_rules
from bot.adapters.config_files.table import Table
from bot.domain.campaign import Approval, Campaign, OnLate, QuietHours, Slot
from bot.domain.errors import InputError
from bot.domain.lint.house import WordLists
from bot.domain.walltime import zone_rules

KEYS = (
    "account",
    "template",
    "hashtag",
    "timezone",
    "language",
    "slots",
    "quiet_hours",
    "holidays",
    "late_window",
    "on_late",
    "approval",
    "min_gap",
    "variables",
    "handles",
    "lint",
    "languages",
)
SLOT_KEYS = ("days", "times")

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the settings say; a campaign's own value wins, but the stricter approval wins (design, section 8)."""

    timezone: str = "UTC"
    late_window: timedelta = timedelta(minutes=60)
    on_late: OnLate = OnLate.HOLD
    approval: Approval = Approval.ONE
    min_gap: timedelta = timedelta(0)


def read_campaign(
    name: str, file: Table, defaults: Defaults, read_lists: Callable[[str], WordLists]
) -> Campaign:
    """Read one campaign; `read_lists` reads a file beside it. Raises InputError for the first key that is wrong."""
    file.refuse_unknown(KEYS)
    quiet = file.parsed("quiet_hours", _quiet_hours, None)
    approval = file.choice("approval", Approval, defaults.approval)
    return Campaign(
        name=name,
        account=file.text("account"),
        template=file.text("template"),
        timezone=file.parsed("timezone", lambda text: zone_rules(text).key, defaults.timezone),
        hashtag=file.parsed("hashtag", _hashtag, ""),
        language=file.parsed("language", _language, "en"),
        slots=tuple(_slots(file, quiet)),
        quiet_hours=quiet,
        holidays=frozenset(_holidays(file)),
        late_window=file.duration("late_window", defaults.late_window),
        on_late=file.choice("on_late", OnLate, defaults.on_late),
        approval=max(approval, defaults.approval, key=lambda policy: policy.needed),
        min_gap=file.duration("min_gap", defaults.min_gap),
        variables=_variables(file),
        handles=_handles(file),
        lint=read_house_rules(file.table("lint"), read_lists),
        languages=tuple(_languages(file)),
    )


def _slots(file: Table, quiet: QuietHours | None) -> Iterator[Slot]:
    for number, entry in enumerate(file.array("slots"), 1):
        key = f"slots[{number}]"
        if isinstance(entry, dict):
            table = Table(entry, where=file.where, prefix=f"{key}.")
            table.refuse_unknown(SLOT_KEYS)
            weekdays = frozenset(_days(table))
            times = [_time(table, f"times[{place}]", value) for place, value in enumerate(_times(table), 1)]
        else:
            weekdays, times = frozenset(range(7)), [_time(file, key, entry)]
        for at in times:
            if quiet is not None and quiet.holds(at):
                raise file.wrong(
                    key, f"{at:%H:%M} lies in the quiet hours and would never be used: move one of them"
                )
            yield Slot(at, weekdays)


def _times(table: Table) -> list[object]:
    times = table.array("times")
    if not times:
        raise table.wrong("times", 'is missing: write times = ["09:00"]')
    return times


def _days(table: Table) -> Iterator[int]:
    if "days" not in table:
        yield from range(7)
    for number, value in enumerate(table.array("days"), 1):
        word = value.lower() if isinstance(value, str) else ""
        found = [day for day, name in enumerate(_DAYS) if word in (name, name[:3])]
        if not found:
            raise table.wrong(
                f"days[{number}]", f"'{value}' is not a day: write mon, tue, wed, thu, fri, sat or sun"
            )
        yield from found


def _time(table: Table, key: str, value: object) -> time:
    if isinstance(value, time):
        return value
    try:
        return _clock(value if isinstance(value, str) else "")
    except InputError:
        raise table.wrong(key, f"'{value}' is not a time of day: write it as \"09:00\"") from None


def _clock(text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise InputError(f"'{text[:40]}' is not a time of day: write it as 09:00")
    return time(int(found[1]), int(found[2]))


def _quiet_hours(text: str) -> QuietHours | None:
    start, dash, end = text.replace("–", "-").partition("-")
    if not dash:
        raise InputError(f"'{text[:40]}' is not a span of hours: write it as 22:00-07:00")
    quiet = QuietHours(_clock(start), _clock(end))
    if quiet.start == quiet.end:
        raise InputError(f"'{text}' ends when it starts: write it as 22:00-07:00, or leave the key out")
    return quiet


def _holidays(file: Table) -> Iterator[date]:
    for number, value in enumerate(file.array("holidays"), 1):
        if isinstance(value, date) and not isinstance(value, datetime):
            yield value
            continue
        try:
            yield date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError:
            raise file.wrong(
                f"holidays[{number}]", f"'{value}' is not a date: write it as 2026-12-10"
            ) from None


def _hashtag(text: str) -> str:
    word = text.removeprefix("#")
    # What X takes for a hashtag: letters, digits and _ with at least one letter; marks are part of Thai words.
    if not re.fullmatch(r"(?![0-9_]+$)[^\s#@!-/:-?\[-^`{-~]+", word):
        raise InputError(
            f"'{text[:40]}' is not a hashtag: one word of letters and digits, such as RSOtenyears"
        )
    return word


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise InputError(f"'{text[:40]}' is not a language: write a code such as en or th")
    return text.replace("_", "-")


def _languages(file: Table) -> Iterator[str]:
    for number, value in enumerate(file.array("languages"), 1):
        try:
            yield _language(value if isinstance(value, str) else "")
        except InputError:
            raise file.wrong(
                f"languages[{number}]", f"'{value}' is not a language: write a code such as en or th"
            ) from None


def _variables(file: Table) -> dict[str, str]:
    found = file.texts("variables")
    for name in found:
        if not _VARIABLE.fullmatch(name):
            raise file.wrong(f"variables.{name}", "cannot be a name in a template: use letters, digits and _")
    return found


def _handles(file: Table) -> dict[str, str]:
    table = file.table("handles")
    return {name: table.parsed(name, read_handle, "") for name in table}
