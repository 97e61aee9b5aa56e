"""The witness as a file beside the database (design, section 5, an older database)."""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from bot.application.ports.witness import Testimony
from bot.domain.errors import StoreUnavailable

MOST_WITHDRAWN = 500
"""How many withdrawn posts are remembered of an account, the latest."""

PLACE = 4096
"""Bytes of one of the two places of a testimony: no disk writes less at once, so writing one leaves the other alone."""


class FileWitness:
    """Keeps `<account>.intent` and `<account>.withdrawn` for each account in the folder `<database>.locks`.

    `fsync` is the system's, or what a test puts in its place.
    """

    def __init__(self, database: Path, *, fsync: Callable[[int], None] = os.fsync) -> None:
        self._fsync = fsync
        real = database.resolve()
        self._folder = real.with_name(real.name + ".locks")

    def recall(self, account: str) -> Testimony | None:
        """Give the last testimony; None when there is no file. Raises StoreUnavailable when it cannot be read."""
        path = self._path(account, "intent")
        content = self._read(path)
        if content is None:
            return None
        known = _newest(content)
        if known is None:
            raise StoreUnavailable(
                f"the witness {path} is spoilt: remove it, and what went out is looked up before anything is sent"
            )
        return known[1]

    def attest(self, account: str, testimony: Testimony) -> None:
        """Write it down, durable before this returns. Raises StoreUnavailable when it cannot be.

        It takes the place of the last but one, so that a write that is cut off leaves the last. Who writes holds the sender
        lock.
        """
        path = self._path(account, "intent")
        content = self._read(path)
        known = _newest(content) if content else None
        if known is None:
            self._replace(path, _line(0, testimony) + b" " * PLACE)
        else:
            self._overwrite(path, _line(known[0] + 1, testimony), at=(known[0] + 1) % 2 * PLACE)

    def recall_withdrawn(self, account: str) -> Mapping[str, str]:
        """Give the marks of the posts that were withdrawn lately, each with the post's id. Raises StoreUnavailable when they
        cannot be read."""
        path = self._path(account, "withdrawn")
        try:
            content = self._read(path)
            kept = {} if content is None else json.loads(content)
            return {str(mark): str(post_id) for mark, post_id in kept.items()}
        except (ValueError, AttributeError) as error:
            raise StoreUnavailable(
                f"the witness {path} is spoilt: remove it, and look at what is queued before you go on"
            ) from error

    def attest_withdrawn(self, account: str, marks: Mapping[str, str]) -> None:
        """Write down that posts are withdrawn, durable before this returns. Raises StoreUnavailable when it cannot be."""
        known = {**self.recall_withdrawn(account), **marks}
        latest = dict(list(known.items())[-MOST_WITHDRAWN:])
        self._replace(self._path(account, "withdrawn"), json.dumps(latest).encode())

    def _path(self, account: str, what: str) -> Path:
        return self._folder / f"{quote(account, safe='').replace('.', '%2E')}.{what}"

    def _read(self, path: Path) -> bytes | None:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(f"the witness {path} cannot be read: {error.strerror}") from error

    def _replace(self, path: Path, content: bytes) -> None:
        """Put a whole file in the place of another: after a loss of power it is the one or the other."""
        new = path.with_name(path.name + ".new")
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._write(new, content)
            new.replace(path)
            self._sync_folder()
        except OSError as error:
            raise StoreUnavailable(f"the witness {path} cannot be written: {error.strerror}") from error

    def _overwrite(self, path: Path, line: bytes, *, at: int) -> None:
        try:
            descriptor = os.open(path, os.O_WRONLY)
            try:
                written = os.pwrite(descriptor, line, at)
                self._fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise StoreUnavailable(f"the witness {path} cannot be written: {error.strerror}") from error
        if written < len(line):
            raise StoreUnavailable(f"the witness {path} cannot be written: only a part of it was")

    def _write(self, path: Path, content: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a path cannot be opened with a mode of its own
            file.write(content)
            file.flush()
            self._fsync(descriptor)

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._fsync(descriptor)
        finally:
            os.close(descriptor)


def _line(count: int, testimony: Testimony) -> bytes:
    """Write how many testimonies were before, the testimony, and a check by which a line that was cut off is known."""
    words = f"{count} {testimony.seq} {testimony.hash}".encode()
    return (words + b" %08x\n" % zlib.crc32(words)).ljust(PLACE)


def _newest(content: bytes) -> tuple[int, Testimony] | None:
    """Give the later of the two testimonies that are whole, and how many were before it; None if neither is."""
    lines = (_whole(content[:PLACE]), _whole(content[PLACE:]))
    return max((line for line in lines if line), key=lambda line: line[0], default=None)


def _whole(line: bytes) -> tuple[int, Testimony] | None:
    words, _, check = line.strip().rpartition(b" ")
    try:
        if int(check, 16) != zlib.crc32(words):
            return None
        count, seq, mark = words.decode().split(" ")
        return int(count), Testimony(int(seq), mark)
    except ValueError:
        return None
