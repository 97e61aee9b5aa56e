"""Files with records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain.announcement import Record


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """A record and where it stands: `file:line`, in a spreadsheet `file:sheet!row`.

    `known_as`: the name that the queue gave to a record without a key, where an export wrote it in the place of one.
    """

    record: Record
    where: str
    known_as: str | None = None


@dataclass(frozen=True, slots=True)
class FileContent:
    """The records of one file, and what a reader should know (such as the encoding that was taken, with its first line)."""

    records: Sequence[FoundRecord]
    notices: Sequence[str] = ()


class RecordFiles(Protocol):
    """Reads records from YAML, JSON, NDJSON, CSV, spreadsheets (.xlsx), Markdown with front matter, and `.tweet`."""

    def read(
        self,
        path: Path,
        *,
        encoding: str | None = None,
        campaign: str | None = None,
        sheet: str | None = None,
    ) -> FileContent:
        """Read a whole file; `campaign` is that of records that name none, `sheet` the one of a spreadsheet that is read.

        Raises RecordErrors with every problem found (unknown fields suggest the nearest known one), or InputError when the file
        cannot be read at all.
        """
        ...
