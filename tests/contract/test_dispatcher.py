"""What every dispatcher does with the turns that it drives."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.dispatch_apscheduler import ApschedulerDispatcher
from bot.application.ports.dispatcher import Dispatcher
from bot.domain.errors import StoreUnavailable
from bot.domain.profile import Profile
from tests.fakes.turns import PATIENCE, ScriptedTurns

FAST = Profile().scaled(0.01)
LONG = 3600.0

Drive = Callable[..., AbstractContextManager[threading.Thread]]


def apscheduler(clock: SystemClock) -> Dispatcher:
    return ApschedulerDispatcher(clock, FAST, poll=0.01)


@pytest.fixture(params=[apscheduler])
def make(request: pytest.FixtureRequest) -> Callable[[SystemClock], Dispatcher]:
    made: Callable[[SystemClock], Dispatcher] = request.param
    return made


@pytest.fixture
def drive(make: Callable[[SystemClock], Dispatcher]) -> Drive:
    """Drive some turns in a thread for the length of a block; at its end the program is asked to stop."""

    @contextmanager
    def driven(turns: ScriptedTurns, done: Callable[[], bool] | None = None) -> Iterator[threading.Thread]:
        clock = SystemClock()
        thread = threading.Thread(target=make(clock).run, args=[turns], kwargs={"done": done})
        thread.start()
        try:
            yield thread
        finally:
            clock.stop()
            thread.join(PATIENCE)
            assert not thread.is_alive(), "the dispatcher does not end"

    return driven


def test_an_account_that_is_due_gets_its_turn_at_once(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.0})
    with drive(turns):
        assert turns.next_turned() == "rso"


def test_a_turn_follows_after_the_time_that_the_last_one_gave(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.02}, {"rso": [lambda: 0.03, lambda: 0.0, lambda: None]})
    with drive(turns):
        assert [turns.next_turned() for _ in range(3)] == ["rso"] * 3


def test_an_account_gets_no_turn_before_its_time_nor_one_that_has_nothing_to_do(drive: Drive) -> None:
    turns = ScriptedTurns({"later": LONG, "idle": None, "rso": 0.0}, {"rso": [lambda: 0.0] * 50})
    with drive(turns):
        assert {turns.next_turned() for _ in range(51)} == {"rso"}
    assert turns.turned.empty()


def test_what_another_process_queued_wakes_its_account(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": LONG})
    with drive(turns):
        turns.asked.get(timeout=PATIENCE)
        turns.change("thai", 0.0)
        assert turns.next_turned() == "thai"
        turns.change("rso", 0.01)
        assert turns.next_turned() == "rso"


def test_a_wake_that_comes_while_a_turn_runs_is_followed_by_another_turn(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.0})
    go_on = threading.Event()

    def long_turn() -> None:
        assert go_on.wait(PATIENCE)

    turns.script["rso"] = [long_turn]
    with drive(turns):
        assert turns.next_turned() == "rso"
        turns.change("rso", 0.0)
        turns.wait_until_looked_at("rso")
        go_on.set()
        assert turns.next_turned() == "rso"


def test_accounts_proceed_side_by_side(drive: Drive) -> None:
    both = threading.Barrier(2)

    def meet() -> None:
        both.wait(PATIENCE)

    turns = ScriptedTurns({"rso": 0.0, "thai": 0.0}, {"rso": [meet], "thai": [meet]})
    with drive(turns):
        assert {turns.next_turned(), turns.next_turned()} == {"rso", "thai"}
    assert not both.broken


def test_an_account_never_has_two_turns_at_once_however_often_it_is_woken(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.0})

    def wake_and_go_on() -> float:
        turns.change("rso", 0.0)
        return 0.0

    turns.script["rso"] = [wake_and_go_on] * 100
    with drive(turns):
        for _ in range(101):
            turns.next_turned()
    assert turns.most_at_once["rso"] == 1


def test_more_accounts_than_threads_all_get_their_turn(drive: Drive) -> None:
    accounts = {f"account-{number}" for number in range(60)}
    turns = ScriptedTurns(dict.fromkeys(accounts, 0.0))
    with drive(turns):
        assert {turns.next_turned() for _ in accounts} == accounts


def test_a_running_turn_is_finished_before_the_dispatcher_ends(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.0})
    stopped, finished = threading.Event(), threading.Event()

    def long_turn() -> float:
        assert stopped.wait(PATIENCE)
        finished.set()
        return 0.0

    turns.script["rso"] = [long_turn]
    with drive(turns):
        turns.next_turned()
        threading.Timer(0.05, stopped.set).start()
    assert finished.is_set()
    assert turns.turned.empty()


def test_it_ends_by_itself_when_nothing_is_left(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.0})
    with drive(turns, lambda: not turns.turned.empty()) as thread:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_it_does_not_ask_whether_it_is_done_while_a_turn_runs(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.0})
    running, asked = threading.Event(), queue.SimpleQueue[bool]()

    def long_turn() -> None:
        running.set()
        turns.wait_until_looked_at("rso")  # a sweep or two: time enough to ask too early
        running.clear()

    def done() -> bool:
        asked.put(running.is_set())
        return not turns.turned.empty()

    turns.script["rso"] = [long_turn]
    with drive(turns, done) as thread:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert not any(asked.get() for _ in range(asked.qsize()))


def test_the_worker_is_said_to_be_alive_at_the_start_and_ever_again(drive: Drive) -> None:
    turns = ScriptedTurns({})
    with drive(turns):
        for _ in range(3):
            turns.beats.get(timeout=PATIENCE)


def test_a_queue_that_cannot_be_read_for_a_moment_is_asked_again(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": StoreUnavailable("the database is locked")})
    with drive(turns):
        assert turns.next_turned() == "rso"


def test_a_turn_that_fails_stops_neither_the_others_nor_its_own_next_one(drive: Drive) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    turns = ScriptedTurns({"rso": 0.0, "thai": 0.0}, {"rso": [fail]})
    with drive(turns):
        assert sorted(turns.next_turned() for _ in range(3)) == ["rso", "rso", "thai"]


def test_everything_is_looked_at_again_after_a_while_even_without_a_change(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": None})
    with drive(turns):
        turns.asked.get(timeout=PATIENCE)
        turns.left["rso"] = 0.0
        assert turns.next_turned() == "rso"


def test_what_comes_up_rarely_is_done_at_the_start_and_ever_again(drive: Drive) -> None:
    turns = ScriptedTurns({"rso": 0.0})
    with drive(turns):
        turns.next_turned()
        assert not turns.sweeps.empty()
        for _ in range(3):
            turns.sweeps.get(timeout=PATIENCE)
