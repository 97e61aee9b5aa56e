"""The worker's turns as a test gives them."""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PATIENCE = 30.0
"""Seconds after which a test gives up; nothing is measured by it."""


def nothing() -> float | None:
    """A turn after which the account has nothing to do."""
    return None


@dataclass
class ScriptedTurns:
    """`left`: what each account has to wait for; `script`: what each of its next turns does and returns.

    `turned` gathers the accounts in the order in which their turns began; `asked` those whose time left was asked for.
    """

    left: dict[str, float | Exception | None]
    script: dict[str, list[Callable[[], float | None]]] = field(default_factory=dict)
    turned: queue.Queue[str] = field(default_factory=queue.Queue)
    asked: queue.Queue[str] = field(default_factory=queue.Queue)
    beats: queue.Queue[None] = field(default_factory=queue.Queue)
    sweeps: queue.Queue[None] = field(default_factory=queue.Queue)
    most_at_once: Counter[str] = field(default_factory=Counter)
    _at_work: Counter[str] = field(default_factory=Counter)
    _changed: threading.Event = field(default_factory=threading.Event)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def change(self, account: str, left: float | None) -> None:
        """Let another process give an account something to do."""
        self.left[account] = left
        self._changed.set()

    def wait_until_looked_at(self, account: str) -> None:
        """Wait until the time left of an account was asked for once more, and then once more, so that the first one counted."""
        while not self.asked.empty():
            self.asked.get()
        for _ in range(2):
            while self.asked.get(timeout=PATIENCE) != account:
                pass

    def next_turned(self) -> str:
        """Wait for the next turn to begin."""
        return self.turned.get(timeout=PATIENCE)

    def accounts(self) -> Sequence[str]:
        return list(self.left)

    def seconds_left(self, account: str) -> float | None:
        self.asked.put(account)
        left = self.left[account]
        if isinstance(left, Exception):
            raise left
        return left

    def turn(self, account: str) -> float | None:
        with self._guard:
            self._at_work[account] += 1
            self.most_at_once[account] = max(self.most_at_once[account], self._at_work[account])
        try:
            self.turned.put(account)
            script = self.script.get(account)
            self.left[account] = seconds = script.pop(0)() if script else None
            return seconds
        finally:
            with self._guard:
                self._at_work[account] -= 1

    def changed(self) -> bool:
        changed = self._changed.is_set()
        self._changed.clear()
        return changed

    def sweep(self) -> None:
        self.sweeps.put(None)

    def beat(self) -> None:
        self.beats.put(None)
