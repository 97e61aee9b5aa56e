"""Wakes by the system's own notices of changed files (the watchfiles library)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.application.ports.clock import Clock

QUIET_MS = 300
"""What is written together, as a checkout does, is one change: nothing more comes for so long,"""
LONGEST_MS = 5_000
"""or changes have come without a pause for so long."""
SLOWEST = 2.0
"""Seconds after which to look in any case: notices get lost, on network drives all of them."""


@dataclass(frozen=True, slots=True)
class _Stop:
    """The clock's word that the program is to stop, as the library asks for it."""

    clock: Clock

    def is_set(self) -> bool:
        return self.clock.stopping()


class WatchfilesFolderWatch:
    """Wakes whoever follows a folder, after `slowest` seconds in any case."""

    def __init__(self, clock: Clock, *, slowest: float = SLOWEST) -> None:
        self._clock = clock
        self._slowest = slowest

    def wakes(self, folder: Path) -> Iterator[None]:
        """Come back at once, then after files of the folder were written, and every few seconds in any case."""
        while not self._clock.stopping():
            yield
            which = _which(folder)
            if which is None:
                self._clock.wait(self._slowest)
            else:
                yield from self._while_it_is(folder, which)

    def _while_it_is(self, folder: Path, which: tuple[int, int]) -> Iterator[None]:
        """Wake for as long as the very same folder stands there: notices of one that was replaced never come."""
        from watchfiles import watch  # noqa: PLC0415 - start-up time

        notices = watch(
            folder,
            watch_filter=None,
            step=QUIET_MS,
            debounce=LONGEST_MS,
            rust_timeout=int(self._slowest * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
            stop_event=_Stop(self._clock),
        )
        for notice in notices:
            # A folder that is made anew may be given the number of the one before: the notice of its going is what tells.
            is_gone = _which(folder) != which or any(Path(path) == folder for _, path in notice)
            if is_gone or self._clock.stopping():
                return
            yield


def _which(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
