"""A worker that settles: `bot.application.reconcile`, by the readings and their dates.

A reading is one moment here. In the program it takes a while, and counts as of when it was asked for, which is earlier than
what it shows: the safe side. Every attempt waits the shortest of the waits (a resend waits longer), and the looks may come at
any time. Left out: what comes near (a person decides, as with a timeline that cannot be read), and the reading after a
resend, which only tells.
"""

from __future__ import annotations

from tests.model import database as db

# isort: off
from tests.model.layout import (
    ANNOUNCEMENT, COMPARED, DOUBT, ELAPSED, EMPTY, HOLDER, IDLE, JUDGES, LIFTS, PLACE, PROVES_ABSENCE, PUBLISHING,
    SAW_IT, SAW_NOTHING, SEEN, SENDING, SHOWN, TRIES, WATCH, W,
)  # fmt: skip

# isort: on
from tests.model.names import Move, Out, Step
from tests.model.older import is_behind, lift, read, stop, take_over
from tests.model.publisher import claim
from tests.model.rules import BUDGET, Rules

QUARTER = 2
"""An empty reading that is a quarter of the wait old."""


def idle(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Between two announcements a worker may do any of these; the program has an order, which is one of those tried here."""
    if is_behind(rules, s):
        stop(rules, s, i, out)
        read(rules, s, i, out)
        return
    claim(rules, s, i, out)
    _mark_orphans(rules, s, i, out)
    doubtful = db.in_doubt(s)
    if doubtful < 0 or s[ANNOUNCEMENT] != PUBLISHING:
        return
    if s[W[i] + WATCH] == doubtful + 1:
        _read(rules, s, i, out)
    else:
        n = bytearray(s)
        n[W[i] + WATCH], n[W[i] + ELAPSED], n[W[i] + EMPTY] = doubtful + 1, 0, 0
        out.append((Move.WATCH, i, n))


def _mark_orphans(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Lock, mark and let go: frozen in between, it would only keep others from sending."""
    if (s[HOLDER] and rules.lock) or not any(s[db.at(a)] == SENDING for a in db.EVERY_ATTEMPT):
        return
    n = bytearray(s)
    db.doubt_orphans(rules, n)
    out.append((Step.ORPHAN, i, n))


def _read(rules: Rules, s: bytes, i: int, out: Out) -> None:
    w = W[i]
    if db.shown_request(s, (s[w + WATCH] - 1) // TRIES, SHOWN):
        out.append((Step.READING, i, _judging(s, w, SAW_IT)))
        for move in (Move.OLD_REPLICA, Move.STALE_READING):
            if s[BUDGET[move]]:
                uncounted = move is Move.OLD_REPLICA and rules.known_post
                n = bytearray(s) if uncounted else _sees_nothing(rules, s, w)
                n[BUDGET[move]] -= 1
                out.append((move, i, n))
    else:
        out.append((Step.READING, i, _sees_nothing(rules, s, w)))
    if s[BUDGET[Move.UNREADABLE]]:
        n = bytearray(s)
        n[BUDGET[Move.UNREADABLE]] -= 1
        db.hold(n)
        out.append((Move.UNREADABLE, i, n))


def _judging(s: bytes, w: int, seen: int) -> bytearray:
    n = bytearray(s)
    n[w + PLACE], n[w + SEEN] = JUDGES, seen
    return n


def _sees_nothing(rules: Rules, s: bytes, w: int) -> bytearray:
    """Dated when it was asked for, a reading is judged as of that moment, however much later the process goes on."""
    if not rules.dated_when_asked:
        return _judging(s, w, SAW_NOTHING)
    if _proves(rules, s, w):
        return _judging(s, w, PROVES_ABSENCE)
    n = bytearray(s)
    _count(rules, n, w)
    return n


def _proves(rules: Rules, n: bytes | bytearray, w: int) -> bool:
    """Tell whether an empty reading of this moment proves absence (`Reconciler._settled`)."""
    waited = not rules.settling or n[w + ELAPSED] >= rules.wait
    return waited and (not rules.second_reading or n[w + EMPTY] == QUARTER)


def _count(rules: Rules, n: bytearray, w: int) -> None:
    """Keep the earliest empty reading that counts."""
    early = rules.readings_late and rules.settling and n[w + ELAPSED] < rules.wait - 1
    if rules.second_reading and not n[w + EMPTY] and not early:
        n[w + EMPTY] = 1


def settle(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Write down what the reading came to, if it is still in doubt."""
    w = W[i]
    n = bytearray(s)
    attempt, seen = n[w + WATCH] - 1, n[w + SEEN]
    if seen == SAW_NOTHING:
        seen = PROVES_ABSENCE if _proves(rules, n, w) else SAW_NOTHING
    n[w + PLACE], n[w + SEEN] = IDLE, 0
    if seen == SAW_NOTHING:
        _count(rules, n, w)
    elif seen == SAW_IT:
        db.accept(rules, n, attempt, db.shown_request(n, attempt // TRIES, SHOWN))
    else:
        db.disprove(rules, n, attempt)
    if n[db.at(attempt)] != DOUBT:
        n[w + WATCH] = n[w + ELAPSED] = n[w + EMPTY] = 0
    out.append((Step.SETTLE, i, n))


BY_PLACE = {IDLE: (idle,), JUDGES: (settle,), COMPARED: (take_over,), LIFTS: (lift,)}
