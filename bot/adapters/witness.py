"""The witness as a file beside the database (design, section 5, an older database)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.application.ports.witness import Testimony
from bot.domain.errors import StoreUnavailable

MOST_WITHDRAWN = 500
"""How many withdrawn posts are remembered of an account, the latest."""


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
        try:
            words = self._read(path)
            return None if words is None else Testimony(seq=int(words["seq"]), hash=str(words["hash"]))
        except (ValueError, LookupError, TypeError) as error:
            raise StoreUnavailable(
                f"the witness {path} is spoilt: remove it, and what went out is looked up before anything is sent"
            ) from error

    def attest(self, account: str, testimony: Testimony) -> None:
        """Write it down, durable before this returns. Raises StoreUnavailable when it cannot be."""
        self._replace(self._path(account, "intent"), {"seq": testimony.seq, "hash": testimony.hash})

    def recall_withdrawn(self, account: str) -> Mapping[str, str]:
        """Give the marks of the posts that were withdrawn lately, each with the post's id. Raises StoreUnavailable when they
        cannot be read."""
        path = self._path(account, "withdrawn")
        try:
            kept = self._read(path)
            return {} if kept is None else {str(mark): str(post_id) for mark, post_id in kept.items()}
        except (ValueError, AttributeError) as error:
            raise StoreUnavailable(
                f"the witness {path} is spoilt: remove it, and look at what is queued before you go on"
            ) from error

    def attest_withdrawn(self, account: str, marks: Mapping[str, str]) -> None:
        """Write down that posts are withdrawn, durable before this returns. Raises StoreUnavailable when it cannot be."""
        known = {**self.recall_withdrawn(account), **marks}
        latest = dict(list(known.items())[-MOST_WITHDRAWN:])
        self._replace(self._path(account, "withdrawn"), latest)

    def _path(self, account: str, what: str) -> Path:
        return self._folder / f"{quote(account, safe='').replace('.', '%2E')}.{what}"

    def _read(self, path: Path) -> Any:
        """Read a file; None if there is none. Raises ValueError when it is spoilt."""
        try:
            return json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(f"the witness {path} cannot be read: {error.strerror}") from error

    def _replace(self, path: Path, content: Mapping[str, Any]) -> None:
        new = path.with_name(path.name + ".new")
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._write(new, json.dumps(content).encode())
            new.replace(path)
            self._sync_folder()
        except OSError as error:
            raise StoreUnavailable(f"the witness {path} cannot be written: {error.strerror}") from error

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
