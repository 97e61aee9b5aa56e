"""What people do to the queue while it runs: `bot.application.control`, `intake` (edit), `settle`, and the copying of files.

A person who says that it is not out looks first and says so then; in between, everything may happen. A person's word that it
is out is right: which post it is, is checked by the program, and X's ids are not in the model.
"""

from __future__ import annotations

from tests.model import database as db

# isort: off
from tests.model.layout import (
    ACCEPTED, AHEAD, ANNOUNCEMENT, ANSWERED, ATTEMPT, ATTEMPTS, CANCELLED, CLAIM, COMPARES, COPIED, COPY, DATABASE,
    DOUBT, DRAFT, DUE, ELAPSED, EMPTY, GHOST, HELD, IDLE, IN_BOTH, IN_DATABASE, JUDGES, MARK, NO_WITNESS, PASSED,
    PAUSED, PERSON, PLACE, POSTS, PUBLISHING, RESTS, SCHEDULED, SEEN, SHOWN, STANDING, TRIES, WAITING, WATCH, WITNESS,
    W,
)  # fmt: skip

# isort: on
from tests.model.names import Move, Out
from tests.model.outside import NOBODY, end
from tests.model.rules import BUDGET, Rules

ALL_ATTEMPTS = slice(ATTEMPTS, ATTEMPTS + 2 * POSTS * TRIES)
OUTLIVES = (STANDING, PASSED, WAITING, ANSWERED)


def people(rules: Rules, s: bytes, out: Out) -> None:
    """Everything that a person may do now."""
    _change(s, out)
    _stop(s, out)
    if rules.people_settle:
        _settle(rules, s, out)
    if rules.restores:
        _copy(s, out)
        _restore(rules, s, out)


def _change(s: bytes, out: Out) -> None:
    """Cancel and edit are refused while an attempt is open and when something is out."""
    free = not db.any_open(s) and not db.begun(s)
    if free and s[ANNOUNCEMENT] in (SCHEDULED, PUBLISHING, HELD, DRAFT):
        for deed, after in ((Move.CANCEL, CANCELLED), (Move.EDIT, DRAFT)):
            if s[BUDGET[deed]]:
                n = bytearray(s)
                n[BUDGET[deed]] -= 1
                if deed is Move.EDIT:
                    _forget_attempts(n)
                db.void_claims(n)
                db.move(n, after, RESTS)
                out.append((deed, NOBODY, n))
    if s[ANNOUNCEMENT] == DRAFT:
        n = bytearray(s)
        db.move(n, SCHEDULED, DUE)
        out.append((Move.APPROVE, NOBODY, n))


def _forget_attempts(n: bytearray) -> None:
    """A new text is a new post without attempts; who judges an old one will find it settled."""
    n[ALL_ATTEMPTS] = bytes(2 * POSTS * TRIES)
    for w in W:
        n[w + WATCH] = n[w + ELAPSED] = n[w + EMPTY] = n[w + SEEN] = 0
        if n[w + PLACE] == JUDGES:
            n[w + PLACE] = IDLE


def _stop(s: bytes, out: Out) -> None:
    if s[BUDGET[Move.PAUSE]] and not s[PAUSED]:
        n = bytearray(s)
        n[BUDGET[Move.PAUSE]] -= 1
        n[PAUSED] = 1
        out.append((Move.PAUSE, NOBODY, n))
    if s[PAUSED]:
        n = bytearray(s)
        n[PAUSED] = 0
        out.append((Move.RESUME, NOBODY, n))


def _settle(rules: Rules, s: bytes, out: Out) -> None:
    attempt = db.in_doubt(s)
    if s[PERSON]:
        n = bytearray(s)
        _say_absent(rules, n, s[PERSON] - 1)
        out.append((Move.SAY_ABSENT, NOBODY, n))
    elif attempt >= 0 and s[BUDGET[Move.LOOK]]:
        _look(rules, s, attempt, out)


def _look(rules: Rules, s: bytes, attempt: int, out: Out) -> None:
    """Refused before the settling time; what the timeline then shows is accepted, whatever the person believes."""
    shown = db.shown_request(s, attempt // TRIES, SHOWN)
    n = bytearray(s)
    n[BUDGET[Move.LOOK]] -= 1
    if shown:
        accepted = bytearray(n)
        db.accept(rules, accepted, attempt, shown)
        db.let_go_on(accepted)
        out.append((Move.SAY_PUBLISHED, NOBODY, accepted))
    if (rules.person_waits and s[MARK] < rules.wait) or (shown and rules.person_reads):
        return
    n[PERSON] = attempt + 1
    out.append((Move.LOOK, NOBODY, n))


def _say_absent(rules: Rules, n: bytearray, attempt: int) -> None:
    n[PERSON] = 0
    if n[db.at(attempt)] == DOUBT or not rules.compare_and_set:
        db.disprove(rules, n, attempt)
        db.let_go_on(n)


def _copy(s: bytes, out: Out) -> None:
    if s[BUDGET[Move.COPY]]:
        n = bytearray(s)
        n[BUDGET[Move.COPY]] -= 1
        n[COPIED], n[COPY] = 1, n[DATABASE]
        n[COPY.start + MARK - DATABASE.start] = 0
        if n[WITNESS] == IN_DATABASE:
            n[WITNESS] = IN_BOTH
        out.append((Move.COPY, NOBODY, n))


def _restore(rules: Rules, s: bytes, out: Out) -> None:
    """Put the copy in the place of the database, with the workers stopped, or with one left over that nobody thought of."""
    if not s[COPIED] or not s[BUDGET[Move.RESTORE]]:
        return
    out.append((Move.RESTORE, NOBODY, _restored(s, left_over=-1)))
    for i, w in enumerate(W):
        if rules.left_over and s[w + PLACE] in OUTLIVES:
            out.append((Move.RESTORE, i, _restored(s, left_over=i)))
    if s[BUDGET[Move.LOSE_WITNESS]] and ACCEPTED in s[COPY][ATTEMPTS - DATABASE.start :: 2]:
        n = _restored(s, left_over=-1)
        n[BUDGET[Move.LOSE_WITNESS]] -= 1
        n[WITNESS] = NO_WITNESS
        out.append((Move.LOSE_WITNESS, NOBODY, n))


def _restored(s: bytes, *, left_over: int) -> bytearray:
    n = bytearray(s)
    n[BUDGET[Move.RESTORE]] -= 1
    for i, w in enumerate(W):
        if i == left_over:
            n[w + GHOST], n[w + ATTEMPT], n[w + CLAIM] = 1, 0, 0
            n[w + WATCH] = n[w + ELAPSED] = n[w + EMPTY] = n[w + COMPARES] = 0
        else:
            end(n, i)
    n[DATABASE] = n[COPY]
    if not n[BUDGET[Move.RESTORE]]:
        n[COPIED], n[COPY] = 0, bytes(COPY.stop - COPY.start)
    if n[WITNESS] == IN_DATABASE:
        n[WITNESS] = AHEAD
    n[PERSON] = 0
    return n
