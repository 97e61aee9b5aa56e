"""The disk under the project folder, which can be full."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

ROOM = "192m"
SMALLEST = 8192


class Disk(Protocol):
    """`fill` is told which processes write to it."""

    name: str

    def fill(self, writers: Iterable[int]) -> None:
        """Leave no room for a byte more."""

    def clear(self, writers: Iterable[int]) -> None:
        """Give the room back."""

    def close(self) -> None:
        """Let go of it."""


def open_disk(folder: Path, *, plain: bool) -> Disk:
    """Make the best disk that this machine allows at an empty folder; a `plain` one needs no rights."""
    if plain:
        return Limited()
    try:
        return Mounted(folder)
    except (OSError, subprocess.CalledProcessError):
        return Limited()


class Mounted:
    """A small file system of its own in memory, filled by a file that takes what is left."""

    name = "small file system"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "storm", str(folder)],
            check=True,
            capture_output=True,
        )

    @property
    def _filler(self) -> Path:
        return self._folder / "filler"

    def fill(self, writers: Iterable[int]) -> None:
        """Take all room that is left."""
        with self._filler.open("ab") as file:
            free = os.statvfs(self._folder)
            size = free.f_bavail * free.f_frsize
            while size >= SMALLEST // 2:  # the workers take some meanwhile
                try:
                    os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size)
                except OSError:
                    size //= 2

    def clear(self, writers: Iterable[int]) -> None:
        """Remove the file."""
        self._filler.unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount it."""
        subprocess.run(["umount", "--lazy", str(self._folder)], check=False, capture_output=True)


class Limited:
    """A limit on the size of the files that the workers write: every write behind it fails, as on a full disk."""

    name = "limit on file sizes"

    def fill(self, writers: Iterable[int]) -> None:
        """Let no file grow, nor be written behind its first page."""
        self._limit(writers, SMALLEST)

    def clear(self, writers: Iterable[int]) -> None:
        """Lift the limit."""
        self._limit(writers, resource.RLIM_INFINITY)

    def close(self) -> None:
        """Nothing is left of it."""

    def _limit(self, writers: Iterable[int], size: int) -> None:
        for process in writers:
            with suppress(ProcessLookupError):
                _, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
                resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))
