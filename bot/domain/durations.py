"""Durations as people write them: `90s`, `15m`, `2h`, `1d` (design, section 8)."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.domain.errors import InputError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_SHAPE = re.compile(r"(\d+(?:\.\d+)?)([smhd])")


def parse_duration(text: str) -> timedelta:
    """Read `90s`, `15m`, `2h` or `1d`. Raises InputError."""
    found = _SHAPE.fullmatch(text.strip())
    if not found:
        raise InputError(f"'{text}' is not a duration: write a number and s, m, h or d, such as 15m")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


def format_duration(duration: timedelta) -> str:
    """Write a duration as people would: the two largest units that are not nothing, `0s` for none."""
    seconds = int(duration.total_seconds())
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
