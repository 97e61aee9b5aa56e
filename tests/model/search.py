"""Visits every state that a regime allows, the nearest first, and looks for a broken promise.

The two workers are the same program: a state and the one with their places exchanged have the same future, so that one of the
two is enough (the lock's holder goes with its worker; nothing else names one). *Never lost* is asked at the end, of the whole
graph: from every state a way must lead to where the announcement is settled or a person was told, by steps that can be
counted on: no fault, no kindness of people but `resume`.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from tests.model import outside, people, publisher, settler

# isort: off
from tests.model.layout import (
    ANNOUNCEMENT, BROKEN, CANCELLED, DRAFT, DUE, FIRST_WORKER, FRESH, HELD, HOLDER, LOST, PARTLY, PLACE, PUBLISHED,
    SCHEDULED, SIZE, STOPPED, WAKE, WORKER_SIZE, WRONG, W,
)  # fmt: skip

# isort: on
from tests.model.names import FAULTS, Guard, Name
from tests.model.outside import NOBODY
from tests.model.rules import BUDGET, Regime, Rules

BY_PLACE = publisher.BY_PLACE | settler.BY_PLACE | outside.BY_PLACE
TOLD_OR_SETTLED = frozenset({PUBLISHED, HELD, PARTLY, CANCELLED, DRAFT})
SECOND = FIRST_WORKER + WORKER_SIZE


@dataclass(frozen=True, slots=True)
class Action:
    """One action on a way: the worker (1, 2) that it is of, 0 for none, and the state that it leads to."""

    name: Name
    worker: int
    state: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a search found: how many states there are, and the shortest way to a broken promise, if there is one.

    `seen`: every name of an action that happened.
    """

    states: int
    broken: str = ""
    way: tuple[Action, ...] = ()
    seen: frozenset[Name] = field(default_factory=frozenset)

    @property
    def holds(self) -> bool:
        """Nothing is broken."""
        return not self.broken


class Search:
    """One search; its lists grow together: a state, and from where it was first reached."""

    def __init__(self, regime: Regime, without: Collection[Guard] = ()) -> None:
        self.rules = Rules(regime, without)
        start = bytearray(SIZE)
        start[ANNOUNCEMENT], start[WAKE] = SCHEDULED, DUE
        for w in W:
            start[w + PLACE] = FRESH
        for move, most in regime.budgets.items():
            start[BUDGET[move]] = most
        self.states = [bytes(start)]
        self.number = {self.states[0]: 0}
        self.parent = array("l", [-1])
        self.edges_from, self.edges_to = array("l"), array("l")
        self.seen: set[Name] = set()

    def run(self) -> Verdict:
        """Search until a promise is broken or everything has been visited."""
        here = 0
        while here < len(self.states):
            broken = self._visit(here)
            if broken >= 0:
                return self._verdict(broken, self.states[broken][WRONG])
            here += 1
        stuck = self._stuck()
        return self._verdict(stuck, LOST) if stuck >= 0 else Verdict(here, seen=frozenset(self.seen))

    def _visit(self, here: int) -> int:
        """Reach what follows a state; gives a state in which a promise is broken, else -1."""
        for name, _, raw in successors(self.rules, self.states[here]):
            state = canonical(raw)
            known = self.number.get(state)
            if known is None:
                known = self.number[state] = len(self.states)
                self.states.append(state)
                self.parent.append(here)
            self.seen.add(name)
            if name not in FAULTS:
                self.edges_from.append(here)
                self.edges_to.append(known)
            if state[WRONG]:
                return known
        return -1

    def _stuck(self) -> int:
        """Give the first state from which no way leads to an end, -1 if there is none."""
        into: list[list[int]] = [[] for _ in self.states]
        for before, after in zip(self.edges_from, self.edges_to, strict=True):
            into[after].append(before)
        found = bytearray(s[ANNOUNCEMENT] in TOLD_OR_SETTLED for s in self.states)
        waiting = [number for number, good in enumerate(found) if good]
        while waiting:
            for before in into[waiting.pop()]:
                if not found[before]:
                    found[before] = 1
                    waiting.append(before)
        return found.find(0)

    def _verdict(self, end: int, broken: int) -> Verdict:
        path = [end]
        while self.parent[path[-1]] >= 0:
            path.append(self.parent[path[-1]])
        way = self._actions(path[::-1])
        return Verdict(len(self.states), BROKEN[broken], tuple(way), frozenset(self.seen))

    def _actions(self, path: list[int]) -> Iterator[Action]:
        """Walk the way once more to name its actions; a worker keeps its number though the states exchange places."""
        names = [1, 2]
        for before, after in pairwise(self.states[number] for number in path):
            following = successors(self.rules, before)
            name, who, raw = next(each for each in following if canonical(each[2]) == after)
            yield Action(name, 0 if who == NOBODY else names[who], after)
            if bytes(raw) != after:
                names.reverse()


def successors(rules: Rules, s: bytes) -> list[tuple[Name, int, bytearray]]:
    """Give everything that may happen next."""
    out: list[tuple[Name, int, bytearray]] = []
    for i, w in enumerate(W):
        if not s[w + STOPPED]:
            for act in BY_PLACE[s[w + PLACE]]:
                act(rules, s, i, out)
    outside.requests(rules, s, out)
    outside.tick(rules, s, out)
    outside.system(rules, s, out)
    people.people(rules, s, out)
    return out


def canonical(n: bytearray) -> bytes:
    """Give the one of two mirrored states that stands for both."""
    if n[FIRST_WORKER:SECOND] < n[SECOND:]:
        n = bytearray(n)
        n[FIRST_WORKER:SECOND], n[SECOND:] = n[SECOND:], n[FIRST_WORKER:SECOND]
        if n[HOLDER]:
            n[HOLDER] = 3 - n[HOLDER]
    return bytes(n)


def explore(regime: Regime, without: Collection[Guard] = ()) -> Verdict:
    """Search a regime, with some guards taken out."""
    return Search(regime, without).run()
