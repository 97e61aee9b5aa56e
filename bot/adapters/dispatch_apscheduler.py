"""APScheduler as the dispatcher: one date job for each account, at the instant of its next turn (design, section 6).

Not one job for each announcement: the queue lives in the store. A wake that comes while a turn runs is kept and follows it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.application.ports.clock import Clock
from bot.application.ports.dispatcher import Turns
from bot.domain.profile import Profile

ACCOUNTS_AT_ONCE = 10
LOOK_EVERY = 0.05
"""Seconds between two looks at whether the queue is drained."""
NO_END = 3600.0
"""Seconds to wait at a time for the program to be stopped."""
CHANGES_EVERY = 1.0
"""Seconds between two looks at whether another process has written; a look costs some microseconds."""
SOON = 0.001


class ApschedulerDispatcher:
    """Wakes each account when it has something to do; accounts run side by side, each one turn at a time."""

    def __init__(self, clock: Clock, profile: Profile) -> None:
        self._clock = clock
        self._profile = profile
        self._guard = threading.Lock()
        self._running: set[str] = set()
        self._again: set[str] = set()

    def run(self, turns: Turns, *, done: Callable[[], bool] | None = None) -> None:
        """Drive the turns until the program is stopping, or `done` says that nothing is left."""
        scheduler = self._scheduler()
        self._turns, self._jobs = turns, scheduler
        every = {"trigger": "interval", "executor": "looks", "coalesce": True, "max_instances": 1}
        scheduler.add_job(self._look_for_changes, seconds=CHANGES_EVERY, **every)
        scheduler.add_job(self._arm_all, seconds=self._profile.sweep, **every)
        scheduler.add_job(turns.beat, seconds=self._profile.heartbeat, **every)
        turns.beat()
        scheduler.start()
        try:
            self._arm_all()
            while not self._clock.stopping() and not (done and self._is_done(done)):
                self._clock.wait(LOOK_EVERY if done else NO_END)
        finally:
            scheduler.shutdown(wait=True)

    def _scheduler(self) -> BackgroundScheduler:
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        return BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(ACCOUNTS_AT_ONCE), "looks": ThreadPoolExecutor(2)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone="UTC",
        )

    def _is_done(self, done: Callable[[], bool]) -> bool:
        with self._guard:
            if self._running or self._again:
                return False
        return done()

    def _look_for_changes(self) -> None:
        if self._turns.changed():
            self._arm_all()

    def _arm_all(self) -> None:
        for account in self._turns.accounts():
            self._arm(account, self._turns.seconds_left(account))

    def _arm(self, account: str, seconds: float | None) -> None:
        """Set the account's job; the earlier wish wins only after the turn has had its say."""
        if seconds is None:
            return
        with self._guard:
            if account in self._running:
                self._again.add(account)
                return
        at = self._clock.now() + timedelta(seconds=max(seconds, SOON))
        self._jobs.add_job(self._turn, "date", run_date=at, args=[account], id=account, replace_existing=True)

    def _turn(self, account: str) -> None:
        with self._guard:
            self._running.add(account)
            self._again.discard(account)
        try:
            seconds = self._turns.turn(account)
        finally:
            with self._guard:
                self._running.discard(account)
                again = account in self._again
                self._again.discard(account)
        if not self._clock.stopping():
            self._arm(account, SOON if again else seconds)
