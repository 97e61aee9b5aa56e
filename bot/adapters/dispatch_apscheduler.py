"""APScheduler as the dispatcher: one date job for each account, at the instant of its next turn (design, section 6).

Not one job for each announcement: the queue lives in the store. A wake that comes while a turn runs is kept and follows it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger

from bot.application.ports.clock import Clock
from bot.application.ports.dispatcher import Turns
from bot.domain.errors import BotError
from bot.domain.profile import Profile

ACCOUNTS_AT_ONCE = 10
LOOK_EVERY = 0.1
"""Seconds between two looks at whether the queue is drained."""
POLLS_A_LOOK = 5
"""How many polls pass between two looks at whether the wall clock was set."""
SHORTEST_POLL = 0.05
"""Seconds; a scaled profile polls no more often."""
JUMP = 0.5
"""Seconds by which the wall clock must leave the running clock to be taken for a jump."""
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""A job of the past runs at once, whatever the wall clock says at this moment."""


class ApschedulerDispatcher:
    """Wakes each account when it has something to do; accounts run side by side, each one turn at a time.

    `poll`: seconds between two looks at whether another process has written to the store.
    """

    def __init__(self, clock: Clock, profile: Profile, *, poll: float = 1.0) -> None:
        self._clock = clock
        self._profile = profile
        self._poll = max(poll, SHORTEST_POLL)

    def run(self, turns: Turns, *, done: Callable[[], bool] | None = None) -> None:
        """Drive the turns until the program is stopping, or `done` says that nothing is left."""
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(ACCOUNTS_AT_ONCE), "watch": ThreadPoolExecutor(1)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=UTC,
        )
        alarms = _Alarms(scheduler, self._clock, turns, self._profile)
        turns.beat()
        turns.sweep()
        offset = self._offset()
        scheduler.start()
        try:
            regular = self._add_regular(scheduler, alarms, turns)
            alarms.set_all()
            self._wait(regular, alarms, done=done, offset=offset)
        finally:
            # First closed: the shutdown holds a lock of the scheduler while it waits for the turns. Then emptied: a job
            # that goes off in the very moment of the shutdown would end in a traceback of the library's.
            alarms.close()
            scheduler.remove_all_jobs()
            scheduler.shutdown(wait=True)

    def _add_regular(self, scheduler: BackgroundScheduler, alarms: _Alarms, turns: Turns) -> list[Job]:
        def look() -> None:
            if turns.changed():
                alarms.set_all()

        def sweep() -> None:
            turns.sweep()
            alarms.set_all()

        return [
            scheduler.add_job(look, _Every(self._poll), executor="watch"),
            scheduler.add_job(sweep, _Every(self._profile.sweep), executor="watch"),
            scheduler.add_job(turns.beat, _Every(self._profile.heartbeat), executor="watch"),
        ]

    def _wait(
        self, regular: list[Job], alarms: _Alarms, *, done: Callable[[], bool] | None, offset: float
    ) -> None:
        while not self._clock.stopping() and not (done and alarms.idle() and done()):
            self._clock.wait(LOOK_EVERY if done else POLLS_A_LOOK * self._poll)
            before, offset = offset, self._offset()
            if abs(offset - before) > JUMP:
                # The scheduler goes by the wall clock: after a jump backwards it would sleep until the old time comes again.
                for job in regular:
                    job.reschedule(job.trigger)
                alarms.set_all(at_once=True)

    def _offset(self) -> float:
        """How far the wall clock is from the running clock (seconds); changes only when the wall clock is set."""
        return self._clock.now().timestamp() - self._clock.running()


class _Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Each so many seconds from now on. The library's own interval lists every time that was missed before it drops them:
    billions of them where a machine without a battery starts in 1970 and then learns the time."""

    def __init__(self, seconds: float) -> None:
        self._interval = timedelta(seconds=seconds)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self._interval


class _Alarms:
    """One alarm for each account. A turn that runs keeps the wakes that come meanwhile."""

    def __init__(self, scheduler: BackgroundScheduler, clock: Clock, turns: Turns, profile: Profile) -> None:
        self._scheduler = scheduler
        self._clock = clock
        self._turns = turns
        self._profile = profile
        self._guard = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._woken_again: dict[str, bool] = {}
        """Account whose turn runs → whether a wake came meanwhile."""
        self._closed = False

    def set_all(self, *, at_once: bool = False) -> None:
        """Set the alarm of every account that has anything to do."""
        for account in self._turns.accounts():
            try:
                seconds = 0.0 if at_once else self._turns.seconds_left(account)
            except BotError:  # the turn will say so
                seconds = self._profile.store_retry
            self._set(account, seconds)

    def idle(self) -> bool:
        """Tell whether no turn runs."""
        with self._guard:
            return not self._woken_again

    def close(self) -> None:
        """Set no further alarms."""
        with self._guard:
            self._closed = True

    def _set(self, account: str, seconds: float | None) -> None:
        with self._guard:
            if seconds is None or self._closed:
                return
            if account in self._woken_again:
                self._woken_again[account] = True
                return
            at = self._clock.now() + timedelta(seconds=seconds) if seconds > 0 else AT_ONCE
            trigger = DateTrigger(at, UTC)
            if account in self._jobs:
                with suppress(JobLookupError):
                    self._jobs[account].reschedule(trigger)
                    return
                # It has gone off, and its turn has not begun: it is about to, or no thread could be started for it.
            # Each alarm is a job of its own id: the scheduler still counts the one whose turn just ends.
            self._jobs[account] = self._scheduler.add_job(self._turn, trigger, args=[account])

    def _turn(self, account: str) -> None:
        with self._guard:
            if account in self._woken_again:
                self._woken_again[account] = True
                return
            self._jobs.pop(account, None)
            self._woken_again[account] = False
        seconds: float | None = self._profile.probe  # should the turn raise after all
        try:
            if not self._clock.stopping():
                seconds = self._turns.turn(account)
        finally:
            with self._guard:
                woken_again = self._woken_again.pop(account)
            self._set(account, 0.0 if woken_again else seconds)
