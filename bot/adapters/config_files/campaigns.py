"""A campaign's file; its stem is the campaign's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.adapters.config_files.accounts import read_handle
from bot.adapters.config_files.bounds import read_bounds
from bot.adapters.config_files.house_rules import read_house_rules
from bot.adapters.config_files.public_holidays import read_public_holidays
from bot.adapters.config_files.slots import quiet_hours, read_dates, read_slots
from bot.adapters.config_files.table import Table
from bot.domain.campaign import Approval, Campaign, OnLate
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
    "jitter",
    "quiet_hours",
    "holidays",
    "holiday_countries",
    "max_a_day",
    "start",
    "end",
    "late_window",
    "on_late",
    "approval",
    "min_gap",
    "variables",
    "handles",
    "lint",
    "languages",
)
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
    quiet = file.parsed("quiet_hours", quiet_hours, None)
    zone = file.parsed("timezone", lambda text: zone_rules(text).key, defaults.timezone)
    start, end = read_bounds(file, zone)
    approval = file.choice("approval", Approval, defaults.approval)
    return Campaign(
        name=name,
        account=file.text("account"),
        template=file.text("template"),
        timezone=zone,
        hashtag=file.parsed("hashtag", _hashtag, ""),
        language=file.parsed("language", _language, "en"),
        slots=tuple(read_slots(file, quiet)),
        quiet_hours=quiet,
        holidays=frozenset(read_dates(file, "holidays")),
        public_holidays=read_public_holidays(file),
        max_a_day=file.count("max_a_day", 1) if "max_a_day" in file else None,
        start=start,
        end=end,
        late_window=file.duration("late_window", defaults.late_window),
        on_late=file.choice("on_late", OnLate, defaults.on_late),
        approval=max(approval, defaults.approval, key=lambda policy: policy.needed),
        min_gap=file.duration("min_gap", defaults.min_gap),
        variables=_variables(file),
        handles=_handles(file),
        lint=read_house_rules(file.table("lint"), read_lists),
        languages=tuple(_languages(file)),
    )


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
    table = file.table("variables")
    found = {}
    for name in table:
        if not _VARIABLE.fullmatch(name):
            raise file.wrong(f"variables.{name}", "cannot be a name in a template: use letters, digits and _")
        value = table.raw(name)
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        found[name] = str(value) if is_day else table.text(name, "")
    return found


def _handles(file: Table) -> dict[str, str]:
    table = file.table("handles")
    return {name: table.parsed(name, read_handle, "") for name in table}
