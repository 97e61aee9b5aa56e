"""How many days are left until a date that readers wait for."""

from __future__ import annotations

from datetime import date, datetime

from bot.domain.errors import InputError

COUNTDOWN_TO = "countdown_to"
"""The variable, of a record or its campaign, that names the date."""


def days_left(written: str | None, due: datetime | None) -> int:
    """Count whole days from the date on which a post is due, by the campaign's clock, to the date: 0 on the day itself.

    Raises InputError where there is no date, no due time, or the date is over by then.
    """
    if not written:
        raise InputError(f"days_left: write the date as a variable, {COUNTDOWN_TO}: 2026-12-10")
    try:
        day = date.fromisoformat(written)
    except ValueError:
        shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in written[:40])
        raise InputError(f"{COUNTDOWN_TO}: '{shown}' is not a date: write it as 2026-12-10") from None
    if due is None:
        raise InputError("days_left: cannot be counted without a due time: give one")
    left = (day - due.date()).days
    if left < 0:
        late = f"{-left} day{'s' if left < -1 else ''}"
        raise InputError(
            f"days_left: it is due {late} after {COUNTDOWN_TO} ({day}): reschedule it, or give another date"
        )
    return left
