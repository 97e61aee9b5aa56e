"""What became of the records of a file, row by row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.application.ports.record_files import FoundRecord
from bot.application.ports.store import Transaction
from bot.domain.announcement import Due
from bot.domain.errors import RecordProblem
from bot.domain.record_changes import Change


class Action(StrEnum):
    """What the intake did with a row; the last two only where it tells what it would do."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file and what became of it; `id` is None in a dry run that would add it, and for a series.

    `due`: its time; `made`: the numbers of the announcements that were made of a series; `told`: what people
    should know of it, a line each; `problems`: why it is refused, or passed over; `is_behind`: the queue was edited
    since, so that the row is not what the announcement says.
    """

    where: str
    key: str
    action: Action
    id: int | None
    due: Due | None = None
    made: tuple[int, ...] = ()
    told: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    problems: tuple[RecordProblem, ...] = ()
    is_behind: bool = False

    @property
    def ids(self) -> tuple[int, ...]:
        """The numbers of the announcements that it stands for: a yes to a row that is behind is none to the edit."""
        if self.is_behind:
            return ()
        return self.made if self.id is None else (self.id,)


class TakesSeries(Protocol):
    """Takes in what comes again, and makes announcements of it."""

    def take(self, tx: Transaction, found: FoundRecord, *, actor: str) -> Row:
        """Take a record with `repeat` in. Raises InputError or Refusal."""
        ...
