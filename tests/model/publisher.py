"""A worker that publishes: `bot.application.publish` and `intend`, the guard of `bot.adapters.x_api.connection`, the witness.

One action is one step between two checkpoints; between any two of them the others may move and time may pass, so that a
frozen worker is simply one that does not move. Left out, since they only delay a send or hold it for a person, which may
happen here at any time anyway: gaps, quiet hours, limits, money, the late window (a regime may let it pass at any intent), a
look at the thread's earlier posts, media that X does not take. `not_sent` and `refused` are one outcome: both executed
nothing, and are tried again. A lease may end at any moment. A store that is away is an outcome that stays in the worker's
hand.
"""

from __future__ import annotations

from tests.model import database as db

# isort: off
from tests.model.layout import (
    AFTER_CANCEL, AFTER_PAUSE, ANNOUNCEMENT, ANSWERED, ATTEMPT, AT_X, CANCELLED, CHECKED, CLAIM, CLAIMED, COMPARES,
    COPIED, COPY_SHIFT, DRAFT, DUE, FORGOTTEN, FRESH, GHOST, HAND, HAS_CLAIM, HAS_LOCK, HAS_MEDIA, HOLDER, IDLE, INTENDED,
    IN_BOTH, IN_DATABASE, IS_OUT, NONE, NOT_OUT, OLDER, PASSED, PAUSED, PLACE, PUBLISHED, PUBLISHING, REQUEST,
    REQUESTS, SCHEDULED, SENDING, SENT, SILENT, SINCE, STANDING, TRIES, UNKNOWN, WAITING, WAKE, WITNESS, WITNESSED, W,
)  # fmt: skip

# isort: on
from tests.model.names import Move, Out, Step
from tests.model.older import is_behind
from tests.model.rules import BUDGET, Rules


def leave(n: bytearray, i: int) -> None:
    """End the announcement's turn: let the lock go, forget the claim."""
    w = W[i]
    if n[HOLDER] == i + 1:
        n[HOLDER] = 0
    n[w + PLACE] = IDLE
    n[w + CLAIM] = n[w + ATTEMPT] = n[w + REQUEST] = n[w + SINCE] = n[w + HAND] = n[w + GHOST] = 0


def identity(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """A new process asks X who it is; from then on an own post is known."""
    n = bytearray(s)
    n[W[i] + PLACE] = IDLE
    out.append((Step.IDENTITY, i, n))


def claim(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Take what is due, or what another took and did not finish."""
    if s[ANNOUNCEMENT] not in (SCHEDULED, PUBLISHING) or s[PAUSED] or is_behind(rules, s):
        return
    if s[WAKE] == DUE or (s[WAKE] == CLAIMED and rules.reclaim):
        n = bytearray(s)
        db.move(n, PUBLISHING, CLAIMED)
        db.void_claims(n)
        _remember(rules, n, W[i])
        n[W[i] + CLAIM], n[W[i] + PLACE] = 1, HAS_CLAIM
        out.append((Step.CLAIM, i, n))


def _remember(rules: Rules, n: bytearray, w: int) -> None:
    """Without the look at what is accepted, a worker sends what was next when it claimed."""
    if not rules.accepted_attempt:
        n[w + ATTEMPT] = next((post + 1 for post in range(rules.posts) if not db.is_out(n, post)), 0)


def upload_or_lock(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Files go up before the lock is asked for; what the protocol looks at does not change by that, only time passes."""
    if not rules.media:
        take_lock(rules, s, i, out)
        return
    n = bytearray(s)
    n[W[i] + PLACE] = HAS_MEDIA
    out.append((Step.UPLOAD, i, n))


def take_lock(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """The system gives the sender lock to one at a time; who waits in vain leaves the claim behind."""
    if s[HOLDER] and rules.lock:
        n = bytearray(s)
        leave(n, i)
        out.append((Move.LOCK_BUSY, i, n))
        return
    n = bytearray(s)
    if rules.lock:
        n[HOLDER] = i + 1
    n[W[i] + PLACE] = HAS_LOCK
    out.append((Move.TAKE_LOCK, i, n))


def intent(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Read what speaks against sending, and store the attempt, or what stands against it."""
    n = bytearray(s)
    db.doubt_orphans(rules, n)
    post = _sendable(rules, n, W[i])
    if post < 0:
        leave(n, i)
    elif rules.rows_locked:
        _hold_if_late(n, i, out)
        _begin(rules, n, i, post)
    else:
        n[W[i] + PLACE], n[W[i] + ATTEMPT] = CHECKED, post + 1
    out.append((Step.INTENT, i, n))


def _hold_if_late(n: bytearray, i: int, out: Out) -> None:
    if n[BUDGET[Move.LATE]]:
        late = bytearray(n)
        late[BUDGET[Move.LATE]] -= 1
        db.hold(late)
        leave(late, i)
        out.append((Move.LATE, i, late))


def store_unlocked(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Without the rows' locks: what was read before may not hold any more when the attempt is stored."""
    n = bytearray(s)
    post = n[W[i] + ATTEMPT] - 1
    if any(state in db.BARRING for state in db.of_post(n, post)) or NONE not in db.of_post(n, post):
        leave(n, i)
    else:
        _begin(rules, n, i, post)
    out.append((Step.INTENT, i, n))


def _sendable(rules: Rules, n: bytearray, w: int) -> int:
    """Give the post that may be sent now, -1 if something stands against it (`Intending.intend`, `policies.decide`)."""
    if rules.claim_still_mine and not (n[w + CLAIM] and n[ANNOUNCEMENT] == PUBLISHING):
        return -1
    if rules.pauses and (n[PAUSED] or n[OLDER]):
        _put_back(rules, n)
        return -1
    post = _next_post(rules, n, w)
    if post < 0 or (rules.open_attempt and any(state in db.OPEN for state in db.of_post(n, post))):
        return -1
    if TRIES - db.of_post(n, post).count(NONE) >= rules.tries:
        db.hold(n)
        return -1
    return post


def _next_post(rules: Rules, n: bytearray, w: int) -> int:
    if not rules.accepted_attempt:
        return n[w + ATTEMPT] - 1
    return next((post for post in range(rules.posts) if not db.is_out(n, post)), -1)


def _put_back(rules: Rules, n: bytearray) -> None:
    """A paused one is scheduled again; not while an attempt is open, for the reconciler looks at what is `publishing`."""
    open_attempt = db.any_open(n)
    if open_attempt and rules.doubt_rests:
        return
    db.wake(n)
    if open_attempt and n[ANNOUNCEMENT] == SCHEDULED:
        db.break_promise(n, FORGOTTEN)


def _begin(rules: Rules, n: bytearray, i: int, post: int) -> None:
    w = W[i]
    if n[ANNOUNCEMENT] in (CANCELLED, DRAFT):
        db.break_promise(n, AFTER_CANCEL)
    if n[PAUSED]:
        db.break_promise(n, AFTER_PAUSE)
    attempt = db.new_attempt(n, post)
    if rules.intent:
        n[db.at(attempt)] = SENDING
    n[w + PLACE], n[w + ATTEMPT], n[w + SINCE] = INTENDED, attempt + 1, 0


def witness(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Name the intent beside the database."""
    n = bytearray(s)
    w = W[i]
    if rules.restores:
        in_copy = not n[COPIED] or n[db.at(n[w + ATTEMPT] - 1) + COPY_SHIFT] != NONE
        n[WITNESS] = IN_BOTH if in_copy else IN_DATABASE
    n[w + PLACE] = WITNESSED
    out.append((Step.WITNESS, i, n))


def connect(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """The network makes a new connection, or says that there is none."""
    w = W[i]
    if s[BUDGET[Move.CONNECT_FAILS]]:
        n = bytearray(s)
        n[BUDGET[Move.CONNECT_FAILS]] -= 1
        _has(n, w, NOT_OUT)
        out.append((Move.CONNECT_FAILS, i, n))
    n = bytearray(s)
    request = next(r for r in range(REQUESTS) if not n[AT_X + 2 * r])
    attempt = n[w + ATTEMPT] - 1
    n[AT_X + 2 * request], n[AT_X + 2 * request + 1] = SILENT, attempt // TRIES + 1
    n[db.at(attempt) + 1] = n[w + REQUEST] = request + 1
    n[w + PLACE] = STANDING
    out.append((Move.CONNECT, i, n))


def _has(n: bytearray, w: int, outcome: int) -> None:
    n[w + PLACE], n[w + HAND], n[w + SINCE] = ANSWERED, outcome, 0


def guard(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Look once more before the first byte; a worker whose database was replaced looks into the old one."""
    w = W[i]
    n = bytearray(s)
    ours = n[w + GHOST] or not rules.intent or n[db.at(n[w + ATTEMPT] - 1)] == SENDING
    if (rules.fence and not ours) or (rules.clock and n[w + SINCE] > rules.span):
        if n[w + REQUEST]:
            db.bury(n, n[w + REQUEST])
        _has(n, w, NOT_OUT)
    else:
        n[w + PLACE], n[w + SINCE] = PASSED, 0
    out.append((Step.GUARD, i, n))


def create(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """The bytes leave, if X has not closed the connection meanwhile."""
    w = W[i]
    n = bytearray(s)
    if n[w + REQUEST]:
        n[AT_X + 2 * (n[w + REQUEST] - 1)] = SENT
        n[w + PLACE] = WAITING
    else:
        _has(n, w, UNKNOWN)
    out.append((Step.CREATE, i, n))


def outcome(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Record what is known, let the lock go, and go on with the next post of the thread after an acceptance."""
    w = W[i]
    n = bytearray(s)
    hand, attempt, mine = n[w + HAND], n[w + ATTEMPT] - 1, n[w + CLAIM]
    if not n[w + GHOST]:
        _write(rules, n, attempt, hand, n[w + REQUEST])
    on = hand == IS_OUT and n[ANNOUNCEMENT] != PUBLISHED and not n[w + GHOST]
    ends = n[w + GHOST]
    leave(n, i)
    if ends:
        n[w + COMPARES], n[w + PLACE] = 0, FRESH
    elif on:
        n[w + PLACE], n[w + CLAIM] = HAS_CLAIM, mine
        _remember(rules, n, w)
    out.append((Step.OUTCOME, i, n))


def _write(rules: Rules, n: bytearray, attempt: int, hand: int, request: int) -> None:
    if not rules.intent and n[db.at(attempt)] == NONE:
        n[db.at(attempt)] = SENDING
    if hand == IS_OUT:
        db.accept(rules, n, attempt, request)
    elif hand == NOT_OUT:
        db.fail(n, attempt)
    else:
        db.doubt(rules, n, attempt)


BY_PLACE = {
    FRESH: (identity,),
    HAS_CLAIM: (upload_or_lock,),
    HAS_MEDIA: (take_lock,),
    HAS_LOCK: (intent,),
    CHECKED: (store_unlocked,),
    INTENDED: (witness,),
    WITNESSED: (connect,),
    STANDING: (guard,),
    PASSED: (create,),
    ANSWERED: (outcome,),
}
"""What a worker does next, by where it stands; a worker that is idle may also settle (`settler`)."""
