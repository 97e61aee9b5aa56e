"""Every time of the publishing protocol, in one object, so that tests scale them down together (design, section 5)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Profile:
    """Seconds, each the default of the design.

    `settling` is how long after the mark `in_doubt` X may still carry a request out and show the post: what X allows a silent
    connection, plus the request's own time, plus X's delay, plus visibility. `guard`: the most that may pass between the
    intent and the first byte. `lease`: after it a claim may be taken over. `unreadable`: how long a timeline may stay
    unreadable before a person decides. `frozen_lock`: how long a lock is held before people are told. `upload_ahead`: how
    long before its time the media of the next announcement are uploaded.
    """

    connect: float = 5.0
    read: float = 30.0
    total: float = 40.0
    user_timeout: float = 40.0
    guard: float = 7.0
    settling: float = 120.0
    lease: float = 60.0
    unreadable: float = 900.0
    frozen_lock: float = 300.0
    clock_jump: float = 60.0
    retry: float = 60.0
    probe: float = 60.0
    parent: float = 15.0
    lock_poll: float = 0.05
    store_retry: float = 1.0
    heartbeat: float = 15.0
    sweep: float = 60.0
    upload_ahead: float = 600.0

    @property
    def quarter(self) -> float:
        """How far apart the two empty readings lie before a post counts as absent."""
        return self.settling / 4

    def scaled(self, factor: float) -> Profile:
        """Give the profile with every time multiplied."""
        return Profile(**{field.name: getattr(self, field.name) * factor for field in fields(self)})

    def with_settling(self, seconds: float) -> Profile:
        """Give the profile with another settling time."""
        return replace(self, settling=seconds)


CLOCK_AGREES = 30.0
"""Our clock agrees with X's `Date` header when they are no further apart than this, in seconds. The header counts whole
seconds, so that it is not scaled."""

CLOCK_OFF = 60.0
"""A wall clock further than this from X's `Date`, in seconds, when a worker starts is not trusted with anybody's due times."""

CLOCK_BACK = 1.0
"""A wall clock that goes back by more than this, in seconds, jumped; less is a clock being set right, or the time that
reading two clocks takes."""

COMPARE_EVERY = 86_400.0
"""How often, in seconds, an account is compared with the log. A day is a day wherever the other times are scaled down."""

COMPARE_BACK = 7 * 86_400.0
"""How far back the daily comparison looks, in seconds: each post that is read is billed."""

COMPARE_AGAIN = 3_600.0
"""How long, in seconds, it waits after an account could not be read."""

MAX_RESENDS = 3
"""How often an absent post is sent again before a person decides."""

POISON = 3
"""How often a post may be refused or not sent before it is held."""
