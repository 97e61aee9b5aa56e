"""Where in a spreadsheet a problem stands: in a cell, as `plan.xlsx:Sheet1!C7`, or in a row, as `plan.xlsx:Sheet1!7`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.adapters.files.located import Problems, shown
from bot.adapters.files.xlsx.sheet import column_name


class SheetProblems(Problems):
    """Gathers the problems of a sheet; those of a field are placed in its column."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._columns: dict[str, int] = {}

    def look_at(self, sheet: str, header: Sequence[str]) -> None:
        """Say which sheet the problems are of, and what stands in its first row."""
        self._name = f"{self._name}:{_called(shown(sheet))}"
        self._columns = {shown(cell.strip()).lower(): at for at, cell in enumerate(header, 1) if cell.strip()}

    def add_in_cell(self, row: int, column: int, message: str) -> None:
        """Note a problem in one cell, whatever its column is called."""
        self.add_at(f"{self._name}!{column_name(column)}{row}", row, message)

    def where(self, line: int, name: str | None = None) -> str:
        """Name the cell of a field in a row, or the row."""
        if not line:
            return self._name
        column = self._column(name.lower()) if name else None
        return f"{self._name}!{column_name(column) if column else ''}{line}"

    def _column(self, name: str) -> int | None:
        """Find the column of a field, or of the whole of which it is a part (`media[2].alt`, `poll.options`)."""
        while name:
            if name in self._columns:
                return self._columns[name]
            name = re.sub(r"\[[0-9]+\]$|(?:^|\.)[^.\[]*$", "", name)
        return None


def _called(sheet: str) -> str:
    return sheet if re.fullmatch(r"\w+", sheet) else "'" + sheet.replace("'", "''") + "'"
