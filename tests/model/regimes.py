"""The regimes in which the protocol is tried, and the guards that each of them gives teeth to.

Every time is the tightest that holds, and a test shows that the next shorter one does not: `wait` is one tick more than what
X may take from the mark on (`late` + `lag`; on several hosts `silence` before them, and `span` where the look at the store is
taken away), for two things that happen within the same tick have no order. Where one of two readings may lie, the first of
them has to come after all that, too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.model.names import Guard, Move
from tests.model.rules import Regime

G = Guard

ONE_HOST = Regime(
    "one host",
    "kills and lost answers; X never closes a silent connection",
    {Move.KILL: 2, Move.LOSE_ANSWER: 2, Move.CONNECT_FAILS: 1, Move.REFUSE: 1},
)
THREAD = Regime(
    "one host, thread",
    "the same, with a thread of two",
    {Move.KILL: 2, Move.LOSE_ANSWER: 1, Move.CONNECT_FAILS: 1},
    posts=2,
)
SEVERAL_HOSTS = Regime(
    "several hosts",
    "the sender lock is lost by a worker that lives; X closes silent connections",
    {Move.KILL: 1, Move.LOSE_LOCK: 2, Move.LOSE_ANSWER: 1},
    silence=1,
    span=1,
    wait=5,
)
PAUSED_MACHINE = Regime(
    "several hosts, paused",
    "besides, a machine stands still, and its clocks with it",
    {Move.KILL: 1, Move.LOSE_LOCK: 2, Move.STOP_CLOCK: 1},
    silence=1,
    span=1,
    wait=5,
)
STALE = Regime(
    "old replicas",
    "the timeline may come from a replica that lacks even the post known before",
    {Move.KILL: 2, Move.LOSE_ANSWER: 1, Move.OLD_REPLICA: 2},
)
ONE_STALE = Regime(
    "a stale reading",
    "one reading lacks the newest, though it was shown before",
    {Move.KILL: 2, Move.LOSE_ANSWER: 1, Move.STALE_READING: 1},
    wait=4,
)
PEOPLE = Regime(
    "people",
    "people cancel, edit and approve, pause and resume, while files are uploaded; it becomes late",
    {Move.KILL: 1, Move.LOSE_ANSWER: 1, Move.CANCEL: 1, Move.EDIT: 1, Move.PAUSE: 1, Move.LATE: 1},
    media=True,
)
PERSON_SETTLES = Regime(
    "a person settles",
    "the timeline may be unreadable, and a person says whether it is out",
    {Move.KILL: 1, Move.LOSE_ANSWER: 1, Move.UNREADABLE: 1, Move.LOOK: 2},
)
OLDER = Regime(
    "older database",
    "a copy of the database is put back, beside a sender that was forgotten",
    {Move.KILL: 1, Move.LOSE_ANSWER: 1, Move.COPY: 1, Move.RESTORE: 1},
    left_over=True,
)
OLDER_THREAD = Regime(
    "older database, thread",
    "the same with a thread; the witness may be lost, the timeline come from an old replica",
    {Move.LOSE_ANSWER: 1, Move.COPY: 1, Move.RESTORE: 1, Move.LOSE_WITNESS: 1, Move.OLD_REPLICA: 1},
    posts=2,
    left_over=True,
)

REGIMES = (
    ONE_HOST,
    THREAD,
    SEVERAL_HOSTS,
    PAUSED_MACHINE,
    STALE,
    ONE_STALE,
    PEOPLE,
    PERSON_SETTLES,
    OLDER,
    OLDER_THREAD,
)


@dataclass(frozen=True, slots=True)
class Tooth:
    """What comes of a regime when some guards are taken out: the promise that breaks, or none."""

    regime: Regime
    without: tuple[Guard, ...]
    breaks: str = ""

    @property
    def name(self) -> str:
        """A name for people."""
        return f"{self.regime.name}: {', and '.join(self.without)}"


TWICE, WRONG_ABSENT, UNACCEPTED = "out twice", "believed absent, and out", "accepted, and not any more"
AFTER_CANCEL, AFTER_PAUSE = "sent after the cancel was confirmed", "sent after the pause was confirmed"
FORGOTTEN, LOST = "in doubt, and nobody looks", "never settled, and nobody told"

TEETH = (
    Tooth(ONE_HOST, (G.INTENT,), TWICE),
    Tooth(ONE_HOST, (G.IN_DOUBT,), TWICE),
    Tooth(ONE_HOST, (G.LOCK,), WRONG_ABSENT),
    Tooth(ONE_HOST, (G.SETTLING,), WRONG_ABSENT),
    Tooth(ONE_HOST, (G.DATED_WHEN_ASKED,), WRONG_ABSENT),
    Tooth(ONE_HOST, (G.OPEN_ATTEMPT,), TWICE),
    Tooth(ONE_HOST, (G.CLAIM_STILL_MINE, G.ACCEPTED_ATTEMPT), TWICE),
    Tooth(ONE_HOST, (G.RECLAIM,), LOST),
    Tooth(THREAD, (G.ACCEPTED_ATTEMPT,), TWICE),
    Tooth(SEVERAL_HOSTS, (G.FENCE, G.CLOCK), WRONG_ABSENT),
    Tooth(SEVERAL_HOSTS, (G.SETTLING,), WRONG_ABSENT),
    Tooth(SEVERAL_HOSTS, (G.COMPARE_AND_SET,), UNACCEPTED),
    Tooth(PAUSED_MACHINE, (G.FENCE,), WRONG_ABSENT),
    Tooth(STALE, (G.KNOWN_POST,), WRONG_ABSENT),
    Tooth(ONE_STALE, (G.SECOND_READING,), WRONG_ABSENT),
    Tooth(ONE_STALE, (G.READINGS_LATE,), WRONG_ABSENT),
    Tooth(PEOPLE, (G.CLAIM_STILL_MINE,), AFTER_CANCEL),
    Tooth(PEOPLE, (G.ROWS_LOCKED,), AFTER_CANCEL),
    Tooth(PEOPLE, (G.PAUSES,), AFTER_PAUSE),
    Tooth(PEOPLE, (G.DOUBT_RESTS,), FORGOTTEN),
    Tooth(PERSON_SETTLES, (G.PERSON_WAITS,), WRONG_ABSENT),
    Tooth(PERSON_SETTLES, (G.PERSON_READS,), WRONG_ABSENT),
    Tooth(OLDER, (G.WITNESS,), TWICE),
    Tooth(OLDER, (G.OLDER_WAITS,), TWICE),
    Tooth(OLDER, (G.OLDER_ALONE,), TWICE),
    Tooth(OLDER_THREAD, (G.OLDER_OPEN,), TWICE),
)
"""A guard, and the regime in which a promise breaks without it."""

ANOTHER_SUFFICES = (
    Tooth(ONE_HOST, (G.FENCE, G.CLOCK)),
    Tooth(ONE_HOST, (G.SECOND_READING,)),
    Tooth(ONE_HOST, (G.CLAIM_STILL_MINE,)),
    Tooth(ONE_HOST, (G.ACCEPTED_ATTEMPT,)),
    Tooth(ONE_HOST, (G.COMPARE_AND_SET,)),
    Tooth(SEVERAL_HOSTS, (G.LOCK,)),
    Tooth(SEVERAL_HOSTS, (G.FENCE,)),
    Tooth(SEVERAL_HOSTS, (G.CLOCK,)),
    Tooth(PAUSED_MACHINE, (G.CLOCK,)),
)
"""A guard without which nothing breaks in that regime, for another one does its work."""

BOTH_OUT = (
    Tooth(ONE_HOST, (G.LOCK, G.FENCE, G.CLOCK), WRONG_ABSENT),
    Tooth(SEVERAL_HOSTS, (G.LOCK, G.FENCE, G.CLOCK), WRONG_ABSENT),
    Tooth(PAUSED_MACHINE, (G.LOCK, G.FENCE), WRONG_ABSENT),
)
"""With that other one taken out too, something does."""

_MORE = frozenset({Move.KILL, Move.LOSE_LOCK, Move.LOSE_ANSWER, Move.CONNECT_FAILS, Move.REFUSE})


def larger(regime: Regime) -> Regime:
    """Give the regime with more faults, and longer times, for a search by hand."""
    budgets = {move: most + (move in _MORE) for move, most in regime.budgets.items()}
    budgets.setdefault(Move.CONNECT_FAILS, 1)
    longer = replace(regime, budgets=budgets, late=regime.late + 1, lag=regime.lag + 1, wait=regime.wait + 2)
    return (
        longer
        if regime.silence is None
        else replace(longer, silence=regime.silence + 1, wait=longer.wait + 1)
    )
