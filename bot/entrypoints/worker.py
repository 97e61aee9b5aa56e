"""The worker: publishes what is due, until it is told to stop or nothing is left."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from bot.application.ports.announcements import Filter
from bot.application.work import Work
from bot.bootstrap import Program
from bot.domain.announcement import Announcement
from bot.domain.errors import BotError
from bot.domain.states import State
from bot.domain.walltime import show
from bot.entrypoints.signals import Signals

ACCOUNTS_AT_ONCE = 10
MOST_TOLD = 50

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: what is left for people, a line each. None left means that it ended well."""

    left: Sequence[str]


def run_worker(program: Program, *, say: Say | None = None) -> None:
    """Publish until the program is told to stop (SIGTERM, SIGINT); the request in flight is finished first.

    `say` is told what the worker waits for, each time that this changes.
    """
    work = program.work()
    with Signals(program):
        program.dispatcher.run(_Telling(program, work, say) if say else work)
        work.beat(ended=True)


def run_until_drained(program: Program, *, also_ahead: bool = False) -> Ended:
    """Publish until nothing is due or unsettled; with `also_ahead` wait for what is scheduled for later, too."""
    work = program.work()
    as_of = program.clock.now()

    def done() -> bool:
        nonlocal as_of
        as_of = program.clock.now()
        return work.drained() and not (also_ahead and _lies_ahead(program))

    with Signals(program):
        program.dispatcher.run(work, done=done)
        work.beat(ended=True)
    stopped = ["stopped before the queue was drained"] if program.clock.stopping() else []
    return Ended([*stopped, *what_is_left(program, work, as_of)])


def run_once(program: Program) -> Ended:
    """Give each account one turn, side by side."""
    work = program.work()
    as_of = program.clock.now()
    with Signals(program):
        work.beat()
        work.sweep()
        with ThreadPoolExecutor(ACCOUNTS_AT_ONCE) as pool:
            list(
                pool.map(lambda name: None if program.clock.stopping() else work.turn(name), work.accounts())
            )
        work.beat(ended=True)
    return Ended(what_is_left(program, work, as_of))


def what_it_does(program: Program) -> str:
    """Say in one line for whom a worker publishes, from where, and what comes next. Raises what its parts raise."""
    accounts = ", ".join(sorted(program.configuration().accounts)) or "no account"
    return f"publishing for {accounts} from {program.database}; {what_comes_next(program)}"


def what_comes_next(program: Program) -> str:
    """Say what a worker waits for."""
    with program.store.reading() as tx:
        upcoming = tx.announcements.list(Filter(states=[State.SCHEDULED]), limit=1)
    if program.stop_file():
        return "everything is paused: the file PAUSE lies in the project folder"
    if not upcoming or upcoming[0].due is None:
        return "nothing is scheduled"
    return f"next is {upcoming[0].name}, {show(upcoming[0].due)}"


def what_is_left(program: Program, work: Work, as_of: datetime) -> list[str]:
    """Say what waits for people, or is not out although it was due at an instant (UTC), a line each."""
    status = program.report.status()
    with program.store.reading() as tx:
        due = Filter(states=[State.SCHEDULED, State.PUBLISHING], due_until=as_of)
        not_out = tx.announcements.list(due, limit=MOST_TOLD)
        more = tx.announcements.count(due) - len(not_out)
    lines = [f"{a.name}: {_why(a)}" for a in [*status.held, *status.missed]]
    lines += [f"{_scope(pause.scope)} is paused ({pause.kind}): {pause.why}" for pause in status.pauses]
    lines += ["everything is paused: the file PAUSE lies in the project folder"] if status.pause_file else []
    lines += [f"{account}: {why}" for account, why in work.readiness.stuck.items()]
    lines += [
        f"{s.account.name} waits until {s.wait_until:%H:%M:%S} UTC: X asked to (rate limit)"
        for s in status.accounts
        if s.wait_until and not_out
    ]
    lines += [f"{a.name}: due {show(a.due)}, not out yet ({a.state})" for a in not_out if a.due]
    return lines + ([f"{more} more are due and not out yet"] if more else [])


def _why(announcement: Announcement) -> str:
    if announcement.held:
        return f"{announcement.state}: {announcement.held.reason}: {announcement.held.detail}"
    return "missed: too late" if announcement.state is State.MISSED else announcement.state.value


def _scope(scope: str) -> str:
    return "every account" if scope == "*" else scope


def _lies_ahead(program: Program) -> bool:
    with program.store.reading() as tx:
        return tx.announcements.count(Filter(states=[State.SCHEDULED])) > 0


@dataclass(slots=True)
class _Telling:
    """The turns, with word of what comes next after each of them and after each change from outside."""

    program: Program
    work: Work
    say: Say
    said: str = ""
    guard: threading.Lock = field(default_factory=threading.Lock)

    def accounts(self) -> Sequence[str]:
        """List the accounts that have anything to do."""
        return self.work.accounts()

    def seconds_left(self, account: str) -> float | None:
        """Tell when the account's next turn is due."""
        return self.work.seconds_left(account)

    def turn(self, account: str) -> float | None:
        """Make a turn and tell."""
        seconds = self.work.turn(account)
        self._tell()
        return seconds

    def changed(self) -> bool:
        """Look for changes; tell if there is one."""
        changed = self.work.changed()
        if changed:
            self._tell()
        return changed

    def sweep(self) -> None:
        """Do what comes up rarely."""
        self.work.sweep()

    def beat(self) -> None:
        """Say that the worker is alive."""
        self.work.beat()

    def _tell(self) -> None:
        with self.guard, suppress(BotError):  # the turn's own log says what does not answer
            coming = what_comes_next(self.program)
            if coming != self.said:
                self.said = coming
                self.say(coming)
