"""Rows from CSV: which delimiter it has, and in which line each row begins (`rows.py` makes records of them)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from bot.adapters.files.dialects import dialect_without_header
from bot.adapters.files.headers import is_known
from bot.adapters.files.kept_mappings import NO_MAPPINGS, KeptMappings
from bot.adapters.files.located import Fields, Problems, Unreadable, refuse_too_many
from bot.adapters.files.rows import Row, records_from_rows
from bot.adapters.files.written_dates import NUMERIC
from bot.application.ports.record_files import NOTHING_TOLD, Told

DELIMITERS = (",", ";", "\t", "|")


def parse_csv(
    text: str, problems: Problems, told: Told = NOTHING_TOLD, kept: KeptMappings = NO_MAPPINGS
) -> list[Fields]:
    """Read CSV. Raises Unreadable for a header that cannot be right, or a row after which none can be told."""
    records = []
    for record in records_from_rows(_rows(text), problems, told, kept):
        records.append(record)
        refuse_too_many(len(records), record.line)
    return records


def _rows(text: str) -> Iterator[Row]:
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


def _names_made(header: str, delimiter: str) -> tuple[int, bool, int]:
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        cells = header.split(delimiter)
    names = sum(is_known(cell) for cell in cells)
    return names, dialect_without_header(cells, NUMERIC) is not None, len(cells)
