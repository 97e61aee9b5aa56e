"""A long transaction gives way to those who wait, some times, and then insists for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest

from bot.adapters.clock import SystemClock
from bot.application.giving_way import LONGEST, TRIES, GiveWay, in_turn
from bot.application.ports.store import Store, Transaction
from bot.domain.errors import Unreachable


class StandingClock(SystemClock):
    """Time passes by being waited for."""

    at = 0.0

    def running(self) -> float:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += seconds


class Queue:
    """A store to which others want to write so many times more: each comes some time after a transaction began, waits until
    somebody asks for those who wait, and is through then."""

    def __init__(self, others: int, after: float, clock: StandingClock) -> None:
        self.others = others
        self.after = after
        self.clock = clock
        self._began = 0.0
        self.begun: list[bool] = []
        self.committed = 0
        self._writing = False

    @contextmanager
    def writing(self, *, gives_way: bool = False) -> Iterator[Transaction]:
        self.begun.append(gives_way)
        self._writing = True
        self._began = self.clock.at
        try:
            yield cast(Any, None)
        finally:
            self._writing = False
        self.committed += 1

    def others_wait(self) -> bool:
        if self._writing:
            return self.others > 0 and self.clock.at - self._began >= self.after
        self.others -= 1
        return False


def run(others: int, seconds: float, after: float = 0.0) -> Queue:
    """Do something that takes so long in ten steps, while so many others want to write meanwhile."""
    clock = StandingClock()
    queue = Queue(others, after, clock)

    def deed(_: Transaction, give_way: GiveWay) -> str:
        for _step in range(10):
            clock.at += seconds / 10
            give_way()
        return "done"

    assert in_turn(cast(Store, queue), clock, deed) == "done"
    return queue


def test_where_nobody_waits_it_is_done_once() -> None:
    queue = run(others=0, seconds=100)
    assert queue.begun == [True]


def test_each_that_waits_makes_it_begin_anew() -> None:
    queue = run(others=3, seconds=100)
    assert queue.begun == [True] * 4
    assert queue.committed == 1


def test_after_some_times_it_insists_on_its_turn() -> None:
    queue = run(others=1_000, seconds=LONGEST)
    assert queue.begun == [True] * TRIES + [False]
    assert queue.committed == 1


def test_it_does_not_insist_for_longer_than_others_can_wait() -> None:
    with pytest.raises(
        Unreachable, match="nothing was changed; try again when less goes out, or split the file"
    ):
        run(others=1_000, seconds=LONGEST * 1.2)


def test_whoever_comes_late_has_waited_only_since_then() -> None:
    queue = run(others=1_000, seconds=LONGEST * 1.8, after=LONGEST)
    assert queue.begun == [True] * TRIES + [False]
    assert queue.committed == 1
