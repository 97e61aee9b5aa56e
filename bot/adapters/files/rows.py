"""Records from the rows of a table, whatever file it came from: a header with field names, one record in each row.

`cells.py` says how cells with a shape are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.adapters.files.cells import fields_from_cells
from bot.adapters.files.fields import unknown_name
from bot.adapters.files.located import (
    FIELD_NAMES,
    VARIANT_FIELDS,
    VARIANTS,
    Fields,
    Problems,
    Unreadable,
    shown,
)
from bot.adapters.files.odd_cells import OddCell, plain_cell

MOST_COLUMNS = 200

Row = tuple[int, Sequence[str]]
"""The line (or number) of a row, and its cells as texts: an empty cell is an empty text."""


def records_from_rows(rows: Iterator[Row], problems: Problems) -> Iterator[Fields]:
    """Read a table whose first row is its header; rows that are blank are not to be among them.

    Raises Unreadable for a header that cannot be right.
    """
    header_line, header = next(rows, (1, []))
    names = _names(header, header_line)
    unknown = _unknown(names, header_line, problems)
    for line, row in rows:
        if any(cell.strip() for cell in row[len(names) :]):
            problems.add(
                line, f"has {len(row)} cells for {len(names)} columns: put quotes around text with delimiters"
            )
            continue
        cells = (
            (name, _plain(cell, line, name, problems))
            for name, cell in zip(names, row, strict=False)
            if name not in unknown
        )
        yield fields_from_cells(cells, line=line, problems=problems)


def _plain(cell: str, line: int, name: str, problems: Problems) -> str:
    try:
        return plain_cell(cell)
    except OddCell as error:
        problems.add(line, str(error), name=name)
        return ""


def _unknown(names: Sequence[str], line: int, problems: Problems) -> set[str]:
    """Tell of columns that are none of ours: once for the column, not once for each of its cells."""
    unknown = {name for name in names if name.partition(".")[0] not in FIELD_NAMES}
    for name in sorted(unknown, key=names.index):
        problems.add(line, unknown_name(name, FIELD_NAMES), name=shown(name))
    for name in names:
        field = name.split(".")[2] if name.startswith(f"{VARIANTS}.") and name.count(".") > 1 else None
        if field is not None and field not in VARIANT_FIELDS:
            problems.add(line, unknown_name(field, VARIANT_FIELDS), name=shown(name))
            unknown.add(name)
    return unknown


def _names(header: Sequence[str], line: int) -> list[str]:
    names = [_name(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise Unreadable(
            line, f"has {len(names):,} columns and may have {MOST_COLUMNS}: is it a table of records?"
        )
    for column, name in enumerate(names, 1):
        if not name:
            raise Unreadable(line, f"column {column} has no name: name it in the first row")
        if name in names[: column - 1]:
            raise Unreadable(line, f"the column '{shown(name)}' stands twice: keep one of them")
    return names


def _name(cell: str) -> str:
    name, dot, inner = cell.strip().partition(".")
    return f"{name.lower()}{dot}{inner}"
