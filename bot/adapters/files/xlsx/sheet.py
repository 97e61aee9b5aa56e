"""The rows of one sheet, as its cells are written (ECMA-376 part 1, 18.3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.xmlreader import AttributesImpl
from zipfile import ZipFile

from bot.adapters.files.located import Unreadable
from bot.adapters.files.xlsx.parts import PartReader, pieces
from bot.adapters.files.xlsx.workbook import is_yes, whole

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
MOST_MERGED = 10_000

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@dataclass(slots=True)
class RawCell:
    """A cell as it is written: `kind` is its type (18.18.11), `style` the number of its style."""

    column: int
    kind: str
    style: int
    text: str = ""
    formula: bool = False


@dataclass(slots=True)
class RawRow:
    """A row's number and its cells, from left to right; those that hold nothing may be missing."""

    number: int
    hidden: bool
    cells: list[RawCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Area:
    """Cells from one corner to the other."""

    left: int
    top: int
    right: int
    bottom: int


def column_name(column: int) -> str:
    """Give a column's letters: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, at = divmod(column - 1, 26)
        letters = chr(ord("A") + at) + letters
    return letters


def area_of(reference: str) -> Area | None:
    """Read a reference such as `B2:C3`; None for what is none."""
    first, _, last = reference.partition(":")
    one, other = _place(first), _place(last or first)
    if not one or not other:
        return None
    columns, rows = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return Area(columns[0], rows[0], columns[1], rows[1])


class SheetReader(PartReader):
    """Reads a sheet; `rows` gives what it has, and the rest is known when they are through."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merged: list[Area] = []
        self._ready: list[RawRow] = []
        self._row: RawRow | None = None
        self._cell: RawCell | None = None
        self._last_row = 0
        self._last_column = 0
        self._spoken = False

    def rows(self, archive: ZipFile, part: str) -> Iterator[RawRow]:
        """Give the rows as they come. Raises Unreadable."""
        for _ in pieces(archive, part, self):
            yield from self._ready
            self._ready.clear()

    def opened(self, name: str, attributes: AttributesImpl) -> None:
        """An element begins."""
        if name in ("v", "t"):
            if self._cell and not self._spoken:
                self.listen()
        elif name == "c" and self._row:
            self._open_cell(attributes)
        elif name == "row":
            self._open_row(attributes)
        elif name == "f" and self._cell:
            self._cell.formula = True
        elif name == "rPh":
            self._spoken = True
        else:
            self._note(name, attributes)

    def closed(self, name: str) -> None:
        """An element ends."""
        if name in ("v", "t") and self._cell and not self._spoken:
            self._cell.text += self.heard()
        elif name == "c":
            if self._row and self._cell and (self._cell.text or self._cell.formula):
                self._row.cells.append(self._cell)
            self._cell = None
        elif name == "row" and self._row:
            self._ready.append(self._row)
            self._row = None
        elif name == "rPh":
            self._spoken = False

    def _open_row(self, attributes: AttributesImpl) -> None:
        written = attributes.get("r")
        number = self._last_row + 1 if written is None else whole(written) or 0
        if not self._last_row < number <= LAST_ROW:
            raise Unreadable(self._last_row, "is broken after this row: save it again")
        self._row = RawRow(number, is_yes(attributes.get("hidden")))
        self._last_row, self._last_column = number, 0

    def _open_cell(self, attributes: AttributesImpl) -> None:
        written = attributes.get("r")
        column, row = (
            (self._last_column + 1, self._last_row) if written is None else _place(written) or (0, 0)
        )
        if row != self._last_row or not self._last_column < column <= LAST_COLUMN:
            raise Unreadable(self._last_row, "is broken in this row: save it again")
        self._last_column = column
        self._cell = RawCell(column, attributes.get("t", "n"), whole(attributes.get("s")) or 0)

    def _note(self, name: str, attributes: AttributesImpl) -> None:
        if name == "col" and is_yes(attributes.get("hidden")) and len(self.hidden_columns) < LAST_COLUMN:
            first, last = whole(attributes.get("min")), whole(attributes.get("max"))
            if first and last:
                self.hidden_columns.append((first, last))
        elif name == "mergeCell" and (area := area_of(attributes.get("ref", ""))):
            if len(self.merged) == MOST_MERGED:
                raise Unreadable(0, f"has more than {MOST_MERGED:,} merged cells: unmerge them")
            self.merged.append(area)


def _place(reference: str) -> tuple[int, int] | None:
    """Give the column and the row that a reference such as `C7` names."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(found[2])
