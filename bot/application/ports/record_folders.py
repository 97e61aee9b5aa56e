"""Folders in which a team keeps its records as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.application.ports.record_files import FileContent


@dataclass(frozen=True, slots=True)
class FileMark:
    """By what a changed file is told: when it was written, its size, and which file it is."""

    written: int
    size: int
    inode: int


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder: the files with records by their path in it, and why others that look like them are not taken."""

    files: Mapping[str, FileMark] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


class RecordFolders(Protocol):
    """Looks into folders; what leads out of one is never followed."""

    def look(self, folder: Path) -> Listing:
        """List a folder and all below it. Raises InputError if it is not there or cannot be read."""
        ...

    def is_gone(self, folder: Path) -> bool:
        """Tell whether nothing is there any more; what cannot be looked at is not gone."""
        ...

    def mark(self, folder: Path, file: str) -> FileMark | None:
        """Give the mark of one file as it is now; None if it is no file any more."""
        ...

    def read(self, folder: Path, file: str, *, campaign: str | None = None) -> FileContent:
        """Read one file of a listing; a record without a key has the file's path in the folder for one.

        `campaign` is that of records that name none. Raises RecordErrors or InputError, as for every file with records.
        """
        ...

    def is_at_work(self, folder: Path) -> bool:
        """Tell whether git is putting other files into the folder at this moment."""
        ...
