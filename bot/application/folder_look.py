"""One look into a folder of record files: what each file says, and which are wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.application.folder_rows import RecordFolder
from bot.application.ports.kept_records import Kept
from bot.application.ports.record_files import FileContent, FoundRecord
from bot.application.ports.record_folders import Listing, RecordFolders
from bot.domain.announcement import Announcement
from bot.domain.errors import InputError, RecordErrors, RecordProblem
from bot.domain.family import key_of


@dataclass(slots=True)
class Look:
    """What one look into the folder gave: the records of each file, and the problems of those that are wrong."""

    folder: RecordFolder
    listing: Listing
    records: dict[str, Sequence[FoundRecord]] = field(default_factory=dict)
    wrong: dict[str, list[RecordProblem]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @property
    def named(self) -> Iterator[tuple[str, str]]:
        """Give campaign and key of every record that could be read."""
        return (name_of(each) for found in self.records.values() for each in found)

    @property
    def unread(self) -> list[str]:
        """Name the files that are so wrong that nobody knows which records they hold."""
        return sorted(file for file in self.wrong if file not in self.records)

    def keeps(self, announcement: Announcement, file: str) -> Kept:
        """Give what is noted of an announcement that says what its file says."""
        return Kept(announcement.id, self.folder.name, file, announcement.revision)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing in the folder looks like a file with records."""
        return not self.records and not self.wrong


def look_into(
    folder: RecordFolder, folders: RecordFolders, keepers: Mapping[tuple[str, str], str] | None = None
) -> Look:
    """Read every file of a folder. Raises InputError where it is not there.

    `keepers`: the file in which the queue knows each record; a copy in another file does not take it over.
    """
    listing = folders.look(folder.path)
    look = Look(folder, listing)
    for file, why in listing.refused.items():
        look.wrong[file] = [RecordProblem(str(folder.path / file), None, why)]
    contents = _read(look, folders)
    held = {(file, name_of(each)) for file, content in contents.items() for each in content.records}
    # A keeper that cannot be read may hold its record still.
    held |= {(file, name) for name, file in (keepers or {}).items() if file in look.wrong}
    first: dict[tuple[str, str], str] = {}
    kept = {name: file for name, file in (keepers or {}).items() if (file, name) in held}
    for file, content in contents.items():
        try:
            _refuse_copies(content.records, file, kept)
            _refuse_second(content.records, first)
        except RecordErrors as error:
            look.wrong[file] = list(error.problems)
        else:
            look.records[file] = content.records
            look.notices += content.notices
    return look


def _read(look: Look, folders: RecordFolders) -> dict[str, FileContent]:
    contents = {}
    for file in sorted(look.listing.files):
        try:
            contents[file] = folders.read(look.folder.path, file, campaign=look.folder.campaign)
        except RecordErrors as error:
            look.wrong[file] = list(error.problems)
        except InputError as error:
            look.wrong[file] = [_whole(str(error), look.folder.path / file)]
    return contents


def name_of(found: FoundRecord) -> tuple[str, str]:
    """Give the campaign and the key by which the queue knows a record."""
    return found.record.campaign, key_of(found.record) or found.known_as or ""


def _refuse_copies(records: Sequence[FoundRecord], file: str, kept: Mapping[tuple[str, str], str]) -> None:
    """Raise RecordErrors for what the queue knows from another file that holds it still."""
    copies = [
        RecordProblem(each.where, "key", f"'{name[1]}' is kept in {kept[name]}: give it another")
        for each in records
        if kept.get(name := name_of(each), file) != file
    ]
    if copies:
        raise RecordErrors(copies)


def _refuse_second(records: Sequence[FoundRecord], first: dict[tuple[str, str], str]) -> None:
    """Raise RecordErrors for what the folder says already, in another file or further up in this one."""
    names: dict[tuple[str, str], str] = {}
    second = []
    for each in records:
        name = name_of(each)
        if before := first.get(name) or names.get(name):
            second.append(
                RecordProblem(each.where, "key", f"'{name[1]}' stands at {before} already: keep one")
            )
        names[name] = each.where
    if second:
        raise RecordErrors(second)
    first.update(names)


def _whole(message: str, path: Path) -> RecordProblem:
    return RecordProblem(str(path), None, message.removeprefix(f"{path}: "))
