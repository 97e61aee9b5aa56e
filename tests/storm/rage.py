"""The time in which everything breaks: workers that follow one another, blows, faults and the queue, each in a thread."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from bot.bootstrap import Program
from bot.domain.errors import StoreUnavailable
from tests.storm.blows import Blows
from tests.storm.plan import Life, Plan, Queued, Wave
from tests.storm.processes import SIGNALS, Launcher, Worker
from tests.storm.project import queue

LONGEST_STOP = 47.0
"""Seconds within which a worker that was asked to stop has ended."""
LONGEST_START = 5.0
"""Seconds within which a worker has mostly begun; only then its time begins to run."""
DUE_IN = 1.5
"""Seconds from the queue to the due time, at the shortest pace."""
DUE_AFTER_THE_ZONE = 6.0


class _Dated(Protocol):
    @property
    def at(self) -> float: ...


D = TypeVar("D", bound=_Dated)


@dataclass
class Rage:
    """`run` returns when the time is over and no worker lives."""

    plan: Plan
    blows: Blows
    launcher: Launcher
    workers: dict[int, Worker]
    queued: dict[int, Queued] = field(default_factory=dict)
    """Announcements by their number, as far as they are in the queue."""
    failed: list[str] = field(default_factory=list)
    """What went wrong in the harness itself."""
    _end: float = 0.0
    _interrupted: bool = False

    def run(self) -> None:
        """Let everything break; what was not queued in that time is queued after it."""
        began = time.monotonic()
        self._end = began + self.plan.wish.seconds
        deeds: list[Callable[[], None]] = [
            lambda: self._each(began, self.plan.blows, self.blows.strike),
            lambda: self._each(began, self.plan.spells, lambda spell: self._cast(spell.faults)),
            lambda: self._queue_all(began),
            self._watch,
            *(self._place(number) for number in range(len(self.plan.lives))),
        ]
        threads = [threading.Thread(target=self._guarded, args=[deed]) for deed in deeds]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException:  # whoever interrupts the wait ends the storm, and the queue
            self._interrupted, self._end = True, 0.0
            for thread in threads:
                thread.join()
            raise
        if self.failed:
            raise RuntimeError("\n".join(self.failed))

    def _guarded(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except Exception:
            self.failed.append(traceback.format_exc())
            self._end = 0.0

    def _left(self) -> float:
        return self._end - time.monotonic()

    def _each(self, began: float, planned: Iterable[D], deed: Callable[[D], None]) -> None:
        """Do each at its second, or when the one before it is over."""
        for each in planned:
            self._wait_for(began + each.at)
            if self._left() <= 0:
                return
            deed(each)

    def _wait_for(self, moment: float) -> None:
        while (left := min(moment - time.monotonic(), self._left())) > 0:
            time.sleep(min(left, 0.5))

    def _cast(self, faults: tuple[str, ...]) -> None:
        self.blows.x.set_faults(list(faults))
        self.blows.tally.note("spells", "other faults", faults=faults)

    def _watch(self) -> None:
        while self._left() > 0:
            time.sleep(min(1.0, max(self._left(), 0)))
            self.blows.x.note_faults()

    def _queue_all(self, began: float) -> None:
        program = self.blows.project.program()
        try:
            for wave in self.plan.waves:
                self._wait_for(began + wave.at)
                if self._interrupted:
                    return
                self._queue(program, wave)
        finally:
            program.close()

    def _queue(self, program: Program, wave: Wave) -> None:
        pace = self.plan.wish.pace
        for each in wave.announcements:
            due_in = (DUE_AFTER_THE_ZONE if each.zone else DUE_IN) * pace
            while True:
                try:
                    number = queue(program, each, due_in=due_in)
                except StoreUnavailable:  # the disk is full, or the database locked: people try again
                    time.sleep(0.2)
                    continue
                self.queued[number] = each
                break

    def _place(self, number: int) -> Callable[[], None]:
        """Workers that follow one another in a place; when the time is over, the last one dies."""

        def follow_one_another() -> None:
            for life in self.plan.lives[number]:
                if self._left() <= 0:
                    return
                self._live(number, life)

        return follow_one_another

    def _live(self, number: int, life: Life) -> None:
        tally = self.blows.tally
        worker = self.launcher.start(life, number)
        self.workers[number] = worker
        tally.note("trials", life.deed, process=worker.process, place=life.place)
        worker.at_work(min(LONGEST_START, max(self._left(), 0)))
        try:
            match life.deed:
                case "kill":
                    self._kill(worker, life)
                case "calm":
                    self._stop(worker, life)
                case _:
                    self._freeze(worker, life)
        finally:
            self.workers.pop(number, None)
            worker.close()

    @property
    def _to_its_place(self) -> float:
        """Seconds in which a worker mostly comes to the place at which it strikes itself."""
        return 0.5 * self.plan.wish.pace

    def _ended(self, worker: Worker, seconds: float) -> bool:
        return worker.ended(min(seconds, max(self._left(), 0)))

    def _kill(self, worker: Worker, life: Life) -> None:
        """At its place, or if it does not come there, wherever it is."""
        longest = life.after + (self._to_its_place if life.place else 0)
        if not self._ended(worker, longest) and worker.send(signal.SIGKILL):
            self.blows.tally.note("kills", "worker, at random", process=worker.process)

    def _freeze(self, worker: Worker, life: Life) -> None:
        tally = self.blows.tally
        if not self._frozen_at_its_place(worker, life):
            if not worker.send(SIGNALS[life.deed]):
                return
            tally.note("freezes", "worker, at random", process=worker.process)
        if self._ended(worker, life.length):
            return
        if life.deed == "freeze":
            worker.send(signal.SIGCONT)
            tally.note("thaws", "worker", process=worker.process)
            self._ended(worker, life.tail)
        if worker.send(signal.SIGKILL):
            what = "worker, thawed before" if life.deed == "freeze" else "worker, frozen"
            tally.note("kills", what, process=worker.process)

    def _frozen_at_its_place(self, worker: Worker, life: Life) -> bool:
        end = time.monotonic() + life.after + (self._to_its_place if life.place else 0)
        while time.monotonic() < end and self._left() > 0:
            if self._ended(worker, 0.02) or worker.frozen():
                break
        return worker.frozen()

    def _stop(self, worker: Worker, life: Life) -> None:
        tally = self.blows.tally
        if self._ended(worker, life.after) or not worker.send(signal.SIGTERM):
            return
        if worker.ended(LONGEST_STOP):
            tally.note("stops", "worker, in good order", process=worker.process)
        else:
            self.failed.append(f"worker {worker.process} did not stop within {LONGEST_STOP:g} s")
