"""Dates, times and numbers as a language writes them, by CLDR's data (Babel)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import DateTimeFormat, DateTimePattern, parse_pattern
from babel.numbers import format_decimal

from bot.domain.errors import RenderError

_BUDDHIST_OFFSET = 543
_LENGTHS = ("short", "medium", "long", "full")


class _BuddhistFormat(DateTimeFormat):
    """The Thai calendar: Gregorian days and months, years counted from 543 BC."""

    def format_year(self, char: str, num: int) -> str:  # noqa: ARG002 - Babel's signature
        year = self.format(int(super().format_year("y", 1)) + _BUDDHIST_OFFSET, num)
        return year[-2:] if num == 2 else year

    def format_era(self, char: str, num: int) -> str:  # noqa: ARG002 - Babel's signature
        return "พ.ศ." if self.locale.language == "th" else "BE"


def written_date(value: object, form: str, language: str, *, calendar: str = "gregorian") -> str:
    """Write a date: `form` is short, medium, long, full or a CLDR pattern. Raises RenderError."""
    if calendar not in ("gregorian", "buddhist"):
        raise RenderError(f"'{calendar}' is not a calendar of 'date': write gregorian or buddhist")
    locale = _locale(language)
    pattern = locale.date_formats[form] if form in _LENGTHS else None
    kind = _BuddhistFormat if calendar == "buddhist" else DateTimeFormat
    return _written(kind(_date(value), locale), pattern, form)


def written_time(value: object, form: str, language: str) -> str:
    """Write a time of day: `form` is short, medium, long, full or a CLDR pattern. Raises RenderError."""
    locale = _locale(language)
    pattern = locale.time_formats[form] if form in _LENGTHS else None
    return _written(DateTimeFormat(_time(value), locale), pattern, form)


def written_number(value: object, form: str | None, language: str) -> str:
    """Write a number with the language's separators, or by a CLDR pattern such as `#,##0.0`. Raises RenderError."""
    try:
        number = value if isinstance(value, int | float | Decimal) else Decimal(str(value).strip())
    except InvalidOperation:
        raise RenderError(f"'{value}' is not a number") from None
    try:
        # Babel takes a pattern without a digit for a text to repeat.
        if form is not None and not set("#0") & set(form):
            raise ValueError(form)
        return _kept_together(format_decimal(number, format=form, locale=_locale(language)))
    except (ValueError, TypeError, KeyError):
        raise RenderError(f"'{form}' is not a pattern for numbers: write one like #,##0.0") from None


def _locale(language: str) -> Locale:
    base, _, rest = language.replace("_", "-").partition("-")
    known = get_global("language_aliases").get(base, base)  # the code of Dari, prs, is fa-AF to CLDR
    try:
        return Locale.parse(f"{known.split('_')[0]}-{rest}" if rest else known.replace("_", "-"), sep="-")
    except (ValueError, TypeError, UnknownLocaleError):
        raise RenderError(f"no way to write dates and numbers in language '{language}' is known") from None


def _written(moment: DateTimeFormat, pattern: DateTimePattern | None, form: str) -> str:
    try:
        return _kept_together((pattern or parse_pattern(form)) % moment)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise RenderError(
            f"'{form}' does not fit: write short, medium, long, full or a pattern such as 'd MMMM y'"
        ) from None


def _kept_together(text: str) -> str:
    # CLDR writes a narrow no-break space (10:00 AM), which X counts twice; the common one counts once.
    return text.replace("\u202f", "\u00a0")


def _date(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise RenderError(f"{_shown(value)} is not a date: write it like 2023-03-30") from None


def _time(value: object) -> datetime | time:
    if isinstance(value, datetime | time):
        return value
    written = str(value).strip()
    try:
        return datetime.fromisoformat(written) if "-" in written else time.fromisoformat(written)
    except ValueError:
        raise RenderError(f"{_shown(value)} is not a time: write it like 10:00") from None


def _shown(value: object) -> str:
    return "nothing" if value is None else f"'{value}'"
