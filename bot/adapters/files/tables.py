"""Tables for spreadsheets: CSV and XLSX. No cell of them is a formula, whatever its text says."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

from bot.adapters.files.odd_cells import neutral
from bot.adapters.files.xlsx.workbook import escaped_text
from bot.domain.errors import InputError

Cell = str | datetime | float | None
"""A datetime without a zone is a wall time; one with a zone is an instant, and is shown in UTC."""

LONGEST_CELL = 32_767
"""Characters, by Excel's own limit."""
WALL_TIME = "yyyy\\-mm\\-dd\\ hh:mm"
INSTANT = 'yyyy\\-mm\\-dd\\ hh:mm:ss" UTC"'
_TEXT = "@"
_NARROW, _WIDE = 18, 60


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, end: str = "\r\n") -> bytes:
    """Write CSV. It begins with the mark of UTF-8, without which Excel takes it for another encoding."""
    written = StringIO(newline="")
    writer = csv.writer(written, lineterminator=end)
    writer.writerow(columns)
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return BOM_UTF8 + written.getvalue().encode()


def csv_cell(cell: Cell) -> str:
    """Write one cell of CSV."""
    if isinstance(cell, datetime):
        return _as_instant(cell) if cell.tzinfo else f"{cell:%Y-%m-%d %H:%M}"
    return "" if cell is None else neutral(str(cell))


def xlsx_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, wide: Sequence[str] = ()
) -> bytes:
    """Write a workbook with one sheet: dates as dates, and everything else that is text as text, `007` and `=1+1` too.

    `wide` names the columns that hold whole texts. Raises InputError for a text longer than a cell may be.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - start-up time
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - start-up time

    book = Workbook(write_only=True)
    writer = _SheetWriter(book, title)
    writer.sheet.freeze_panes = "A2"
    for at, name in enumerate(columns, 1):
        writer.sheet.column_dimensions[get_column_letter(at)].width = _WIDE if name in wide else _NARROW
    writer.append(columns, style="heading")
    for row in rows:
        writer.append(row)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


class _SheetWriter:
    """Writes the rows of a sheet, in styles that are made once."""

    def __init__(self, book: Any, title: str) -> None:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - start-up time
        from openpyxl.styles import Alignment, Font, NamedStyle  # noqa: PLC0415 - start-up time

        self.sheet = book.create_sheet(title)
        self._make = WriteOnlyCell
        self._rows = 0
        top = Alignment(vertical="top", wrap_text=True)
        book.add_named_style(NamedStyle("heading", font=Font(bold=True), number_format=_TEXT))
        book.add_named_style(NamedStyle("text", alignment=top, number_format=_TEXT))
        book.add_named_style(
            NamedStyle("wall time", alignment=Alignment(vertical="top"), number_format=WALL_TIME)
        )
        book.add_named_style(
            NamedStyle("instant", alignment=Alignment(vertical="top"), number_format=INSTANT)
        )

    def append(self, row: Sequence[Cell], *, style: str = "text") -> None:
        self._rows += 1
        self.sheet.append([self._cell(cell, at, style) for at, cell in enumerate(row)])

    def _cell(self, value: Cell, at: int, style: str) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self._text(value, at, style)
        if not isinstance(value, datetime):
            return self._make(self.sheet, value)
        wall = value.astimezone(UTC).replace(tzinfo=None, microsecond=0) if value.tzinfo else value
        cell = self._make(self.sheet, wall)
        cell.style = "instant" if value.tzinfo else "wall time"
        return cell

    def _text(self, text: str, at: int, style: str) -> Any:
        written = escaped_text(neutral(text))
        if len(written) > LONGEST_CELL:
            raise InputError(
                f"row {self._rows}, column {at + 1}: its text has {len(written):,} characters, and a cell holds "
                f"{LONGEST_CELL:,}: give --format csv or json"
            )
        cell = self._make(self.sheet, written)
        cell.data_type = "s"
        cell.style = style
        return cell


def _as_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
