"""The witness as a file beside the database (design, section 5, an older database)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from bot.application.ports.witness import Testimony
from bot.domain.errors import StoreUnavailable


class FileWitness:
    """Keeps `<account>.intent` for each account in the folder `<database>.locks`.

    `fsync` is the system's, or what a test puts in its place.
    """

    def __init__(self, database: Path, *, fsync: Callable[[int], None] = os.fsync) -> None:
        self._fsync = fsync
        real = database.resolve()
        self._folder = real.with_name(real.name + ".locks")

    def recall(self, account: str) -> Testimony | None:
        """Give the last testimony; None when there is no file. Raises StoreUnavailable when it cannot be read."""
        path = self._path(account)
        try:
            words = json.loads(path.read_text("utf-8"))
            return Testimony(seq=int(words["seq"]), hash=str(words["hash"]))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable(f"the witness {path} cannot be read: {error.strerror}") from error
        except (ValueError, LookupError, TypeError) as error:
            raise StoreUnavailable(
                f"the witness {path} is spoilt: remove it, and what went out is looked up before anything is sent"
            ) from error

    def attest(self, account: str, testimony: Testimony) -> None:
        """Write it down, durable before this returns. Raises StoreUnavailable when it cannot be."""
        path = self._path(account)
        new = path.with_name(path.name + ".new")
        words = json.dumps({"seq": testimony.seq, "hash": testimony.hash})
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            self._write(new, words.encode())
            new.replace(path)
            self._sync_folder()
        except OSError as error:
            raise StoreUnavailable(f"the witness {path} cannot be written: {error.strerror}") from error

    def _path(self, account: str) -> Path:
        return self._folder / (quote(account, safe="").replace(".", "%2E") + ".intent")

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
