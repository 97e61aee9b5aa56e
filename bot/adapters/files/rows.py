"""Records from the rows of a table, whatever file it came from: a header that names columns, one record in each row.

`headers.py` says what each column is, `row_parts.py` puts the parts of a field together, and `cells.py` says how cells with a
shape are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from bot.adapters.files.cells import fields_from_cells
from bot.adapters.files.dialects import plain_name
from bot.adapters.files.headers import Header, read_header
from bot.adapters.files.kept_mappings import NO_MAPPINGS, KeptMappings
from bot.adapters.files.located import Fields, Kind, Plain, Problems, shown
from bot.adapters.files.odd_cells import OddCell, plain_cell
from bot.adapters.files.row_parts import LIMITS, Parts, WrongRow
from bot.adapters.files.written_dates import WrongDate, read_date
from bot.application.ports.record_files import NOTHING_TOLD, Told

Row = tuple[int, Sequence[str]]
"""The line (or number) of a row, and its cells as texts: an empty cell is an empty text."""

_TIMES = ("due", *LIMITS)


def records_from_rows(
    rows: Iterator[Row], problems: Problems, told: Told = NOTHING_TOLD, kept: KeptMappings = NO_MAPPINGS
) -> Iterator[Fields]:
    """Read a table whose first row is its header; rows that are blank are not to be among them.

    Raises Unreadable for a header that cannot be right.
    """
    line, first = next(rows, (1, []))
    header = read_header(first, line, told, kept, problems)
    problems.header = header.names
    problems.columns = _given(header)
    problems.call({each.target: each.name for each in header.columns if each.name != each.target})
    reader = _RowReader(header, problems, lacks_campaign=_lacks_campaign(header, told))
    if reader.lacks_campaign:
        # Other tools know no campaigns: that is told once, and not for each row.
        problems.add(line, "is missing: say which with --campaign NAME", name="campaign")
    for number, row in chain([(line, first)], rows) if header.is_headerless else rows:
        fields = reader.read(number, row)
        if fields is not None:
            yield fields
    reader.tell()


def _given(header: Header) -> list[str]:
    """Name what the table has columns for, and what its tool gives to a row without one."""
    told = ["due"] if header.dialect and header.dialect.without_due else []
    return [*(each.target for each in header.columns), *told]


def _lacks_campaign(header: Header, told: Told) -> bool:
    is_foreign = bool(header.dialect) or (bool(header.columns) and not header.is_ours)
    return (
        is_foreign and told.campaign is None and not any(each.target == "campaign" for each in header.columns)
    )


class _RowReader:
    def __init__(self, header: Header, problems: Problems, *, lacks_campaign: bool) -> None:
        self._header = header
        self.lacks_campaign = lacks_campaign
        self._problems = problems
        self._names = [name.casefold() for name in header.names]
        self._parts = (
            None
            if header.is_ours and not header.dialect and _has_no_parts(header)
            else Parts(header, problems)
        )
        self._left_out: dict[str, int] = {}
        self._barred: set[str] = set()
        self._guarded: list[str] = []

    def read(self, line: int, row: Sequence[str]) -> Fields | None:
        """Read one row; None where it is no record: the header once more, or one for another network."""
        if any(cell.strip() for cell in row[self._header.width :]):
            told = f"has {len(row)} cells for {self._header.width} columns: put quotes around text with delimiters"
            self._problems.add(line, told)
            return None
        if self._is_header(row):
            self._problems.note(f"line {line} is the header once more, and was passed over")
            return None
        self._watch(line, row)
        cells = self._cells(line, row)
        if self._parts is None:
            return fields_from_cells(cells.items(), line=line, problems=self._problems)
        try:
            joined = self._parts.join(line, cells)
        except WrongRow as error:
            self._problems.add(line, error.message, name=error.name)
            joined = {}
        if joined is None:
            return None
        fields = fields_from_cells(joined.items(), line=line, problems=self._problems)
        if self.lacks_campaign:
            fields.values.setdefault("campaign", (line, Plain("-", Kind.TEXT, line)))
        return fields

    def tell(self) -> None:
        """Note what was seen over all rows, each thing once."""
        for what, line in self._left_out.items():
            self._problems.note(f"the column {what} (first in line {line}); it was left out")
        if self._guarded:
            count = len(self._guarded)
            self._problems.note(
                f"{count} {'cell begins' if count == 1 else 'cells begin'} with an apostrophe before = + - or @, as "
                f"spreadsheets guard a text: it was taken away (first in {self._guarded[0]})"
            )

    def _is_header(self, row: Sequence[str]) -> bool:
        """Tell whether a file was put together of several, header and all."""
        if not self._names or plain_name(row[0]).casefold() != self._names[0]:
            return False
        return [plain_name(cell).casefold() for cell in row[: len(self._names)]] == self._names

    def _cells(self, line: int, row: Sequence[str]) -> dict[str, str]:
        cells = {}
        for column in self._header.columns:
            cell = row[column.place] if column.place < len(row) else ""
            if not cell.strip():
                continue
            text = self._plain(line, column.target, cell)
            if text.strip():
                cells[column.target] = text
        return cells

    def _plain(self, line: int, target: str, cell: str) -> str:
        try:
            text = plain_cell(cell.removeprefix("\ufeff"))
            if text != cell and cell.startswith("'"):
                self._guarded.append(f"line {line}, {target}")
            return read_date(text, self._header.order) if target in _TIMES and self._parts is None else text
        except (OddCell, WrongDate) as error:
            self._problems.add(line, str(error), name=target)
            return ""

    def _watch(self, line: int, row: Sequence[str]) -> None:
        """Nothing that is filled is passed over without a word."""
        for each in self._header.watched:
            cell = row[each.place].strip() if each.place < len(row) else ""
            if not cell or cell.casefold() in each.words:
                continue
            if not each.bars:
                self._left_out.setdefault(f"'{shown(each.name)}' {each.why}", line)
            elif each.name not in self._barred:
                self._barred.add(each.name)
                advice = f'leave it out with --map "{shown(each.name)}="'
                self._problems.add(line, f"{each.why}, or {advice}", name=shown(each.name))


def _has_no_parts(header: Header) -> bool:
    return not any(
        "." in each.target and each.target.startswith(("due.", "media.", "notes.")) for each in header.columns
    )
