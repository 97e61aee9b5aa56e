"""Records from a spreadsheet: the first sheet whose first row names fields, or the one that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.adapters.files.headers import MOST_COLUMNS, is_known
from bot.adapters.files.kept_mappings import NO_MAPPINGS, KeptMappings
from bot.adapters.files.located import FIELD_NAMES, VARIANTS, Fields, Unreadable, refuse_too_many, shown
from bot.adapters.files.rows import Row, records_from_rows
from bot.adapters.files.xlsx.archive import open_archive
from bot.adapters.files.xlsx.cells import CellText, Kind, WrongCell, read_cell
from bot.adapters.files.xlsx.places import SheetProblems
from bot.adapters.files.xlsx.sheet import Area, RawRow, SheetReader, column_name
from bot.adapters.files.xlsx.workbook import SheetEntry, Workbook
from bot.application.ports.record_files import NOTHING_TOLD, Told

TIMES = ("due", "embargo", "expires")
_MOST_TOLD = 5


def parse_xlsx(
    data: bytes, problems: SheetProblems, told: Told = NOTHING_TOLD, kept: KeptMappings = NO_MAPPINGS
) -> list[Fields]:
    """Read one sheet. Raises Unreadable for what is no spreadsheet, or too large, and for a header that cannot be right."""
    with open_archive(data) as archive:
        book = Workbook(archive)
        chosen = _chosen(book, told.sheet)
        others = [each.name for each in book.sheets if each is not chosen.entry]
        if others and told.sheet is None:
            problems.note(
                f"read from the sheet '{shown(chosen.entry.name)}'; there are others: {_listed(others)}"
            )
        problems.look_at(chosen.entry.name, chosen.header)
        records = []
        for record in records_from_rows(chosen.rows(problems), problems, told, kept):
            records.append(record)
            refuse_too_many(len(records), record.line)
        chosen.tell(problems)
        return records


class _Table:
    """A sheet with its header, which is the first row that holds anything."""

    def __init__(self, book: Workbook, entry: SheetEntry) -> None:
        self.entry = entry
        self.header: list[str] = []
        self._book = book
        self._reader = SheetReader()
        self._hidden: list[int] = []
        self._first = self._last = 0
        self._rows = self._reader.rows(book.archive, entry.part)
        self._head = next((row for row in self._rows if self._texts(row, None)), None)
        if self._head:
            self._first = self._head.number
            self.header = self._texts(self._head, None)

    @property
    def names_fields(self) -> bool:
        """Tell whether a column of it is called as a field of ours, or as other tools call theirs."""
        return any(is_known(name) for name in self.header)

    def rows(self, problems: SheetProblems) -> Iterator[Row]:
        """Give the header and then each row that holds something, as texts."""
        for row in chain([self._head] if self._head else [], self._rows):
            texts = self._texts(row, problems)
            if not texts:
                continue
            self._last = row.number
            if row.hidden:
                self._hidden.append(row.number)
            yield row.number, texts[: len(self.header)]

    def tell(self, problems: SheetProblems) -> None:
        """Say what people do not see of the sheet, and what cannot be a record. To be called when its rows are through."""
        self._refuse_merged(problems)
        width = len(self.header)
        columns = [
            column_name(at)
            for first, last in self._reader.hidden_columns
            for at in range(first, min(last, width) + 1)
        ]
        hidden = [("row", [str(number) for number in self._hidden]), ("column", columns)]
        for what, which in hidden:
            if which:
                problems.note(
                    f"{_counted(what, len(which))} hidden, and read like the others: {_listed(which)}"
                )

    def _refuse_merged(self, problems: SheetProblems) -> None:
        """What stands in merged cells belongs to one row and one column only: nobody can tell what the others were to say."""
        for area in self._reader.merged:
            within = area.left <= len(self.header) and area.bottom >= self._first and area.top <= self._last
            if within and (area.left, area.top) != (area.right, area.bottom):
                problems.add_in_cell(
                    area.top, area.left, f"is merged with others ({_reference(area)}): unmerge them"
                )

    def _texts(self, row: RawRow, problems: SheetProblems | None) -> list[str]:
        """Give a row's texts up to the last that is not blank; what is wrong with a cell goes to the problems, if there are any
        to gather."""
        texts: list[str] = []
        for cell in row.cells:
            try:
                found = read_cell(cell, self._book)
                if not found.text.strip():
                    continue
                if cell.column <= MOST_COLUMNS + 1:
                    texts += [""] * (cell.column - 1 - len(texts)) + [found.text]
                if problems is not None:
                    self._check(row.number, cell.column, found)
            except WrongCell as error:
                if problems is not None:
                    problems.add_in_cell(row.number, cell.column, str(error))
                if self._field(cell.column) in TIMES:  # half a time is told once
                    texts = texts[: cell.column - 1]
        return texts

    def _check(self, row: int, column: int, text: CellText) -> None:
        """Refuse what a field of ours cannot be. Raises WrongCell."""
        if row == self._first:
            return
        if column > len(self.header) or not self.header[column - 1].strip():
            raise WrongCell("stands in a column without a name: name it in the first row, or empty the cell")
        field = self._field(column)
        if field in TIMES and text.kind is Kind.DAY:
            raise WrongCell(f"is {text.text} without a time of day: write both, as {text.text} 10:00")
        if field in TIMES and text.kind is Kind.CLOCK:
            raise WrongCell(f"is {text.text} without a date: write both, as 2027-03-30 {text.text}")
        if field and field not in TIMES and text.kind is not Kind.TEXT:
            raise WrongCell(
                f"is {text.kind.value} to the spreadsheet: format the cell as text, and write it anew"
            )

    def _field(self, column: int) -> str | None:
        return _field_of(self.header[column - 1]) if column <= len(self.header) else None


def _chosen(book: Workbook, wanted: str | None) -> _Table:
    if wanted is not None:
        entry = next((each for each in book.sheets if each.name.casefold() == wanted.casefold()), None)
        if entry is None:
            names = _listed([each.name for each in book.sheets])
            raise Unreadable(0, f"has no sheet '{shown(wanted)}': it has {names}")
        return _Table(book, entry)
    seen = {each.part: each for each in reversed(book.sheets) if not each.hidden}
    tables = []
    for entry in reversed(seen.values()):
        table = _Table(book, entry)
        if table.names_fields:
            return table
        tables.append(table)
    filled = [table for table in tables if table.header]
    if not filled:
        raise Unreadable(0, "holds no records: write at least one")
    return filled[0]


def _field_of(header: str) -> str | None:
    """Give the field of ours that a column holds; of `variants.th.due` it is `due`."""
    name = header.strip().lower()
    group, _, rest = name.partition(".")
    if group == VARIANTS:
        group = rest.partition(".")[2].partition(".")[0] or group
    return group if group in FIELD_NAMES else None


def _counted(what: str, count: int) -> str:
    return f"{count} {what} is" if count == 1 else f"{count} {what}s are"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_TOLD} more" if len(names) > _MOST_TOLD else ""
    return ", ".join(shown(name) for name in names[:_MOST_TOLD]) + more


def _reference(area: Area) -> str:
    return f"{column_name(area.left)}{area.top}:{column_name(area.right)}{area.bottom}"
