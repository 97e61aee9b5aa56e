"""What the store and `bot.application.conclude` do to an announcement and its attempts, each inside one transaction.

Every function changes the state that it is given. The database refuses what its indexes and triggers refuse in the program.
"""

from __future__ import annotations

# isort: off
from tests.model.layout import (
    ABSENT, ACCEPTED, ANNOUNCEMENT, ATTEMPTS, AT_X, CANCELLED, CLAIM, COPIED, COPY_SHIFT, DOUBT, DRAFT, DUE, ELAPSED,
    EMPTY, FAILED, HELD, HIDDEN, JUDGES, MARK, NONE, PARTLY, PLACE, POSTS, PUBLISHED, PUBLISHING, REQUEST, RESTS,
    SCHEDULED, SENDING, TRIES, UNACCEPTED, WAKE, WATCH, WRONG, WRONG_ABSENT, W,
)  # fmt: skip

# isort: on
from tests.model.rules import Rules

EVERY_ATTEMPT = range(POSTS * TRIES)
OPEN = (SENDING, DOUBT)
BARRING = (SENDING, DOUBT, ACCEPTED)


def at(attempt: int) -> int:
    """Give the place of an attempt's state; that of its request follows."""
    return ATTEMPTS + 2 * attempt


def of_post(n: bytes | bytearray, post: int) -> list[int]:
    """Give the states of a post's attempts."""
    first = ATTEMPTS + 2 * TRIES * post
    return list(n[first : first + 2 * TRIES : 2])


def is_out(n: bytes | bytearray, post: int) -> bool:
    """Tell whether a post is known to be out."""
    first = ATTEMPTS + 2 * TRIES * post
    return ACCEPTED in n[first : first + 2 * TRIES : 2]


def any_open(n: bytes | bytearray) -> bool:
    """Tell whether anything is sending or in doubt."""
    states = n[ATTEMPTS : ATTEMPTS + 2 * POSTS * TRIES : 2]
    return SENDING in states or DOUBT in states


def in_doubt(n: bytes | bytearray) -> int:
    """Give the attempt that is in doubt, -1 if there is none; there is one at most, for a thread goes on one by one."""
    return n[ATTEMPTS : ATTEMPTS + 2 * POSTS * TRIES : 2].find(DOUBT)


def break_promise(n: bytearray, promise: int) -> None:
    """Note the first promise that is broken."""
    n[WRONG] = n[WRONG] or promise


def move(n: bytearray, after: int, wake: int) -> None:
    """Set the announcement's state; a change of it voids every claim, but for the end (`SqlAnnouncements.move`)."""
    if after not in (n[ANNOUNCEMENT], PUBLISHED):
        void_claims(n)
    n[ANNOUNCEMENT] = after
    n[WAKE] = wake if after in (SCHEDULED, PUBLISHING) else RESTS


def void_claims(n: bytearray) -> None:
    """Count the epoch up."""
    for w in W:
        n[w + CLAIM] = 0


def begun(n: bytes | bytearray) -> bool:
    """Tell whether a part of it is out."""
    return is_out(n, 0) or is_out(n, 1)


def wake(n: bytearray) -> None:
    """Let a worker look at it again (`Conclusion._wake`, `Intending._put_back`)."""
    if n[ANNOUNCEMENT] == PUBLISHING:
        move(n, PUBLISHING if begun(n) else SCHEDULED, DUE)


def hold(n: bytearray) -> None:
    """A person has to look, and is told."""
    if n[ANNOUNCEMENT] in (SCHEDULED, PUBLISHING):
        move(n, PARTLY if begun(n) else HELD, RESTS)


def doubt(rules: Rules, n: bytearray, attempt: int) -> None:
    """It may or may not be out."""
    place = at(attempt)
    if n[place] != SENDING and rules.compare_and_set:
        return
    if n[place] == ACCEPTED:
        break_promise(n, UNACCEPTED)
    n[place] = DOUBT
    n[MARK] = 0
    if n[ANNOUNCEMENT] == PUBLISHING:
        n[WAKE] = RESTS


def doubt_orphans(rules: Rules, n: bytearray) -> None:
    """What is `sending` while somebody else has the lock has lost its sender."""
    for attempt in EVERY_ATTEMPT:
        if n[at(attempt)] == SENDING:
            doubt(rules, n, attempt)


def disprove(rules: Rules, n: bytearray, attempt: int) -> None:
    """By all that can be known it is not out."""
    place = at(attempt)
    if n[place] != DOUBT and rules.compare_and_set:
        return
    if n[place] == ACCEPTED:
        break_promise(n, UNACCEPTED)
    n[place] = ABSENT
    request = n[place + 1]
    if request and n[AT_X + 2 * (request - 1)] >= HIDDEN:
        break_promise(n, WRONG_ABSENT)
    _settle(n, attempt)
    wake(n)


def fail(n: bytearray, attempt: int) -> None:
    """Nothing was carried out."""
    place = at(attempt)
    if n[place] not in OPEN:
        return
    n[place], n[place + 1] = FAILED, 0
    _settle(n, attempt)
    wake(n)


def accept(rules: Rules, n: bytearray, attempt: int, request: int) -> None:
    """It is out as this request; another attempt of the post bars that (`attempts_one_per_post`)."""
    place = at(attempt)
    siblings = of_post(n, attempt // TRIES)
    siblings.pop(attempt % TRIES)
    if n[place] == ACCEPTED or any(state in BARRING for state in siblings):
        return
    n[place], n[place + 1] = ACCEPTED, request
    _settle(n, attempt)
    if all(is_out(n, post) for post in range(rules.posts)):
        if n[ANNOUNCEMENT] != DRAFT:
            move(n, PUBLISHED, RESTS)
    elif n[ANNOUNCEMENT] in (PUBLISHING, SCHEDULED):
        move(n, PUBLISHING, DUE)
    elif n[ANNOUNCEMENT] in (HELD, CANCELLED):
        move(n, PARTLY, RESTS)


def _settle(n: bytearray, attempt: int) -> None:
    """Nobody watches what is settled; who has just read it goes on, and finds it settled."""
    n[MARK] = 0
    for w in W:
        if n[w + WATCH] == attempt + 1 and n[w + PLACE] != JUDGES:
            n[w + WATCH] = n[w + ELAPSED] = n[w + EMPTY] = 0


def let_go_on(n: bytearray) -> None:
    """What was held for its doubt goes on (`Settling._let_go_on`)."""
    if n[ANNOUNCEMENT] == HELD:
        move(n, SCHEDULED, DUE)
    elif n[ANNOUNCEMENT] == PARTLY:
        move(n, PUBLISHING, DUE)


def shown_request(n: bytes | bytearray, post: int, least: int) -> int:
    """Give a request (from 1) of a post that has come as far as `least` and is no other attempt's; 0 if there is none."""
    for place in range(AT_X, AT_X + 8, 2):
        if n[place] >= least and n[place + 1] == post + 1:
            return (place - AT_X) // 2 + 1
    return 0


def bury(n: bytearray, request: int) -> None:
    """A request that nothing can come of any more is forgotten, wherever it was named."""
    n[AT_X + 2 * (request - 1)] = n[AT_X + 2 * (request - 1) + 1] = 0
    for attempt in EVERY_ATTEMPT:
        for place in (at(attempt), at(attempt) + COPY_SHIFT):
            if n[place + 1] == request and (place < COPIED or n[COPIED]):
                n[place + 1] = 0
    for w in W:
        if n[w + REQUEST] == request:
            n[w + REQUEST] = 0


def new_attempt(n: bytearray, post: int) -> int:
    """Give the next attempt of a post."""
    return post * TRIES + of_post(n, post).index(NONE)
