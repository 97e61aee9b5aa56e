"""The requests to create posts, in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, insert, select, update

from bot.adapters.store.schema import (
    ACCEPTED,
    BARRING,
    EDITS,
    OPEN,
    TO_RECHECK,
    announcements,
    attempts,
    posts,
)
from bot.domain.attempt import Attempt, NewAttempt
from bot.domain.errors import InputError
from bot.domain.states import AttemptState

_PAGE = 1000

_t = attempts.c

_earlier = attempts.alias("earlier")
_FOLLOWED_ABSENT = exists().where(
    _earlier.c.post == _t.post, _earlier.c.number < _t.number, _earlier.c.state == AttemptState.ABSENT
)
# Statements are made once: making one anew for each post takes as long as running it.
_RESENT = (
    select(attempts).where(_t.account == bindparam("account_"), TO_RECHECK, _FOLLOWED_ABSENT).order_by(_t.id)
)
_BEGIN = insert(attempts).returning(_t.id)
_MOVE = update(attempts).where(_t.id == bindparam("id_"), _t.state.in_(bindparam("before_", expanding=True)))
_GET = select(attempts).where(_t.id == bindparam("id_"))
_OPEN = select(attempts).where(_t.account == bindparam("account_"), OPEN).order_by(_t.id)
_OF_ANNOUNCEMENT = select(attempts).where(_t.announcement_id == bindparam("id_")).order_by(_t.id)
_OF_POST = select(attempts).where(_t.post == bindparam("id_")).order_by(_t.number)
_CREATING = (
    select(func.sum(_t.cost_usd))
    .where(_t.account == bindparam("account_"), _t.intent_at >= bindparam("since_"), BARRING)
    .scalar_subquery()
)
_DELETING = (
    select(func.sum(posts.c.withdraw_cost_usd))
    .where(posts.c.account == bindparam("account_"), posts.c.withdraw_asked_at >= bindparam("since_"))
    .scalar_subquery()
)
_SPENT = select(_CREATING, _DELETING)
_LAST_FIRST_POST = (
    select(_t.intent_at)
    .join(posts, posts.c.id == _t.post)
    .where(_t.account == bindparam("account_"), BARRING, posts.c.position == 0, posts.c.corrects.is_(None))
    .order_by(_t.intent_at.desc())
    .limit(1)
)
_LATEST = (
    select(_t.intent_at)
    .where(_t.account == bindparam("account_"), _t.state != AttemptState.NOT_SENT)
    .order_by(_t.intent_at.desc())
    .limit(1)
)
_STATE = select(_t.state).where(_t.id == bindparam("id_"))
_BEGUN = (
    select(func.count())
    .select_from(attempts)
    .join(posts, posts.c.id == _t.post)
    .join(announcements, announcements.c.id == _t.announcement_id)
    .where(
        _t.account == bindparam("account_"),
        _t.intent_at >= bindparam("since_"),
        BARRING,
        posts.c.position == 0,
        posts.c.corrects.is_(None),
        announcements.c.campaign == bindparam("campaign_"),
    )
)

_GIVEN = tuple(field.name for field in fields(NewAttempt))
_FACTS = frozenset({field.name for field in fields(Attempt)} - {*_GIVEN, "id", "state"})


@lru_cache
def _nth_latest(how_many: int) -> Select[Any]:
    return select(*(_LATEST.offset(bindparam(f"n{place}_")).scalar_subquery() for place in range(how_many)))


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - _FACTS
    if unknown:
        raise ValueError(f"not facts of an attempt: {', '.join(sorted(unknown))}")
    return dict(facts)


class SqlAttempts:
    """Every change of state is a compare-and-set; the database refuses the rest (design, sections 4 and 5)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, attempt: NewAttempt) -> Attempt:
        """Store an intent as `sending`. Raises Refusal if another attempt bars it."""
        values = {name: getattr(attempt, name) for name in _GIVEN} | {
            "state": AttemptState.SENDING,
            "reason": "",
            "duplicate": False,
            "rechecked": False,
            "evidence": {},
        }
        number = self._connection.execute(_BEGIN, values).scalar_one()
        return Attempt(**{name: getattr(attempt, name) for name in _GIVEN}, id=number)

    def get(self, attempt_id: int) -> Attempt:
        """Give one attempt. Raises InputError if there is none."""
        found = self._given(_GET, {"id_": attempt_id})
        if not found:
            raise InputError(f"there is no attempt {attempt_id}")
        return found[0]

    def state(self, attempt_id: int) -> AttemptState:
        """Give the state of one attempt. Raises InputError if there is none."""
        found: AttemptState | None = self._connection.execute(_STATE, {"id_": attempt_id}).scalar()
        if found is None:
            raise InputError(f"there is no attempt {attempt_id}")
        return found

    def move(
        self, attempt_id: int, before: Collection[AttemptState], after: AttemptState, facts: Mapping[str, Any]
    ) -> bool:
        """Set the state if it is one of `before`; False if it is not. `facts` are fields of Attempt to set with it.

        One that is not accepted has neither a post id nor anybody who knows it. Raises Refusal when the post id belongs to
        another attempt, when another attempt of the post bars it, and when an acceptance is final.
        """
        values = _checked(facts) | {"state": after}
        if after is not AttemptState.ACCEPTED:
            values |= {"post_id": None, "known_by": None}
        values |= {"id_": attempt_id, "before_": sorted(before)}
        return self._connection.execute(_MOVE, values).rowcount == 1

    def amend(self, attempt_id: int, facts: Mapping[str, Any]) -> None:
        """Set fields that are not the state (evidence, rechecked)."""
        self._connection.execute(update(attempts).where(_t.id == attempt_id).values(_checked(facts)))

    def open(self, account: str) -> Sequence[Attempt]:
        """Give the attempts of an account that are sending or in doubt, the oldest first."""
        return self._given(_OPEN, {"account_": account})

    def of_announcement(self, announcement_id: int) -> Sequence[Attempt]:
        """Give every attempt of an announcement, in order."""
        return self._given(_OF_ANNOUNCEMENT, {"id_": announcement_id})

    def of_post(self, post: int) -> Sequence[Attempt]:
        """Give every attempt of a post, in order."""
        return self._given(_OF_POST, {"id_": post})

    def accepted(self, since: datetime | None, until: datetime | None) -> Sequence[Attempt]:
        """Give the accepted attempts that were settled from `since` until before `until` (UTC), the oldest first."""
        query = select(attempts).where(ACCEPTED)
        if since is not None:
            query = query.where(_t.settled_at >= since)
        if until is not None:
            query = query.where(_t.settled_at < until)
        return self._given(query.order_by(_t.settled_at, _t.id))

    def resent(self, account: str) -> Sequence[Attempt]:
        """Give the accepted attempts that followed an absent one and were not read once more yet."""
        return self._given(_RESENT, {"account_": account})

    def owned(self, account: str, post_ids: Collection[str]) -> Mapping[str, int]:
        """Tell which of these ids of the channel belong to an accepted attempt: id → attempt."""
        found: dict[str, int] = {}
        ids = sorted(post_ids)
        for start in range(0, len(ids), 500):
            query = select(_t.post_id, _t.id).where(
                _t.account == account, _t.post_id.in_(ids[start : start + 500])
            )
            found.update((post_id, number) for post_id, number in self._connection.execute(query))
        return found

    def replaced(self, account: str) -> Mapping[str, str]:
        """Tell which versions of the account's posts were replaced by a correction that is out: old id → new id."""
        query = select(_t.edits, _t.post_id).where(_t.account == account, EDITS, ACCEPTED)
        return {row.edits: row.post_id for row in self._connection.execute(query)}

    def created_since(self, account: str, since: datetime) -> int:
        """Count the requests that X may have counted since an instant (UTC): all but not_sent."""
        query = select(func.count()).where(
            _t.account == account, _t.intent_at >= since, _t.state != AttemptState.NOT_SENT
        )
        return int(self._connection.execute(query).scalar_one())

    def nth_latest(self, account: str, ns: Sequence[int]) -> Sequence[datetime | None]:
        """Tell for each n when the n-th latest request that X may have counted was intended (UTC); None if there were fewer."""
        before = {f"n{place}_": n - 1 for place, n in enumerate(ns)}
        return tuple(self._connection.execute(_nth_latest(len(ns)), {"account_": account, **before}).one())

    def spent_since(self, account: str, since: datetime) -> Decimal:
        """Add up what X may have billed since an instant (UTC), in USD: sending, in doubt, accepted, and wished deletions."""
        creating, deleting = self._connection.execute(_SPENT, {"account_": account, "since_": since}).one()
        return (creating or Decimal(0)) + (deleting or Decimal(0))

    def last_first_post(self, account: str) -> datetime | None:
        """Tell when the last announcement of the account began to go out: the intent of its first post that may be out."""
        return self._connection.execute(_LAST_FIRST_POST, {"account_": account}).scalar()

    def begun(self, account: str, campaign: str, since: datetime) -> int:
        """Count the announcements of a campaign that began to go out on the account since an instant (UTC), or may have."""
        given = {"account_": account, "campaign_": campaign, "since_": since}
        return int(self._connection.execute(_BEGUN, given).scalar_one())

    def any(self, account: str) -> bool:
        """Tell whether anything was ever sent for the account: not_sent is known not to have been."""
        sent = select(_t.id).where(_t.account == account, _t.state != AttemptState.NOT_SENT).limit(1)
        return self._connection.execute(sent).first() is not None

    def first_accepted(self, account: str) -> Attempt | None:
        """Give the first post of an account that went out; None if there is none."""
        query = select(attempts).where(_t.account == account, ACCEPTED).order_by(_t.intent_at, _t.id)
        return next(iter(self._given(query.limit(1))), None)

    def all(self) -> Iterator[Attempt]:
        """Walk every attempt, the oldest first, a page at a time."""
        after = 0
        while found := self._given(select(attempts).where(_t.id > after).order_by(_t.id).limit(_PAGE)):
            yield from found
            after = found[-1].id

    def _given(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> list[Attempt]:
        return [Attempt(**row._mapping) for row in self._connection.execute(query, values)]
