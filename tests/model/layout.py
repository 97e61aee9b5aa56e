"""Where each small number of a state stands.

A state is a `bytes`: it is hashed once and small in memory. Times are counted in ticks; ages stop at the bound that anybody
looks at, so that there are finitely many states.

What stands in no state: texts, ids and hashes (a post is its position), money, limits and gaps (they delay a send, and any
send may come late here anyway), the journal's rows but for the one the witness names, and the epoch's number: all that is
ever asked of it is whether a claim is still the last one, which each worker carries as one bit.
"""

from __future__ import annotations

POSTS, TRIES, REQUESTS, WORKERS = 2, 3, 4, 2

HOLDER, PERSON, WITNESS, WRONG = 0, 1, 2, 3
"""Who has the sender lock (0 nobody), what a person has just looked at, what the witness names, which promise is broken."""

ANNOUNCEMENT, WAKE, PAUSED, OLDER, MARK, ATTEMPTS = 4, 5, 6, 7, 8, 9
"""The database. `MARK`: how long ago the open attempt was marked. An attempt is its state and the request that carries it."""

DATABASE = slice(ANNOUNCEMENT, ATTEMPTS + 2 * POSTS * TRIES)
COPIED = DATABASE.stop
COPY = slice(COPIED + 1, COPIED + 1 + DATABASE.stop - DATABASE.start)
COPY_SHIFT = COPY.start - DATABASE.start

AT_X = COPY.stop
"""The requests as X and the network have them: how far (tens) and for how long (ones), and whose post."""

BUDGETS = AT_X + 2 * REQUESTS
MOST_BUDGETS = 17
FIRST_WORKER = BUDGETS + MOST_BUDGETS

PLACE, CLAIM, ATTEMPT, REQUEST, SINCE, HAND, WATCH, ELAPSED, EMPTY, SEEN, COMPARES, STOPPED, GHOST = range(13)
"""A worker: where it stands in its turn, whether its claim is the last, its attempt and request, the time since the intent,
the outcome it has in hand; the attempt it watches, for how long, and its empty reading; what it has just read; how long it has
waited to compare an older database; whether its machine is paused, and whether its database was replaced under it."""

WORKER_SIZE = 13
SIZE = FIRST_WORKER + WORKERS * WORKER_SIZE
W = (FIRST_WORKER, FIRST_WORKER + WORKER_SIZE)

# Where an announcement stands, and when a worker looks at it.
SCHEDULED, PUBLISHING, PUBLISHED, HELD, PARTLY, CANCELLED, DRAFT = range(1, 8)
RESTS, DUE, CLAIMED = 0, 1, 2

# Where an attempt stands.
NONE, SENDING, DOUBT, ABSENT, ACCEPTED, FAILED = range(6)

# Where a request is: a connection that is silent, bytes on their way, carried out but not shown, shown.
SILENT, SENT, HIDDEN, SHOWN = 10, 20, 30, 40

# Where a worker stands in its turn.
(
    FRESH, IDLE, HAS_CLAIM, HAS_LOCK, CHECKED, INTENDED, WITNESSED, STANDING, PASSED, WAITING, ANSWERED,
    JUDGES, COMPARED, LIFTS, HAS_MEDIA,
) = range(15)  # fmt: skip

# What a worker has in hand.
NOTHING, IS_OUT, NOT_OUT, UNKNOWN = range(4)

# What a reading has shown.
SAW_NOTHING, SAW_IT, PROVES_ABSENCE = 1, 2, 3

# What the witness names: nothing, a row that database and copy have, one that the copy lacks, one that the database lacks.
NO_WITNESS, IN_BOTH, IN_DATABASE, AHEAD = range(4)

# Which promise is broken.
TWICE, WRONG_ABSENT, UNACCEPTED, AFTER_CANCEL, AFTER_PAUSE, FORGOTTEN, LOST = range(1, 8)
BROKEN = {
    TWICE: "out twice",
    WRONG_ABSENT: "believed absent, and out",
    UNACCEPTED: "accepted, and not any more",
    AFTER_CANCEL: "sent after the cancel was confirmed",
    AFTER_PAUSE: "sent after the pause was confirmed",
    FORGOTTEN: "in doubt, and nobody looks",
    LOST: "never settled, and nobody told",
}
