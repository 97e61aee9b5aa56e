"""What a cell says, as text. A number that people see otherwise than it is kept is never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from bot.adapters.files.located import shown
from bot.adapters.files.xlsx.sheet import RawCell
from bot.adapters.files.xlsx.workbook import Workbook, plain_text

_SECONDS = 86_400
_FIRST_LOST = 10**15
"""From here on a number has more digits than a spreadsheet keeps (15)."""
_NO_DAY = 60
"""The serial of 29 February 1900, which Excel counts and which never was (ECMA-376-1, 18.17.4.1)."""

_FROM_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall time
_FROM_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - a wall time

_PLAIN = re.compile(r"(?:General|Standard|@|#|0|#,##0|#,##0\.0+|0\.(?P<places>0+))", re.IGNORECASE)
_PERCENT = re.compile(r"0(?:\.(0+))?%")
_CLOCK = re.compile(r"[hs]", re.IGNORECASE)
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_OF_COUNTRY = re.compile(r"\[\$-[0-9A-Fa-f]+\]")
"""The country that a form is of, as LibreOffice writes it before each: `[$-409]0.00`."""
_ISO = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})?T?(?P<clock>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?(?:\.[0-9]+)?Z?"
)


class WrongCell(Exception):
    """A cell that cannot be read as what people see; says what to do."""


class Kind(Enum):
    """What a cell holds."""

    TEXT = "text"
    MOMENT = "a date with a time"
    DAY = "a date"
    CLOCK = "a time"


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell's text, and what the spreadsheet takes it for."""

    text: str
    kind: Kind = Kind.TEXT


NOTHING = CellText("")


def read_cell(cell: RawCell, book: Workbook) -> CellText:
    """Read one cell. Raises WrongCell for a formula, an error, and a number that cannot be told."""
    if cell.formula:
        raise WrongCell("holds a formula: copy the cell, and paste its value alone in its place")
    if not cell.text:
        return NOTHING
    if cell.kind == "n":
        return _number(cell, book)
    if cell.kind == "d":
        return _iso(cell.text.strip())
    return CellText(_text(cell, book))


def _text(cell: RawCell, book: Workbook) -> str:
    if cell.kind == "s":
        at = cell.text.strip()
        if not at.isdecimal() or len(at) > 9 or int(at) >= len(book.texts):
            raise WrongCell("names a text that the file does not have: save it again")
        return book.texts[int(at)]
    if cell.kind in ("inlineStr", "str"):
        return plain_text(cell.text)
    if cell.kind == "b":
        return "true" if cell.text.strip() in ("1", "true") else "false"
    if cell.kind == "e":
        raise WrongCell(f"holds the error {shown(cell.text.strip())}: mend it, and save the file anew")
    raise WrongCell(f"is of a kind that no spreadsheet has ('{shown(cell.kind)}'): save the file again")


def _number(cell: RawCell, book: Workbook) -> CellText:
    from openpyxl.styles.numbers import is_date_format  # noqa: PLC0415 - start-up time

    try:
        value = Decimal(cell.text.strip())
        number = float(value)
    except (ArithmeticError, ValueError):
        value, number = Decimal(), float("nan")
    if not value.is_finite() or number != number or abs(number) == float("inf"):
        raise WrongCell(f"holds '{shown(cell.text)}', which is no number: save the file again")
    code = book.formats[cell.style] if cell.style < len(book.formats) else "General"
    if is_date_format(code):
        return _moment(number, code, counts_from_1904=book.counts_from_1904)
    if abs(number) >= _FIRST_LOST:
        raise WrongCell(
            f"holds '{shown(cell.text)}', a number with more digits than a spreadsheet keeps: write it as text"
        )
    return CellText(_shown_number(number, code))


def _shown_number(number: float, code: str) -> str:
    """Write a number as it is shown, but for marks between thousands, which each country sets otherwise."""
    exact = Decimal(format(number, ".15g"))
    form = _OF_COUNTRY.sub("", code.partition(";")[0])
    if percent := _PERCENT.fullmatch(form):
        return f"{exact * 100:.{len(percent[1] or '')}f}%"
    found = _PLAIN.fullmatch(form)
    if not found:
        raise WrongCell(
            f"holds a number that is shown in a form of its own ({shown(form)}): write it as text"
        )
    if found["places"]:
        return f"{exact:.{len(found['places'])}f}"
    return f"{exact:f}" if exact != exact.to_integral_value() else f"{exact:.0f}"


def _moment(number: float, code: str, *, counts_from_1904: bool) -> CellText:
    """Turn a count of days into the time that is shown, to the second (ECMA-376-1, 18.17.4.1)."""
    days, seconds = divmod(round(number * _SECONDS) if abs(number) < _FIRST_LOST else -1, _SECONDS)
    at = timedelta(seconds=seconds)
    shows_clock = _CLOCK.search(_LITERAL.sub("", code.partition(";")[0])) or "[h" in code.lower()
    if days == 0 and (shows_clock or seconds):
        return CellText(_clock((_FROM_1904 + at).time()), Kind.CLOCK)
    if days < 0 or (days == _NO_DAY and not counts_from_1904):
        raise WrongCell("holds a day that never was: mend the date")
    first = _FROM_1904 if counts_from_1904 else _FROM_1900
    if days < _NO_DAY and not counts_from_1904:
        first += timedelta(days=1)
    try:
        moment = first + timedelta(days=days) + at
    except OverflowError:
        raise WrongCell("holds a day beyond the year 9999: mend the date") from None
    if not seconds and not shows_clock:
        return CellText(f"{moment:%Y-%m-%d}", Kind.DAY)
    return CellText(f"{moment:%Y-%m-%d} {_clock(moment.time())}", Kind.MOMENT)


def _iso(text: str) -> CellText:
    """Read a cell of type `d`, as programs write them that keep to ISO 8601 (18.17.4.2)."""
    found = _ISO.fullmatch(text)
    if not found or not (found["day"] or found["clock"]):
        raise WrongCell(f"holds '{shown(text)}', which is no date: mend it")
    if not found["clock"]:
        return CellText(found["day"], Kind.DAY)
    clock = found["clock"].removesuffix(":00") if found["clock"].count(":") == 2 else found["clock"]
    return CellText(f"{found['day']} {clock}", Kind.MOMENT) if found["day"] else CellText(clock, Kind.CLOCK)


def _clock(at: time) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
