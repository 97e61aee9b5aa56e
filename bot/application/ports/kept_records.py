"""Which announcements a team keeps as files of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Kept:
    """An announcement that was taken from a file of a folder.

    `folder`: its path in the project; `file`: the path in the folder; `revision`: that of the announcement when file and queue
    last said the same, None once it was cancelled because the folder no longer had it.
    """

    announcement_id: int
    folder: str
    file: str
    revision: int | None


@dataclass(frozen=True, slots=True)
class KeptAs:
    """One of a folder, with the campaign and the key by which its files name it."""

    kept: Kept
    campaign: str
    key: str


class KeptRecords(Protocol):
    """Remembers from which file of which folder an announcement was taken."""

    def of(self, announcement_id: int) -> Kept | None:
        """Tell where an announcement is kept; None if in no folder."""
        ...

    def of_folder(self, folder: str) -> Sequence[KeptAs]:
        """List what is kept in a folder, by number."""
        ...

    def keep(self, kept: Kept) -> None:
        """Note where an announcement is kept, in the place of what was noted before."""
        ...

    def forget(self, announcement_id: int) -> None:
        """Note that it is kept in no folder any more."""
        ...
