"""A folder of files with records, and all below it.

Left alone: names that begin with a dot, README files, folders called `media`, and whatever has not the ending of a record file.
Links are not followed: what a pull request can put there must not lead out of the folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from bot.adapters.files import RECORD_SUFFIXES, RecordFilesOnDisk
from bot.adapters.files.fields import is_key
from bot.adapters.files.tweet_records import SUFFIX as TWEET
from bot.adapters.files.tweet_records import key_of_path, tweet_key
from bot.application.ports.record_files import FileContent, FoundRecord, Told
from bot.application.ports.record_folders import FileMark, Listing
from bot.domain.announcement import Record
from bot.domain.errors import InputError, RecordErrors, RecordProblem
from bot.domain.family import key_of

_DEEPEST = 20
_OF_AN_OFFICE = "~$"
"""How the names begin of files that Excel has beside an open one."""

_LINK = "is a link, which is not followed: put the file itself there"


@dataclass(slots=True)
class _Found:
    files: dict[str, FileMark] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


class RecordFoldersOnDisk:
    """Looks into folders of the disk."""

    def __init__(self, files: RecordFilesOnDisk) -> None:
        self._files = files

    def look(self, folder: Path) -> Listing:
        """List a folder and all below it. Raises InputError if it is not there or cannot be read."""
        found = _Found()
        try:
            for entry in _entries(folder):
                _note(found, entry, "")
        except OSError as error:
            why = f"{folder}: cannot be read ({error.strerror}): nothing is changed; mend its name or its rights"
            raise InputError(why) from None
        return Listing(found.files, found.refused)

    def is_gone(self, folder: Path) -> bool:
        """Tell whether nothing is there any more; what cannot be looked at is not gone."""
        try:
            os.lstat(folder)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False

    def mark(self, folder: Path, file: str) -> FileMark | None:
        """Give the mark of one file as it is now; None if it is no file any more."""
        try:
            return _mark(os.lstat(folder / file))
        except OSError:
            return None

    def read(self, folder: Path, file: str, *, campaign: str | None = None) -> FileContent:
        """Read one file of a listing; a record without a key has the file's path in the folder for one."""
        path = folder / file
        content = self._files.read(path, told=Told(campaign=campaign))
        default = tweet_key(self._files.in_project(str(path))) if path.suffix.lower() == TWEET else None
        return replace(content, records=_named(content.records, key_of_path(PurePath(file)), default))

    def is_at_work(self, folder: Path) -> bool:
        """Tell whether git is putting other files into the folder at this moment: it keeps its index locked meanwhile."""
        top = next((each for each in (folder, *folder.parents) if (each / ".git").is_dir()), None)
        return top is not None and (top / ".git" / "index.lock").exists()


def _named(records: Sequence[FoundRecord], name: str, default: str | None) -> list[FoundRecord]:
    """Give a record without a key of its own the file's name; with several in the file that would be no name."""
    without = [
        each
        for each in records
        if not (key_of(each.record) or each.known_as) or (default and each.record.key == default)
    ]
    if not without:
        return list(records)
    if len(records) > 1:
        message = "is missing: where a file of a folder holds several records, each needs one"
        raise RecordErrors([RecordProblem(each.where, "key", message) for each in without])
    if not is_key(name):
        message = f"cannot be made of the file's name: give the record one, or rename {name!r}"
        raise RecordErrors([RecordProblem(without[0].where, "key", message)])
    return [replace(without[0], record=_with_key(without[0].record, name), known_as=None)]


def _with_key(record: Record, key: str) -> Record:
    return replace(record, key=key)


def _note(found: _Found, entry: os.DirEntry[str], above: str) -> None:
    name = f"{above}{entry.name}"
    is_folder = entry.is_dir(follow_symlinks=False)
    if not _is_meant(entry, is_folder=is_folder):
        return
    if not name.isprintable():
        found.refused[ascii(name)] = "has a name that is no text: rename it"
    elif entry.is_symlink():
        found.refused[name] = _LINK
    elif is_folder:
        _note_folder(found, entry, f"{name}/")
    else:
        _note_file(found, entry, name)


def _is_meant(entry: os.DirEntry[str], *, is_folder: bool) -> bool:
    """Tell whether what has this name is to be looked at."""
    name = PurePath(entry.name)
    if entry.name.startswith((".", _OF_AN_OFFICE)) or name.stem.upper() == "README":
        return False
    if is_folder or (entry.is_symlink() and entry.is_dir()):
        return entry.name.lower() != "media"
    return name.suffix.lower() in RECORD_SUFFIXES


def _note_folder(found: _Found, entry: os.DirEntry[str], name: str) -> None:
    if name.count("/") > _DEEPEST:
        found.refused[name] = "lies too deep: move it up"
        return
    try:
        inner = list(_entries(entry.path))
    except OSError as error:
        found.refused[name] = f"cannot be read ({error.strerror}): mend its rights"
        return
    for each in inner:
        _note(found, each, name)


def _note_file(found: _Found, entry: os.DirEntry[str], name: str) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        found.refused[name] = f"cannot be read ({error.strerror}): mend its rights"
        return
    mark = _mark(status)
    if mark is None:
        found.refused[name] = "is no file: take it out of the folder"
    else:
        found.files[name] = mark


def _mark(status: os.stat_result) -> FileMark | None:
    if not stat.S_ISREG(status.st_mode):
        return None
    return FileMark(status.st_mtime_ns, status.st_size, status.st_ino)


def _entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        yield from sorted(entries, key=lambda entry: entry.name)
