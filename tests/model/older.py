"""A database that is older than what this host has sent: `bot.application.older_database` and its witness.

The journal is one row here: the one that the witness names, and whether database and copy have it.
"""

from __future__ import annotations

from tests.model import database as db

# isort: off
from tests.model.layout import (
    ABSENT, ACCEPTED, AHEAD, ATTEMPTS, COMPARED, COMPARES, COPIED, DATABASE, DOUBT, HOLDER, IDLE, IN_BOTH,
    IN_DATABASE, LIFTS, NO_WITNESS, OLDER, PLACE, SEEN, SENDING, SHOWN, TRIES, WITNESS, W,
)  # fmt: skip

# isort: on
from tests.model.names import Move, Out, Step
from tests.model.rules import BUDGET, Rules

SENT_ONCE = (SENDING, DOUBT, ABSENT, ACCEPTED)


def is_behind(rules: Rules, s: bytes | bytearray) -> bool:
    """Tell whether nothing may go out before the timeline was compared (`OlderDatabase.is_behind`)."""
    if not rules.restores or not rules.witness:
        return False
    if s[OLDER] or s[WITNESS] == AHEAD:
        return True
    return s[WITNESS] == NO_WITNESS and has_sent(s[ATTEMPTS : DATABASE.stop : 2])


def has_sent(states: bytes | bytearray) -> bool:
    """Tell whether any of these attempts may have left (`SqlAttempts.any`)."""
    return any(state in SENT_ONCE for state in states)


def stop(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Pause the account, and begin to wait; not while somebody may still be sending."""
    w = W[i]
    if s[w + COMPARES] or (rules.older_alone and s[HOLDER]):
        return
    n = bytearray(s)
    n[OLDER] = n[w + COMPARES] = 1
    out.append((Step.AFTERMATH, i, n))


def read(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Read the account's own posts, after a settling time by this process's own clock."""
    w = W[i]
    if not s[w + COMPARES] or (rules.older_waits and s[w + COMPARES] <= rules.wait):
        return
    seen = sum(1 << post for post in range(rules.posts) if db.shown_request(s, post, SHOWN))
    n = bytearray(s)
    n[w + PLACE], n[w + SEEN] = COMPARED, seen
    out.append((Step.READING, i, n))
    if s[BUDGET[Move.OLD_REPLICA]] and seen:
        n = bytearray(s)
        n[BUDGET[Move.OLD_REPLICA]] -= 1
        if not rules.known_post:
            n[w + PLACE], n[w + SEEN] = COMPARED, 0
        out.append((Move.OLD_REPLICA, i, n))


def take_over(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """With the sender lock: what is unsent here and shown there is accepted (`OlderDatabase._take_over`)."""
    w = W[i]
    if rules.older_alone and s[HOLDER]:
        return
    n = bytearray(s)
    if rules.older_alone:
        db.doubt_orphans(rules, n)
    for post in range(rules.posts):
        if n[w + SEEN] & 1 << post and (post == 0 or db.is_out(n, post - 1)):
            _accept_shown(rules, n, post)
    n[WITNESS] = IN_DATABASE if n[COPIED] else IN_BOTH
    n[w + PLACE], n[w + SEEN] = LIFTS, 0
    out.append((Step.SETTLE, i, n))


def _accept_shown(rules: Rules, n: bytearray, post: int) -> None:
    """A post that is shown belongs to its open attempt, or to one of which the database has lost every trace."""
    states = db.of_post(n, post)
    open_attempt = next((state for state in db.OPEN if state in states), None)
    request = db.shown_request(n, post, SHOWN)
    if open_attempt is None and ACCEPTED not in states:
        attempt = db.new_attempt(n, post)
        n[db.at(attempt)] = SENDING
        db.accept(rules, n, attempt, request)
    elif open_attempt is not None and rules.older_open:
        db.accept(rules, n, post * TRIES + states.index(open_attempt), request)


def lift(rules: Rules, s: bytes, i: int, out: Out) -> None:
    """Let the account go on."""
    n = bytearray(s)
    n[OLDER] = n[W[i] + COMPARES] = 0
    n[W[i] + PLACE] = IDLE
    out.append((Step.AFTERMATH, i, n))
