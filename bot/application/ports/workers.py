"""The processes that publish: when each was last seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker: its name (host and pid), when it started and was last seen (UTC), and whether it ended in good order."""

    name: str
    started_at: datetime
    seen_at: datetime
    ended: bool = False


class Workers(Protocol):
    """The roll of workers."""

    def beat(self, name: str, *, started_at: datetime, now: datetime, ended: bool = False) -> None:
        """Note that a worker is alive, or that it ended."""
        ...

    def seen(self) -> Sequence[WorkerSeen]:
        """List the workers, the last seen first."""
        ...
