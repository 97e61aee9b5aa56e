"""What is known after one request to create a post (design, section 5, step 6).

`NotSent` and `Refused` are an allow-list: everything that is not a readable 201 and not on it is `InDoubt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RefusedKind(StrEnum):
    """Why X refused; what follows depends on it."""

    INVALID = "invalid"
    UNAUTHORISED = "unauthorised"
    NO_CREDIT = "no_credit"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate_limited"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What the answer's headers say of the create limit: `reset_at` is UTC."""

    limit: int
    remaining: int
    reset_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """Facts of the exchange that the journal keeps; no header of the request, no secret.

    `connection_age` is seconds between the standing connection and the first byte sent (the guard's look
    lies between them); `server_date` is X's own `Date`.
    """

    status: int | None = None
    connection_age: float | None = None
    server_date: datetime | None = None
    rate_limit: RateLimit | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A readable 201: the post exists."""

    post_id: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class NotSent:
    """No byte of the request left: the connection did not come about (`unreachable`), or the guard said no."""

    reason: str
    exchange: Exchange
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """X said no in a way that executed nothing. `until` (UTC) is set with `rate_limited`."""

    kind: RefusedKind
    detail: str
    exchange: Exchange
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The request may or may not have been carried out. `duplicate`: a 403 that says the text repeats one."""

    reason: str
    exchange: Exchange
    duplicate: bool = False


Outcome = Accepted | NotSent | Refused | InDoubt
