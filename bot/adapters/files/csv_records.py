"""Rows from CSV: which delimiter it has, and in which line each row begins (`rows.py` makes records of them)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bot.adapters.files.dialects import dialect_without_header
from bot.adapters.files.headers import is_known
from bot.adapters.files.kept_mappings import NO_MAPPINGS, KeptMappings
from bot.adapters.files.located import Fields, Problems, Unreadable, refuse_too_many
from bot.adapters.files.rows import Row, records_from_rows
from bot.adapters.files.written_dates import NUMERIC
from bot.application.ports.record_files import NOTHING_TOLD, Told

DELIMITERS = (",", ";", "\t", "|")


def parse_csv(
    lines: Iterable[str], problems: Problems, told: Told = NOTHING_TOLD, kept: KeptMappings = NO_MAPPINGS
) -> Iterator[Fields]:
    """Read CSV from its lines. Raises Unreadable for a header that cannot be right, or a row after which none can be told."""
    for number, record in enumerate(records_from_rows(_rows(lines), problems, told, kept), 1):
        refuse_too_many(number, record.line)
        yield record


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    """Give each row that is not blank with the line it begins in."""
    rest = iter(lines)
    head = list(_head(rest))
    delimiter, skipped = _delimited(head)
    reader = csv.reader(chain(head[skipped:], rest), delimiter=delimiter, strict=True)
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


def _head(lines: Iterator[str]) -> Iterator[str]:
    """Give the lines up to the first that is not blank."""
    for line in lines:
        yield line
        if line.strip():
            return


def _delimited(head: Sequence[str]) -> tuple[str, int]:
    """Find the delimiter: what the first line says (`sep=;`, as Excel writes it), or what makes most names of the header."""
    first, header = (head[0], head[-1].rstrip("\n")) if head else ("", "")
    told = re.fullmatch(r"\ufeff?\"?sep=([,;\t|])\"?", first.strip("\r\n "))
    if told:
        return told[1], 1
    return max(DELIMITERS, key=lambda delimiter: _names_made(header, delimiter)), 0


def _names_made(header: str, delimiter: str) -> tuple[int, bool, int]:
    try:
        cells = next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        cells = header.split(delimiter)
    names = sum(is_known(cell) for cell in cells)
    return names, dialect_without_header(cells, NUMERIC) is not None, len(cells)
