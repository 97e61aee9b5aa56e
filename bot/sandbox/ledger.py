"""The judge's book: what X has taken, written to a file before it answers; it survives the sandbox's own death."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Ledger:
    """An append-only file of JSON lines."""

    def __init__(self, path: Path, *, fsync: bool = True) -> None:
        self._fsync = fsync
        self._guard = threading.Lock()
        self._path = path
        self._cut_torn_line()
        self._file = path.open("ab")

    def append(self, event: dict[str, Any]) -> None:
        """Write one event; it is in the file when this returns."""
        line = json.dumps(event, ensure_ascii=False).encode() + b"\n"
        with self._guard:
            self._file.write(line)
            self._file.flush()
            if self._fsync:
                os.fsync(self._file.fileno())

    def events(self) -> Iterator[dict[str, Any]]:
        """Walk all events, the oldest first."""
        with self._path.open("rb") as file:
            for line in file:
                yield json.loads(line)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _cut_torn_line(self) -> None:
        """A line that was being written when the sandbox died was never answered: it does not count."""
        if not self._path.exists():
            return
        data = self._path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole != len(data):
            os.truncate(self._path, whole)
