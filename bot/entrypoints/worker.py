"""The worker: publishes what is due, until it is told to stop or nothing is left."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass

from bot.application.ports.announcements import Filter
from bot.application.work import Work
from bot.bootstrap import Program
from bot.domain.announcement import Announcement
from bot.domain.states import State


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: what is left for people, a line each. None left means that it ended well."""

    left: Sequence[str]


def run_worker(program: Program) -> None:
    """Publish until the program is told to stop (SIGTERM, SIGINT); the request in flight is finished first."""
    work = program.work()
    _stop_on_signals(program)
    program.dispatcher.run(work)
    work.beat(ended=True)


def run_until_drained(program: Program, *, also_ahead: bool = False) -> Ended:
    """Publish until nothing is due or unsettled; with `also_ahead` wait for what is scheduled for later, too."""
    work = program.work()
    _stop_on_signals(program)

    def done() -> bool:
        return work.drained() and not (also_ahead and _lies_ahead(program))

    program.dispatcher.run(work, done=done)
    work.beat(ended=True)
    return Ended(what_is_left(program, work))


def _lies_ahead(program: Program) -> bool:
    with program.store.reading() as tx:
        return tx.announcements.count(Filter(states=[State.SCHEDULED])) > 0


def run_once(program: Program) -> Ended:
    """Give each account one turn."""
    work = program.work()
    _stop_on_signals(program)
    work.beat()
    for account in work.accounts():
        work.turn(account)
    work.beat(ended=True)
    return Ended(what_is_left(program, work))


def what_is_left(program: Program, work: Work) -> list[str]:
    """Say what waits for people, a line each."""
    status = program.report.status()
    lines = [f"{a.name}: {_why(a)}" for a in [*status.held, *status.missed]]
    lines += [f"{pause.scope} is paused ({pause.kind}): {pause.why}" for pause in status.pauses]
    lines += ["everything is paused: the file PAUSE lies in the project folder"] if status.pause_file else []
    lines += [f"{account}: {why}" for account, why in work.readiness.stuck.items()]
    lines += [
        f"{s.account.name} waits until {s.wait_until:%H:%M:%S} UTC: X asked to (rate limit)"
        for s in status.accounts
        if s.wait_until and status.late
    ]
    return lines


def _why(announcement: Announcement) -> str:
    if announcement.held:
        return f"{announcement.state}: {announcement.held.reason}: {announcement.held.detail}"
    return "missed: too late" if announcement.state is State.MISSED else announcement.state.value


def _stop_on_signals(program: Program) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: program.clock.stop())
    signal.signal(signal.SIGHUP, lambda *_: program.configuration.reload())
