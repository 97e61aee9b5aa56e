"""Writes a file that a command was asked for: whole or not at all, and for its owner's eyes."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.domain.errors import InputError, Refusal


def write_new(path: Path, data: bytes, *, force: bool) -> None:
    """Write a file where none lies. Raises Refusal if one does, InputError if it cannot be written."""
    if not force and (path.exists() or path.is_symlink()):
        raise Refusal(f"{path}: lies there already; give another name, or --force to write over it")
    write_whole(path, data, what="the file")


def is_free(path: Path, beginning: bytes) -> bool:
    """Tell whether nothing lies there, or a file that begins as ours do, which may be written anew."""
    try:
        with path.open("rb") as file:
            return file.read(len(beginning)) == beginning
    except FileNotFoundError:
        return True
    except OSError:
        return False


def write_whole(path: Path, data: bytes, *, what: str) -> None:
    """Put a file in its place when all of it is on the disk. Raises InputError."""
    try:
        descriptor, name = tempfile.mkstemp(
            prefix=".writing-", suffix=path.suffix, dir=path.parent
        )  # mode 0600
    except OSError as error:
        raise InputError(f"{path}: {what} cannot be written there: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise InputError(f"{path}: {what} cannot be written: {error.strerror}") from None
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()
