"""From a flight to an outcome: an allow-list, everything else is in doubt (design, section 5, step 6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from bot.adapters.x_api import answers, forbidden
from bot.adapters.x_api.flight import Answer, Flight
from bot.domain.outcomes import Accepted, Exchange, InDoubt, NotSent, Outcome, Refused, RefusedKind

REFUSALS = {
    400: RefusedKind.INVALID,
    401: RefusedKind.UNAUTHORISED,
    402: RefusedKind.NO_CREDIT,
    403: RefusedKind.FORBIDDEN,
    429: RefusedKind.RATE_LIMITED,
}
"""Statuses by which X says no before it does anything; a create's 403 only if it is known."""

_ID = re.compile(r"[0-9]{1,19}")

Present = Callable[[str], str]
"""Makes text from outside fit to be kept."""


def is_id(value: object) -> bool:
    """Tell whether a value is an id of X: a string of digits (X API notes, section 1)."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def classify(flight: Flight, *, present: Present, now: datetime) -> Outcome:
    """Say what is known of a create after its flight. `now` is UTC."""
    exchange = _exchange(flight)
    if flight.first_byte_at is None:
        return NotSent(present(flight.no or flight.fault), exchange, unreachable=flight.standing_at is None)
    if flight.answer is None:
        return InDoubt(present(flight.fault), exchange)
    if flight.answer.status == 201:
        return _created(flight.answer, exchange)
    return _not_created(flight.answer, exchange, present=present, now=now)


def _exchange(flight: Flight) -> Exchange:
    age = None
    if flight.standing_at is not None and flight.first_byte_at is not None:
        age = flight.first_byte_at - flight.standing_at
    return Exchange(
        status=flight.status,
        connection_age=age,
        server_date=answers.server_date(flight.headers),
        rate_limit=answers.rate_limit(flight.headers),
    )


def _created(answer: Answer, exchange: Exchange) -> Outcome:
    document = answers.document(answer.body)
    data = document.get("data") if document else None
    post_id = data.get("id") if isinstance(data, dict) else None
    if isinstance(post_id, str) and is_id(post_id):
        return Accepted(post_id, exchange)
    return InDoubt("X answered 201 without a post's id that can be read", exchange)


def _not_created(answer: Answer, exchange: Exchange, *, present: Present, now: datetime) -> Outcome:
    found = answers.problems(answer.body)
    said = present(f"X answered {answer.status}: {answers.words(answer.status, answer.body)}")
    if answer.status == 403 and forbidden.is_duplicate(found):
        return InDoubt(said, exchange, duplicate=True)
    kind = REFUSALS.get(answer.status)
    if kind is None or (answer.status == 403 and not forbidden.is_known(found)):
        return InDoubt(said, exchange)
    until = answers.retry_at(answer.headers, now) if kind is RefusedKind.RATE_LIMITED else None
    return Refused(kind, said, exchange, until)
