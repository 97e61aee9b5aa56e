"""States of an announcement and of an attempt, and the moves between them (`docs/states.md`).

The database refuses every other move (design, section 4); a test holds the three equal.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an announcement stands (design, section 2)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"
    PARTLY_PUBLISHED = "partly_published"
    WITHDRAWN = "withdrawn"


class HeldReason(StrEnum):
    """Why a person has to look before anything goes on."""

    LATE = "late"
    POISON = "poison"
    DOUBT = "doubt"
    DUPLICATE = "duplicate"
    RESENDS = "resends"
    PARENT = "parent"
    CHANGED = "changed"
    CAMPAIGN = "campaign"
    FULL_DAY = "full_day"
    EXPIRED = "expired"


class AttemptState(StrEnum):
    """Where one request to create a post stands (design, section 2)."""

    SENDING = "sending"
    ACCEPTED = "accepted"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"
    ABSENT = "absent"


class KnownBy(StrEnum):
    """How an acceptance is known; only the word of a person can be corrected by a fact."""

    ANSWER = "answer"
    TIMELINE = "timeline"
    PERSON = "person"


S, A = State, AttemptState

TRANSITIONS: dict[State, frozenset[State]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.SCHEDULED, S.CANCELLED}),
    S.SUBMITTED: frozenset({S.DRAFT, S.SCHEDULED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.DRAFT, S.SUBMITTED, S.PUBLISHING, S.PUBLISHED, S.HELD, S.MISSED, S.CANCELLED}),
    S.PUBLISHING: frozenset({S.SCHEDULED, S.PUBLISHED, S.HELD, S.MISSED, S.PARTLY_PUBLISHED}),
    S.PUBLISHED: frozenset({S.WITHDRAWN, S.PARTLY_PUBLISHED}),
    S.HELD: frozenset(
        {S.DRAFT, S.SUBMITTED, S.SCHEDULED, S.PUBLISHING, S.PUBLISHED, S.PARTLY_PUBLISHED, S.CANCELLED}
    ),
    S.MISSED: frozenset(
        {S.DRAFT, S.SUBMITTED, S.SCHEDULED, S.PUBLISHING, S.PUBLISHED, S.PARTLY_PUBLISHED, S.CANCELLED}
    ),
    S.CANCELLED: frozenset({S.DRAFT, S.PUBLISHED, S.PARTLY_PUBLISHED}),
    S.PARTLY_PUBLISHED: frozenset({S.PUBLISHING, S.PUBLISHED, S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
}
"""From → to. A late fact may lift a held, missed or cancelled one to (partly) published: facts are recorded always."""

ATTEMPT_TRANSITIONS: dict[AttemptState, frozenset[AttemptState]] = {
    A.SENDING: frozenset({A.ACCEPTED, A.NOT_SENT, A.REFUSED, A.IN_DOUBT}),
    A.IN_DOUBT: frozenset({A.ACCEPTED, A.ABSENT, A.NOT_SENT, A.REFUSED}),
    A.ABSENT: frozenset({A.ACCEPTED, A.NOT_SENT, A.REFUSED}),
    A.NOT_SENT: frozenset({A.ACCEPTED}),
    A.REFUSED: frozenset({A.ACCEPTED}),
    A.ACCEPTED: frozenset({A.ABSENT}),
}
"""From → to. `absent` is a belief that a fact overrules; an acceptance is final, but that of a person who erred."""

OPEN_ATTEMPTS = frozenset({A.SENDING, A.IN_DOUBT})
"""An attempt whose outcome is not settled."""

BARRING_ATTEMPTS = frozenset({A.SENDING, A.IN_DOUBT, A.ACCEPTED})
"""An attempt that forbids another for the same post."""

UNFINISHED = frozenset({S.SUBMITTED, S.SCHEDULED, S.PUBLISHING, S.HELD, S.PARTLY_PUBLISHED})
"""An announcement whose posts may still go out."""
