"""X, the network, the system and the clocks: what happens to requests and to workers.

Time passes at any moment, for everybody at once; each worker's running clock passes with it unless its machine is paused.
A worker that dies comes back as a new process. What a dead one had connected and not used is closed with it (`SO_LINGER` 0);
what it had sent may still be carried out (late).
"""

from __future__ import annotations

from tests.model import database as db

# isort: off
from tests.model.layout import (
    ABSENT, ANSWERED, AT_X, COMPARES, ELAPSED, EMPTY, FRESH, HAND, HIDDEN, HOLDER, IDLE, INTENDED, IS_OUT, MARK,
    NOT_OUT, PLACE, REQUEST, REQUESTS, SENT, SHOWN, SILENT, SINCE, STANDING, STOPPED, TWICE, UNKNOWN, WAITING, WATCH,
    WITNESSED, WORKER_SIZE, WRONG_ABSENT, W,
)  # fmt: skip

# isort: on
from tests.model.names import Move, Out
from tests.model.rules import BUDGET, Rules

NOBODY = -1
REQUEST_PLACES = range(AT_X, AT_X + 2 * REQUESTS, 2)
BEFORE_THE_GUARD = (INTENDED, WITNESSED, STANDING)


def tick(rules: Rules, s: bytes, out: Out) -> None:
    """Let one unit of time pass."""
    n = bytearray(s)
    for place in REQUEST_PLACES:
        if n[place]:
            _age(rules, n, place)
    if rules.people_settle and db.in_doubt(n) >= 0:
        n[MARK] = min(n[MARK] + 1, rules.wait)
    for w in W:
        if not n[w + STOPPED]:
            _run_clock(rules, n, w)
    if n != s:
        out.append((Move.TICK, NOBODY, n))


def _age(rules: Rules, n: bytearray, place: int) -> None:
    kind, age = n[place] // 10 * 10, n[place] % 10
    if kind == SHOWN or (kind == SILENT and rules.silence is None):
        return
    longest = {SILENT: rules.silence or 0, SENT: rules.late, HIDDEN: rules.lag}[kind]
    if age < longest:
        n[place] += 1
    elif kind == HIDDEN:
        n[place] = SHOWN
    else:
        db.bury(n, (place - AT_X) // 2 + 1)


def _run_clock(rules: Rules, n: bytearray, w: int) -> None:
    if n[w + PLACE] in BEFORE_THE_GUARD:
        n[w + SINCE] = min(n[w + SINCE] + 1, rules.span + 1)
    if n[w + WATCH]:
        n[w + ELAPSED] = min(n[w + ELAPSED] + 1, rules.wait)
        n[w + EMPTY] = min(2 * n[w + EMPTY], 2)
    if n[w + COMPARES]:
        n[w + COMPARES] = min(n[w + COMPARES] + 1, rules.wait + 1)


def requests(rules: Rules, s: bytes, out: Out) -> None:
    """X and the network do something with a request."""
    for number, place in enumerate(REQUEST_PLACES, 1):
        kind = s[place] // 10 * 10
        if kind == SENT:
            n = bytearray(s)
            n[place] = HIDDEN
            _carried_out(n, number)
            out.append((Move.EXECUTE, NOBODY, n))
        if kind == SENT or (kind == SILENT and rules.silence is not None):
            n = bytearray(s)
            db.bury(n, number)
            out.append((Move.DROP if kind == SENT else Move.CLOSE_SILENT, NOBODY, n))
        if kind == HIDDEN:
            n = bytearray(s)
            n[place] = SHOWN
            out.append((Move.SHOW, NOBODY, n))


def _carried_out(n: bytearray, request: int) -> None:
    owner = n[AT_X + 2 * (request - 1) + 1]
    out = [place for place in REQUEST_PLACES if n[place] >= HIDDEN and n[place + 1] == owner]
    if len(out) > 1:
        db.break_promise(n, TWICE)
    for attempt in db.EVERY_ATTEMPT:
        if n[db.at(attempt)] == ABSENT and n[db.at(attempt) + 1] == request:
            db.break_promise(n, WRONG_ABSENT)


def answer(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """A worker that waits for its answer gets it, or does not."""
    w = W[i]
    request = s[w + REQUEST]
    kind = s[AT_X + 2 * (request - 1)] // 10 * 10 if request else 0
    if kind >= HIDDEN:
        out.append((Move.ANSWER, i, _having(s, w, IS_OUT)))
    unknown = UNKNOWN if rules.in_doubt else NOT_OUT
    if not request:
        out.append((Move.TIME_OUT, i, _having(s, w, unknown)))
    elif s[BUDGET[Move.LOSE_ANSWER]]:
        n = _having(s, w, unknown)
        n[BUDGET[Move.LOSE_ANSWER]] -= 1
        out.append((Move.LOSE_ANSWER, i, n))
    if kind == SENT and s[BUDGET[Move.REFUSE]]:
        n = _having(s, w, NOT_OUT)
        n[BUDGET[Move.REFUSE]] -= 1
        db.bury(n, request)
        out.append((Move.REFUSE, i, n))


def _having(s: bytes, w: int, outcome: int) -> bytearray:
    n = bytearray(s)
    n[w + PLACE], n[w + HAND] = ANSWERED, outcome
    return n


def system(rules: Rules, s: bytes, out: Out) -> None:
    """Workers die, lose their lock, or stand still with their machine."""
    for i, w in enumerate(W):
        if s[BUDGET[Move.KILL]] and _has_something_to_lose(s, w):
            n = bytearray(s)
            n[BUDGET[Move.KILL]] -= 1
            end(n, i)
            out.append((Move.KILL, i, n))
        if s[BUDGET[Move.STOP_CLOCK]] and s[w + PLACE] not in (FRESH, IDLE):
            n = bytearray(s)
            n[BUDGET[Move.STOP_CLOCK]] -= 1
            n[w + STOPPED] = 1
            out.append((Move.STOP_CLOCK, i, n))
        if s[w + STOPPED]:
            n = bytearray(s)
            n[w + STOPPED] = 0
            out.append((Move.GO_ON, i, n))
    if s[BUDGET[Move.LOSE_LOCK]] and s[HOLDER]:
        n = bytearray(s)
        n[BUDGET[Move.LOSE_LOCK]] -= 1
        n[HOLDER] = 0
        out.append((Move.LOSE_LOCK, s[HOLDER] - 1, n))


def _has_something_to_lose(s: bytes, w: int) -> bool:
    return s[w + PLACE] > IDLE or bool(s[w + WATCH] or s[w + COMPARES])


def end(n: bytearray, i: int) -> None:
    """End a process; another one takes its place."""
    w = W[i]
    request = n[w + REQUEST]
    if request and n[AT_X + 2 * (request - 1)] // 10 * 10 == SILENT:
        db.bury(n, request)
    if n[HOLDER] == i + 1:
        n[HOLDER] = 0
    n[w : w + WORKER_SIZE] = bytes(WORKER_SIZE)
    n[w + PLACE] = FRESH


BY_PLACE = {WAITING: (answer,)}
