"""What can happen in the model: the program's steps keep the names of its checkpoints, everybody else's moves have these.

`Step` (`bot.application.ports.checkpoint`) names what a worker commits or sends. `Move` names what X, the network, the system,
the clocks and people do. `Guard` names what the protocol does against them, so that a run can do without.
"""

from __future__ import annotations

from enum import StrEnum

from bot.application.ports.checkpoint import Step as Step


class Move(StrEnum):
    """A move of an actor other than a worker."""

    TICK = "time passes"
    WATCH = "the wait begins"
    STOP_CLOCK = "its machine is paused"
    GO_ON = "its machine goes on"

    TAKE_LOCK = "the sender lock is had"
    LOCK_BUSY = "the sender lock is not had"
    LOSE_LOCK = "the sender lock is lost"
    KILL = "is killed"

    CONNECT = "the connection stands"
    CONNECT_FAILS = "the connection fails"
    LOSE_ANSWER = "the answer is lost"
    TIME_OUT = "no answer comes"

    CLOSE_SILENT = "X closes a silent connection"
    EXECUTE = "X carries a request out"
    DROP = "a request dies on its way"
    ANSWER = "X answers 201"
    REFUSE = "X refuses"
    SHOW = "X shows the post"
    OLD_REPLICA = "X shows a timeline from before"
    STALE_READING = "X shows a timeline without the newest"
    UNREADABLE = "the timeline cannot be read"

    CANCEL = "a person cancels"
    EDIT = "a person edits"
    APPROVE = "a person approves"
    PAUSE = "a person pauses"
    RESUME = "a person resumes"
    LATE = "it has become late"
    LOOK = "a person asks to send again"
    SAY_ABSENT = "a person says: it is not out"
    SAY_PUBLISHED = "a person says: it is out"
    COPY = "a copy of the database is made"
    RESTORE = "the copy is put back"
    LOSE_WITNESS = "the witness is lost"


Name = Step | Move

Out = list[tuple[Name, int, bytearray]]
"""What may happen next: the action, the worker that it is of (from 0, -1 for none), the state that it leads to."""


class Guard(StrEnum):
    """What the protocol does against a fault. The table of protocol notes, section 2, with what the code has besides."""

    INTENT = "intent before the first byte"
    IN_DOUBT = "what is not known is in doubt"
    LOCK = "sender lock"
    FENCE = "guard: still ours and sending?"
    CLOCK = "guard: no time lost?"
    SETTLING = "settling time"
    SECOND_READING = "second reading"
    READINGS_LATE = "both readings after the settling time"
    DATED_WHEN_ASKED = "a reading is dated when it is asked for"
    KNOWN_POST = "a reading shows the post known before"
    CLAIM_STILL_MINE = "intent: claim still mine"
    OPEN_ATTEMPT = "intent: no attempt is open"
    ACCEPTED_ATTEMPT = "intent: no attempt was ever accepted"
    PAUSES = "intent: not paused"
    ROWS_LOCKED = "intent: read and stored in one transaction"
    COMPARE_AND_SET = "outcomes by compare-and-set"
    DOUBT_RESTS = "what is in doubt stays with the reconciler"
    RECLAIM = "a dead claim is taken over"
    PERSON_WAITS = "a person's absent: after the settling time"
    PERSON_READS = "a person's absent: reads once more"
    WITNESS = "witness of the last intent"
    OLDER_WAITS = "older database: waits the settling time"
    OLDER_ALONE = "older database: no sender may be left over"
    OLDER_OPEN = "older database: what is open is compared too"


FAULTS = frozenset(
    {
        Move.STOP_CLOCK, Move.LOSE_LOCK, Move.KILL, Move.CONNECT_FAILS, Move.LOSE_ANSWER, Move.CLOSE_SILENT, Move.DROP,
        Move.REFUSE, Move.OLD_REPLICA, Move.STALE_READING, Move.UNREADABLE, Move.CANCEL, Move.EDIT, Move.PAUSE, Move.LATE,
        Move.LOOK, Move.SAY_ABSENT, Move.SAY_PUBLISHED, Move.COPY, Move.RESTORE, Move.LOSE_WITNESS,
    }
)  # fmt: skip
"""What nobody can count on: a way to the end that needs one of these is none."""
