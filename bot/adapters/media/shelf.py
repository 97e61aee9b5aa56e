"""Pictures that come from elsewhere, kept below the project folder."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.adapters.media.images import prepare
from bot.domain.announcement import MediaItem
from bot.domain.errors import InputError
from bot.domain.media_rules import IMAGE_BYTES

FOLDER = "media/news"
_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}
_LONGEST_STEM = 80


class NewsPictures:
    """Keeps pictures in `media/news` of a project folder."""

    def __init__(self, project: Path) -> None:
        self._project = project.resolve()

    def keep(self, data: bytes, name: str, alt: str) -> MediaItem:
        """Keep a picture; what lies there already is never replaced. Raises InputError."""
        facts = prepare(data, MediaItem(_named(name))).facts
        scale = facts.mime != "image/gif" and len(data) > IMAGE_BYTES
        folder, stem, ending = self._project / FOLDER, _stem(name), _ENDINGS[facts.mime]
        mark = hashlib.sha256(data).hexdigest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not folder.resolve().is_relative_to(self._project):
                raise InputError(f"{FOLDER}: leads out of the project folder; make it a folder")
            for file in (f"{stem}{ending}", f"{stem}-{mark[:12]}{ending}", f"{mark}{ending}"):
                if _put(folder / file, data):
                    return MediaItem(f"{FOLDER}/{file}", alt, scale)
        except OSError as error:
            raise InputError(f"{FOLDER}: the picture cannot be written: {error.strerror}") from None
        raise InputError(f"{FOLDER}: {stem}{ending} stands for other pictures; move one of them away")


def _put(path: Path, data: bytes) -> bool:
    """Write a file whole or not at all; tell whether it lies there now, which it may have done before."""
    with suppress(FileNotFoundError):
        return path.read_bytes() == data
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:  # somebody else was faster
        return path.read_bytes() == data
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return True


def _stem(name: str) -> str:
    """Make a name of letters, digits, dots and dashes of what may be any address or path."""
    last = _named(name).rpartition(".")
    stem = re.sub(r"[^A-Za-z0-9.-]+", "-", last[0] or last[2]).strip(".-")
    return stem[:_LONGEST_STEM].strip(".-").lower() or "picture"


def _named(name: str) -> str:
    """Give the last part of an address or a path, as people call it; a picture written into its page has none."""
    if name.startswith("data:"):
        return "picture"
    try:
        path = unquote(urlsplit(name).path)
    except ValueError:
        path = ""
    return "".join(char for char in path.rstrip("/").rpartition("/")[2] if char.isprintable()) or "picture"
