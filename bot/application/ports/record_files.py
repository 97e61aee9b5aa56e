"""Files with records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.domain.announcement import Record
from bot.domain.errors import RecordProblem


class DateOrder(StrEnum):
    """Whether 03/04 in a table is the third of April or the fourth of March."""

    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a file beyond what stands in it.

    `campaign`, `timezone` and `language` hold for records without one; `sheet` is the one of a spreadsheet that is read. The
    others are about tables: the order of their `dates`, what each of their `columns` is to us (nothing: it is left out), and
    the kept `mapping` by which they are read.
    """

    campaign: str | None = None
    timezone: str | None = None
    language: str | None = None
    sheet: str | None = None
    dates: DateOrder | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    mapping: str | None = None


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record and where it stands: `file:line`, in a spreadsheet `file:sheet!row`.

    `known_as`: the name that the queue gave to a record without a key, where an export wrote it in the place of one.
    `given`: the fields of which its table has columns; None where the file gives the whole record.
    """

    record: Record
    where: str
    known_as: str | None = None
    given: tuple[str, ...] | None = field(default=None, compare=False)

    def beside(self, known: Record) -> Record:
        """Give the record with what its table has no column for as it is known: an absent column says nothing."""
        if self.given is None:
            return self.record
        absent = [each.name for each in fields(Record) if each.name not in self.given]
        return replace(self.record, **{name: getattr(known, name) for name in absent})


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that is not for us, and why: it is for another network."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class FileContent:
    """The records of one file, and what a reader should know (such as the encoding that was taken, with its first line).

    `header`: a table's first row, where it names columns. `problems`: only where a file was read although it has some.
    """

    records: Sequence[FoundRecord]
    notices: Sequence[str] = ()
    skipped: Sequence[SkippedRow] = ()
    problems: Sequence[RecordProblem] = ()
    header: Sequence[str] = ()


class RecordFiles(Protocol):
    """Reads records from YAML, JSON, NDJSON, CSV, spreadsheets (.xlsx), Markdown with front matter, and `.tweet`."""

    def read(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        told: Told = NOTHING_TOLD,
        faulty: bool = False,
    ) -> FileContent:
        """Read a whole file, and take for granted what is told of it.

        Raises RecordErrors with every problem found (unknown fields suggest the nearest known one), or InputError when the file
        cannot be read at all. `faulty`: give what is right of it, and its problems beside.
        """
        ...
