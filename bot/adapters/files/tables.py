"""Tables for spreadsheets: CSV and XLSX. No cell of them is a formula, whatever its text says."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

from bot.adapters.files.odd_cells import neutral
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
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for at, name in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = _WIDE if name in wide else _NARROW
    sheet.append([_heading(sheet, name) for name in columns])
    for number, row in enumerate(rows, 2):
        sheet.append(
            [_cell(sheet, cell, f"{get_column_letter(at)}{number}") for at, cell in enumerate(row, 1)]
        )
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _heading(sheet: Any, name: str) -> Any:
    from openpyxl.styles import Font  # noqa: PLC0415 - start-up time

    cell = _text(sheet, name, "1")
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Cell, place: str) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - start-up time

    if isinstance(value, str):
        return _text(sheet, value, place)
    if isinstance(value, datetime):
        instant = value.tzinfo is not None
        wall = value.astimezone(UTC).replace(tzinfo=None, microsecond=0) if instant else value
        cell = WriteOnlyCell(sheet, wall)
        cell.number_format = INSTANT if instant else WALL_TIME
        return cell
    return None if value is None else WriteOnlyCell(sheet, value)


def _text(sheet: Any, text: str, place: str) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - start-up time
    from openpyxl.styles import Alignment  # noqa: PLC0415 - start-up time

    from bot.adapters.files.xlsx.workbook import escaped_text  # noqa: PLC0415 - start-up time

    if not text:
        return None
    written = escaped_text(neutral(text))
    if len(written) > LONGEST_CELL:
        raise InputError(
            f"{place}: its text has {len(written):,} characters, and a cell holds {LONGEST_CELL:,}: give --format csv or json"
        )
    cell = WriteOnlyCell(sheet, written)
    cell.data_type = "s"
    cell.number_format = _TEXT
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _as_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
