"""What an answer says, in any of X's shapes; nothing here needs it to be JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from bot.domain.outcomes import RateLimit

_GROUPS = ("x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour")
"""Header groups `-limit`, `-remaining`, `-reset` (X API notes, section 4; the last two are not documented, but seen)."""

_LONGEST_WAIT = timedelta(hours=25)
_DEFAULT_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint of an answer; what is missing is empty, or None for the code of the legacy form."""

    type: str
    detail: str
    code: int | None = None


def document(body: bytes) -> dict[str, Any] | None:
    """Read a JSON object; None if it is anything else."""
    found = _json(body)
    return found if isinstance(found, dict) else None


def problems(body: bytes) -> list[Problem]:
    """Read the complaints of a body: problem JSON, the legacy `errors` list, `{code, message}` (X API notes, section 3)."""
    return [problem for item in _items(_json(body)) if (problem := _problem(item))]


def words(status: int, body: bytes) -> str:
    """Say what X said: its own words, or the status's name."""
    said = dict.fromkeys(problem.detail for problem in problems(body) if problem.detail)
    if said:
        return " / ".join(said)
    known = status in HTTPStatus.__members__.values()
    return f"{HTTPStatus(status).phrase}, no reason given" if known else "no reason given"


def server_date(headers: Mapping[str, str]) -> datetime | None:
    """Read the `Date` header as UTC; None if there is none that can be read."""
    try:
        date = parsedate_to_datetime(headers.get("date", ""))
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """Read the limit of the call; None unless all three headers can be read."""
    limit, remaining = _number(headers, "x-rate-limit-limit"), _number(headers, "x-rate-limit-remaining")
    reset = _instant(headers, "x-rate-limit-reset")
    if limit is None or remaining is None or reset is None:
        return None
    return RateLimit(limit, remaining, reset)


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """Give the time, by our clock, from which X takes requests again: the latest reset of what is used up.

    Resets are times of X's clock, so its `Date` says how far off they are. One that is past, or further off than any of X's
    windows, counts for nothing; without one it is a quarter of an hour.
    """
    its_now = server_date(headers) or now
    used_up = [group for group in _GROUPS if _number(headers, f"{group}-remaining") == 0]
    resets = [_instant(headers, f"{group}-reset") for group in used_up]
    left = [reset - its_now for reset in resets if reset and its_now < reset <= its_now + _LONGEST_WAIT]
    return now + max(left, default=_DEFAULT_WAIT)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _items(found: object) -> Iterator[dict[str, Any]]:
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, dict):
            yield item
            errors = item.get("errors")
            if isinstance(errors, list):
                yield from (error for error in errors if isinstance(error, dict))


def _problem(item: dict[str, Any]) -> Problem | None:
    kind = _string(item, "type")
    detail = _string(item, "detail") or _string(item, "message") or _string(item, "title")
    code = item.get("code")
    number = code if isinstance(code, int) else None
    return Problem(kind, detail, number) if kind or detail or number is not None else None


def _string(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _instant(headers: Mapping[str, str], name: str) -> datetime | None:
    seconds = _number(headers, name)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
