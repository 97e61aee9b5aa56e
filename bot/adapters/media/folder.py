"""The files of the project folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from bot.adapters.media.films import facts_of_film, is_film
from bot.adapters.media.images import Prepared, prepare
from bot.domain.announcement import MediaItem
from bot.domain.errors import InputError
from bot.domain.media import MediaFacts, MediaKind
from bot.domain.media_rules import VIDEO_BYTES

LARGEST_IMAGE_FILE = 100_000_000
"""A picture is held in memory; what is larger than this is not looked at."""

_PIECE = 1 << 20


class MediaFolder:
    """Reads pictures and films below one folder; what leads out of it is refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def inspect(self, item: MediaItem) -> MediaFacts:
        """Read what a file is. Raises InputError: it is not there, lies outside the folder, or is nothing that X takes."""
        path = self._path(item)
        with _open(path, item) as file:
            digest, size = _digest(file, item)
            if is_film(file):
                return replace(facts_of_film(path, item), sha256=digest, size=size)
            prepared = self._prepared(file, item, size)
        return replace(prepared.facts, sha256=digest)

    def pieces(self, item: MediaItem, facts: MediaFacts, *, size: int) -> Iterator[bytes]:
        """Give the bytes to send, in pieces of at most `size`. Raises InputError if the file is another by now."""
        with _open(self._path(item), item) as file:
            digest, length = _digest(file, item)
            if digest != facts.sha256:
                raise InputError(f"{item.path}: the file was changed after it was approved")
            whole: BinaryIO = file
            if facts.kind is not MediaKind.VIDEO:
                whole = BytesIO(self._prepared(file, item, length).data)
            while piece := whole.read(size):
                yield piece

    def _prepared(self, file: BinaryIO, item: MediaItem, size: int) -> Prepared:
        if size > LARGEST_IMAGE_FILE:
            raise InputError(
                f"{item.path}: {size / 1e6:.0f} MB is too large for a picture, and it is no MP4 film"
            )
        file.seek(0)
        return prepare(file.read(), item)

    def _path(self, item: MediaItem) -> Path:
        """Only files below the folder: a record may come from anybody."""
        try:
            path = (self._folder / item.path).resolve()
        except (OSError, ValueError, RuntimeError):
            raise InputError(f"{item.path!r}: no file can have this name") from None
        if not path.is_relative_to(self._folder):
            raise InputError(f"{item.path}: the file lies outside the project folder; copy it into it")
        if path.name.startswith(".") or not path.is_file():
            raise InputError(f"{item.path}: there is no such file in the project folder")
        return path


def _open(path: Path, item: MediaItem) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{item.path}: the file cannot be read: {error.strerror}") from None


def _digest(file: BinaryIO, item: MediaItem) -> tuple[str, int]:
    """Hash a file and give its size; it is at its beginning again after that."""
    digest, size = hashlib.sha256(), 0
    try:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            if size > VIDEO_BYTES:
                raise InputError(
                    f"{item.path}: it is larger than {VIDEO_BYTES / 1e6:.0f} MB, the most that X takes"
                )
        file.seek(0)
    except OSError as error:
        raise InputError(f"{item.path}: the file cannot be read: {error.strerror}") from None
    if size == 0:
        raise InputError(f"{item.path}: the file is empty")
    return digest.hexdigest(), size
