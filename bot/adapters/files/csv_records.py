"""Records from CSV: a header with field names, one record in each row (`cells.py` says how cells with a shape are written)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from bot.adapters.files.cells import fields_from_cells
from bot.adapters.files.fields import unknown_name
from bot.adapters.files.located import (
    FIELD_NAMES,
    VARIANT_FIELDS,
    VARIANTS,
    Fields,
    Problems,
    Unreadable,
    refuse_too_many,
    shown,
)

DELIMITERS = (",", ";", "\t", "|")
MOST_COLUMNS = 200


def parse_csv(text: str, problems: Problems) -> list[Fields]:
    """Read CSV. Raises Unreadable for a header that cannot be right, or a row after which none can be told."""
    rows = _rows(text)
    header_line, header = next(rows, (1, []))
    names = _names(header, header_line)
    # Told once for the column, not once for each of its cells.
    unknown = {name for name in names if name.partition(".")[0] not in FIELD_NAMES}
    for name in sorted(unknown, key=names.index):
        problems.add(header_line, unknown_name(name, FIELD_NAMES), name=shown(name))
    for name in names:
        field = name.split(".")[2] if name.startswith(f"{VARIANTS}.") and name.count(".") > 1 else None
        if field is not None and field not in VARIANT_FIELDS:
            problems.add(header_line, unknown_name(field, VARIANT_FIELDS), name=shown(name))
            unknown.add(name)
    records = []
    for line, row in rows:
        if any(cell.strip() for cell in row[len(names) :]):
            problems.add(
                line, f"has {len(row)} cells for {len(names)} columns: put quotes around text with delimiters"
            )
            continue
        cells = ((name, cell) for name, cell in zip(names, row, strict=False) if name not in unknown)
        records.append(fields_from_cells(cells, line=line, problems=problems))
        refuse_too_many(len(records), line)
    return records


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not blank with the line it begins in."""
    body, delimiter, skipped = _delimited(text)
    reader = csv.reader(StringIO(body, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line + skipped, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(
            line + skipped, f"is not CSV: {error} in the row that begins here: mend its quotes"
        ) from error


def _delimited(text: str) -> tuple[str, str, int]:
    """Find the delimiter: what the first line says (`sep=;`, as Excel writes it), or what makes most names of the header."""
    first, _, rest = text.partition("\n")
    told = re.fullmatch(r"\ufeff?\"?sep=([,;\t|])\"?", first.strip("\r "))
    if told:
        return rest, told[1], 1
    header = next((line for line in text.split("\n") if line.strip()), "")
    return text, max(DELIMITERS, key=lambda delimiter: _names_made(header, delimiter)), 0


def _names_made(header: str, delimiter: str) -> tuple[int, int]:
    cells = [cell.strip('" \r\t').lower().partition(".")[0] for cell in header.split(delimiter)]
    return sum(cell in FIELD_NAMES for cell in cells), len(cells)


def _names(header: list[str], line: int) -> list[str]:
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
