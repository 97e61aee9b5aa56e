"""What is APScheduler's own: it goes by the wall clock, and waits for turns while it holds its locks."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime, timedelta

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.dispatch_apscheduler import ApschedulerDispatcher
from bot.domain.profile import Profile
from tests.fakes.turns import PATIENCE, ScriptedTurns
from tests.office import ROOT


class SetClock(SystemClock):
    """A wall clock that a test sets."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(days=20_000)], ids=["back", "ahead"])
def test_a_wall_clock_that_is_set_wakes_every_account_at_once(ahead: timedelta) -> None:
    turns = ScriptedTurns({"rso": 3600.0})
    clock = SetClock()
    dispatcher = ApschedulerDispatcher(clock, Profile(), poll=0.05)
    thread = threading.Thread(target=dispatcher.run, args=[turns])
    thread.start()
    try:
        turns.asked.get(timeout=PATIENCE)
        turns.beats.get(timeout=PATIENCE)
        clock.ahead = ahead
        assert turns.next_turned() == "rso"
    finally:
        clock.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def test_many_turns_that_end_as_it_shuts_down_do_not_keep_it_from_ending() -> None:
    clock = SystemClock()
    go_on = threading.Event()
    begun = threading.Barrier(11)

    def long_turn() -> float:
        begun.wait(PATIENCE)
        go_on.wait(PATIENCE)
        return 0.0

    accounts = [f"account-{number}" for number in range(10)]
    turns = ScriptedTurns(dict.fromkeys(accounts, 0.0), {name: [long_turn] for name in accounts})
    dispatcher = ApschedulerDispatcher(clock, Profile(), poll=0.05)
    thread = threading.Thread(target=dispatcher.run, args=[turns])
    thread.start()
    begun.wait(PATIENCE)
    clock.stop()
    threading.Timer(0.2, go_on.set).start()  # by then it waits for them
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert turns.turned.qsize() == 10


WITHOUT_A_THREAD = """
import resource, sys, threading, time
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.dispatch_apscheduler import ApschedulerDispatcher
from bot.domain.profile import Profile
from tests.fakes.turns import PATIENCE, ScriptedTurns

clock = SystemClock()


def used():
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def lift_the_limit():
    time.sleep(1)
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Starved(ScriptedTurns):
    starved = False

    def accounts(self):
        if not self.starved:  # from now on, and for a second, no further thread can be started
            self.starved = True
            threading.Thread(target=lift_the_limit).start()
            resource.setrlimit(resource.RLIMIT_AS, (used() + 100_000, resource.RLIM_INFINITY))
        return super().accounts()


turns = Starved({"rso": 0.0})
threading.Thread(target=lambda: (turns.next_turned(), print("its turn came"), clock.stop())).start()
ApschedulerDispatcher(clock, Profile().scaled(0.02), poll=0.05).run(turns)
"""


def test_an_account_whose_turn_could_not_begin_for_want_of_a_thread_has_it_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_THREAD], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )  # fmt: skip
    assert "can't start new thread" in done.stderr
    assert done.stdout == "its turn came\n"
