"""Every error that people meet.

The tree::

    BotError
    ├── UsageError            the command was given wrongly                    exit 2
    ├── InputError            a record, a file or a value is wrong             exit 1
    │   ├── RecordErrors      several of them, told row by row
    │   └── RenderError       a template does not render
    ├── Refusal               the answer is "no": state, rights or rules forbid it   exit 1
    │   └── TooLate           it is being sent at this moment
    ├── Unreachable           the database or X does not answer                exit 3
    │   └── StoreUnavailable  the database is locked, read-only, full or gone
    │       └── StoreReplaced another file lies in its place by now
    └── SettingsMissing       a setting or a key is missing or wrong           exit 4

Each says in one line what is wrong, where (file:line or field) and what to do (design, section 8).
Whether the *effect* of a request possibly happened is not an error but an outcome: see `outcomes.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice


class BotError(Exception):
    """Base of all errors that are shown to people as one line.

    `exit_code` is what the command line ends with (design, section 8).
    """

    exit_code = 1


class UsageError(BotError):
    """The command was given wrongly."""

    exit_code = 2


class InputError(BotError):
    """A record, a file or a value is wrong; nothing was changed."""


class Refusal(BotError):
    """The answer is no: the state, the rules or the rights forbid it."""


class TooLate(Refusal):
    """The announcement is being sent at this moment, or is out."""


class Unreachable(BotError):
    """Something outside does not answer."""

    exit_code = 3


class StoreUnavailable(Unreachable):
    """The database is locked, read-only, full, gone, or of another version."""


class StoreReplaced(StoreUnavailable):
    """Another file lies in the database's place since it was opened: this process knows nothing of what is in it."""


class SettingsMissing(BotError):
    """A setting or a key is missing or wrong."""

    exit_code = 4


class RenderError(InputError):
    """A template cannot be rendered with this record."""


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """What is wrong in one place of a file.

    `where` is `file:line`; `field` the record's field, or None if the row as a whole is meant.
    """

    where: str
    field: str | None
    message: str

    def __str__(self) -> str:
        return (
            f"{self.where}: {self.field}: {self.message}" if self.field else f"{self.where}: {self.message}"
        )


MOST_TOLD = 1_000
"""Problems of a file that are told: with more of them something is wrong with the whole file."""


class RecordErrors(InputError):
    """Every problem of a file, so that people mend them in one go; of very many the first ones, and how many more there are."""

    def __init__(self, problems: Iterable[RecordProblem]) -> None:
        self.problems = tuple(_first_of(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _first_of(problems: Iterable[RecordProblem]) -> Iterator[RecordProblem]:
    rest = iter(problems)
    yield from islice(rest, MOST_TOLD)
    untold = next(rest, None)
    if untold:
        more = sum(1 for _ in rest)
        others = f", and {more:,} more like it," if more else ""
        yield replace(untold, field=None, message=f"this{others} is wrong, too: mend what stands above first")
