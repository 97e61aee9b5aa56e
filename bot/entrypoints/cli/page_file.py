"""Writes a page: whole or not at all, for its owner's eyes, and never over something that is not a page of ours."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.domain.errors import InputError, Refusal

MARKER = "<!doctype html>\n<!-- made by bot preview, which may write it anew -->\n"
"""How a page begins that may be written over."""


def write_page(path: Path, page: str, *, force: bool) -> None:
    """Write a page that begins with the marker.

    Raises Refusal if something else lies there, InputError if it cannot be written.
    """
    if not force and not _is_free(path):
        raise Refusal(f"{path}: something else lies there; give another name, or --force to write over it")
    try:
        descriptor, name = tempfile.mkstemp(prefix=".preview-", suffix=".html", dir=path.parent)  # mode 0600
    except OSError as error:
        raise InputError(f"{path}: the page cannot be written there: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(page.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise InputError(f"{path}: the page cannot be written: {error.strerror}") from None
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def _is_free(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MARKER)) == MARKER.encode()
    except FileNotFoundError:
        return True
    except OSError:
        return False
