"""What the protocol takes for granted about time and about X, and how it shows when that does not hold
(protocol notes, section 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.attempt import Attempt
from bot.domain.profile import Profile
from bot.domain.states import AttemptState
from bot.domain.timeline import Reading, TimelinePost


class Breach(StrEnum):
    """An assumption that did not hold; the word is the journal's event."""

    OLD_CONNECTION = "old_connection"
    LATE_ARRIVAL = "late_arrival"
    SLOW_TO_SHOW = "slow_to_show"
    READINGS_CONTRADICT = "readings_contradict"
    WRONG_ABSENT = "wrong_absent"
    ASSUMPTION_BROKEN = "assumption_broken"


@dataclass(frozen=True, slots=True)
class Meaning:
    """For people: what did not hold, in half a sentence, and what to do about it."""

    what: str
    remedy: str


MEANINGS = {
    Breach.OLD_CONNECTION: Meaning(
        "the request left on a connection older than it should have been",
        "The process was frozen while it was sending. If it happens again, look at what stops this machine.",
    ),
    Breach.LATE_ARRIVAL: Meaning(
        "X carried out a request after the time that it had for it",
        "Twice the settling time is safer: raise BOT_SETTLING_TIME in .env.",
    ),
    Breach.SLOW_TO_SHOW: Meaning(
        "X showed a post only after half of the settling time",
        "Twice the settling time is safer: raise BOT_SETTLING_TIME in .env.",
    ),
    Breach.READINGS_CONTRADICT: Meaning(
        "a post that the timeline showed before is not on it any more",
        "If nobody deleted it by hand, the timeline cannot be relied on: raise BOT_SETTLING_TIME in .env.",
    ),
    Breach.WRONG_ABSENT: Meaning(
        "a post that was believed absent is out",
        "Look whether it is there twice, and raise BOT_SETTLING_TIME in .env.",
    ),
    Breach.ASSUMPTION_BROKEN: Meaning(
        "X says that a post repeats one, though no request for it can have been carried out",
        "The account is paused. Look at its timeline for the post; if somebody posted it by hand, that explains it. "
        "Then `bot resume`.",
    ),
}

_SECONDS_OF_DATE = 1.0
"""X's `Date` header counts whole seconds."""

_EXECUTED_NOTHING = (AttemptState.NOT_SENT, AttemptState.REFUSED, AttemptState.ABSENT)


def seconds_late(
    attempt: Attempt, match: TimelinePost, reading: Reading, now: datetime, profile: Profile
) -> float:
    """Tell by how many seconds X made a post after its request had to be over; 0.0 if it did not, or if X does not say.

    X's `created_at` is set against X's own clock; `now` (UTC) is when the reading came.
    """
    if match.created_at is None or reading.server_date is None:
        return 0.0
    deadline = attempt.intent_at + timedelta(seconds=profile.guard + profile.total)
    late = (match.created_at - (deadline + (reading.server_date - now))).total_seconds()
    return late if late > _SECONDS_OF_DATE else 0.0


def must_have_executed_nothing(attempt: Attempt) -> bool:
    """Tell whether no post can have come of an attempt, by all that the protocol assumes."""
    return attempt.state in _EXECUTED_NOTHING
