"""Campaigns and accounts as their files are now: read again when one of them changed, or when somebody asks for it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from bot.application.ports.clock import Clock
from bot.application.ports.configuration import Configuration, ConfigurationFiles
from bot.domain.errors import InputError

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
"""Seconds between two looks at the files: an import asks for every one of its records."""

_Seen = list[tuple[str, int, int, int]] | None


class WatchedConfiguration:
    """Gives the configuration; while changed files are wrong, the one before holds and people are told.

    `tell`: told what is wrong, once for each change (default: the log); it must not ask for the configuration.
    """

    def __init__(
        self,
        folder: Path,
        files: ConfigurationFiles,
        clock: Clock,
        *,
        look_every: float = LOOK_EVERY,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._folder = folder
        self._files = files
        self._clock = clock
        self._look_every = look_every
        self._tell = tell or _log_only
        self._guard = threading.Lock()
        self._configuration: Configuration | None = None
        self._seen: _Seen = None
        self._looked_at = 0.0
        self._stale = False

    def __call__(self) -> Configuration:
        """Give what holds now. Raises InputError if the very first reading is wrong."""
        with self._guard:
            now = self._clock.running()
            lately = now - self._looked_at < self._look_every
            if self._configuration is not None and lately and not self._stale:
                return self._configuration
            self._looked_at = now
            return self._read_if_changed()

    def reload(self) -> None:
        """Have the files read at the next call, whether they changed or not. May be called from a signal handler."""
        self._stale = True

    def _read_if_changed(self) -> Configuration:
        stale, self._stale = self._stale, False
        seen = self._look()
        if self._configuration is not None and seen == self._seen and not stale:
            return self._configuration
        self._seen = seen
        before = self._configuration
        try:
            self._configuration = self._files.load()
        except InputError as error:
            if before is None:
                raise
            self._tell(str(error))
            return before
        if before is not None:
            log.info("the schedules were read again", extra={"folder": str(self._folder)})
        return self._configuration

    def _look(self) -> _Seen:
        try:
            with os.scandir(self._folder) as entries:
                files = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".toml")]
        except OSError:  # reading them says what is wrong
            return None
        return sorted((name, stat.st_mtime_ns, stat.st_size, stat.st_ino) for name, stat in files)


def _log_only(what: str) -> None:
    log.error("the changed schedules are wrong; those before hold", extra={"detail": what})
