"""What is APScheduler's own: it goes by the wall clock, and waits for turns while it holds its locks."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.dispatch_apscheduler import ApschedulerDispatcher
from bot.domain.profile import Profile
from tests.fakes.turns import PATIENCE, ScriptedTurns


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
