"""Under which faults a run is made, and by which rules the workers play."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tests.model.layout import BUDGETS, MOST_BUDGETS
from tests.model.names import Guard, Move

BUDGETED = (
    Move.KILL,
    Move.LOSE_LOCK,
    Move.STOP_CLOCK,
    Move.CONNECT_FAILS,
    Move.LOSE_ANSWER,
    Move.REFUSE,
    Move.OLD_REPLICA,
    Move.STALE_READING,
    Move.UNREADABLE,
    Move.CANCEL,
    Move.EDIT,
    Move.PAUSE,
    Move.LATE,
    Move.LOOK,
    Move.COPY,
    Move.RESTORE,
    Move.LOSE_WITNESS,
)
"""The faults of which a regime allows so many; all others are free."""

assert len(BUDGETED) == MOST_BUDGETS
BUDGET = {move: BUDGETS + number for number, move in enumerate(BUDGETED)}


@dataclass(frozen=True, slots=True)
class Regime:
    """A bounded world: which faults may happen how often, and its times in ticks.

    `silence`: X closes a connection that has been silent for longer (None: never). `late`: a request that was sent is carried
    out after at most so long, or never. `lag`: what was carried out is shown after at most so long. `span`: the most that the
    guard lets pass between intent and first byte. `wait`: from the mark to the reading that proves absence. `left_over`: a
    worker may outlive the replacement of its database. `media`: files are uploaded between claim and lock.
    """

    name: str
    says: str
    budgets: Mapping[Move, int] = field(default_factory=dict)
    posts: int = 1
    tries: int = 2
    silence: int | None = None
    late: int = 1
    lag: int = 1
    span: int = 0
    wait: int = 3
    left_over: bool = False
    media: bool = False

    def allows(self, *moves: Move) -> bool:
        """Tell whether any of these may happen."""
        return any(self.budgets.get(move) for move in moves)


class Rules:
    """A regime, and which guards stand in it (an attribute for each `Guard`), since they are asked for millions of times."""

    accepted_attempt: bool
    claim_still_mine: bool
    clock: bool
    compare_and_set: bool
    dated_when_asked: bool
    doubt_rests: bool
    fence: bool
    in_doubt: bool
    intent: bool
    known_post: bool
    lag: int
    late: int
    left_over: bool
    lock: bool
    media: bool
    older_alone: bool
    older_open: bool
    older_waits: bool
    open_attempt: bool
    pauses: bool
    people_settle: bool
    person_reads: bool
    person_waits: bool
    posts: int
    readings_late: bool
    reclaim: bool
    restores: bool
    rows_locked: bool
    second_reading: bool
    settling: bool
    silence: int | None
    span: int
    tries: int
    wait: int
    witness: bool

    def __init__(self, regime: Regime, without: Collection[Guard] = ()) -> None:
        for guard in Guard:
            setattr(self, guard.name.lower(), guard not in without)
        self.posts, self.tries = regime.posts, regime.tries
        self.silence, self.late, self.lag = regime.silence, regime.late, regime.lag
        self.span, self.wait = regime.span, regime.wait
        self.left_over, self.media = regime.left_over, regime.media
        self.restores = regime.allows(Move.RESTORE)
        self.people_settle = regime.allows(Move.LOOK)
