"""The queue, in the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from bot.adapters.store.announcement_rows import (
    announcement_of,
    due_values,
    expires_values,
    record_values,
    values_of,
)
from bot.adapters.store.embargoes import embargo_values
from bot.adapters.store.filters import conditions
from bot.adapters.store.many_announcements import add_all, by_keys, translated
from bot.adapters.store.posts import reopen
from bot.adapters.store.schema import OPEN, announcements, approvals, attempts
from bot.adapters.store.types import Instant
from bot.application.ports.announcements import Claim, Filter, NewAnnouncement
from bot.domain.announcement import Announcement, Approved, Due, Embargo, Held, Record
from bot.domain.errors import InputError
from bot.domain.family import words_of
from bot.domain.states import State

_a = announcements.c

_AWAKE = (State.SCHEDULED, State.PUBLISHING)
"""The states in which a worker looks at an announcement."""

_GOING_ON = frozenset({State.SUBMITTED, State.SCHEDULED, State.PUBLISHING})
"""The states in which its posts bar the same texts again, if they had been finished."""

_NOT_GOING_OUT = (State.CANCELLED, State.MISSED, State.WITHDRAWN)

_NEXT_TO_WAKE = (
    select(_a.id)
    .where(_a.account == bindparam("account_"), _a.wake_at <= bindparam("now_"), _a.state.in_(_AWAKE))
    .order_by(_a.wake_at, _a.id)
    .limit(1)
)
_FIRST_AWAKE = _NEXT_TO_WAKE.with_for_update(skip_locked=True)

_CLAIM = (
    update(announcements)
    .where(_a.id == _FIRST_AWAKE.scalar_subquery())
    .values(
        state=State.PUBLISHING,
        epoch=_a.epoch + 1,
        claimed_by=bindparam("worker_"),
        wake_at=bindparam("lease_until_"),
    )
    .returning(_a.id, _a.epoch)
)

_NEXT_WAKE = (
    select(_a.wake_at)
    .where(_a.account == bindparam("account_"), _a.wake_at.is_not(None), _a.state.in_(_AWAKE))
    .order_by(_a.wake_at)
    .limit(1)
)

_p = approvals.c
_GET = (
    select(
        announcements,
        *(column.label(f"approved_{column.name}") for column in (_p.by, _p.at, _p.digest, _p.own)),
    )
    .outerjoin(approvals, _p.announcement_id == _a.id)
    .where(_a.id == bindparam("id_"))
    .order_by(_p.at, _p.by)
)
_DUE_BETWEEN = (
    select(announcements)
    .where(
        _a.account == bindparam("account_"),
        _a.due_at.between(bindparam("after_"), bindparam("until_")),
        _a.state.not_in(_NOT_GOING_OUT),
        _a.corrects.is_(None),
    )
    .order_by(_a.due_at, _a.id)
)
_APPROVALS = (
    select(approvals).where(_p.announcement_id.in_(bindparam("ids_", expanding=True))).order_by(_p.at, _p.by)
)
_OF_SOURCE = select(_a.id).where(_a.source == bindparam("source_"))
# Two searches: with an OR in their place SQLite walks everything of the source.
_MEMBERS = union_all(
    _OF_SOURCE.where(_a.key == bindparam("key_")), _OF_SOURCE.where(_a.family == bindparam("key_"))
)
_FAMILY = select(announcements).where(_a.id.in_(_MEMBERS)).order_by(_a.id)
_STATE = select(_a.state).where(_a.id == bindparam("id_"))
_MOVE = update(announcements).where(_a.id == bindparam("id_"))
_MOVE_ON = _MOVE.values(epoch=_a.epoch + 1)  # whoever had claimed it finds that the claim is void
_STATE_TO_MOVE = _STATE.with_for_update()


def _first_account(after: ColumnElement[str] | None = None) -> Any:
    # One probe of the index an account: a DISTINCT would walk the whole queue.
    found = select(func.min(_a.account)).where(_a.wake_at.is_not(None))
    return found if after is None else found.where(_a.account > after)


def _move_values(after: State, facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = facts.keys() - {"held", "digest", "wake_at", "released_at", "at"}
    if unknown:
        raise ValueError(f"not facts of a move: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {"state": after}
    values.update({name: facts[name] for name in ("digest", "released_at", "wake_at") if name in facts})
    if after not in _AWAKE:
        values["wake_at"] = None
    if "at" in facts:
        values["updated_at"] = facts["at"]
    if "held" in facts or after not in (State.HELD, State.PARTLY_PUBLISHED):
        held: Held | None = facts.get("held")
        values["held_reason"] = held.reason if held else None
        values["held_detail"] = held.detail if held else None
    return values


class SqlAnnouncements:
    """Announcements by number and by key."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: NewAnnouncement) -> Announcement:
        """Queue a record as a draft. Raises Refusal if its source has the key already."""
        row = self._connection.execute(insert(announcements).returning(*_a), values_of(new)).one()
        return announcement_of(row, ())

    def get(self, announcement_id: int) -> Announcement:
        """Give one. Raises InputError if there is none."""
        rows = self._connection.execute(_GET, {"id_": announcement_id}).all()
        if not rows:
            raise _unknown(announcement_id)
        approved = (
            Approved(row.approved_by, row.approved_at, row.approved_digest, row.approved_own)
            for row in rows
            if row.approved_by is not None
        )
        return announcement_of(rows[0], tuple(approved))

    def state(self, announcement_id: int) -> State:
        """Give the state of one. Raises InputError if there is none."""
        state: State | None = self._connection.execute(_STATE, {"id_": announcement_id}).scalar()
        if state is None:
            raise _unknown(announcement_id)
        return state

    def find(self, name: str) -> Announcement:
        """Give the one that people call by this number or key. Raises InputError (none, or several have the key)."""
        if name.isascii() and name.isdigit() and len(name) <= 18:
            by_number = self._given(select(announcements).where(_a.id == int(name)))
            if by_number:
                return by_number[0]
        found = self._given(select(announcements).where(_a.key == name).order_by(_a.id).limit(10))
        if not found:
            raise InputError(f"there is no announcement '{name}': `bot queue list --all` shows them")
        if len(found) > 1:
            numbers = ", ".join(str(one.id) for one in found)
            raise InputError(f"several announcements have the key '{name}': use the number ({numbers})")
        return found[0]

    def by_key(self, source: str, key: str) -> Announcement | None:
        """Give the one that an import knows by this key."""
        found = self._given(select(announcements).where(_a.source == source, _a.key == key))
        return found[0] if found else None

    def family(self, source: str, key: str) -> Sequence[Announcement]:
        """Give the original that an import knows by this key, if there is one, and all its translations, by number."""
        rows = self._connection.execute(_FAMILY, {"source_": source, "key_": key}).all()
        return [announcement_of(row, ()) for row in rows]

    def add_all(self, new: Sequence[NewAnnouncement]) -> Sequence[int]:
        """Queue many records as drafts; gives their numbers. Raises Refusal if a source has one of the keys already."""
        return add_all(self._connection, new)

    def by_keys(self, source: str, keys: Sequence[str]) -> Mapping[str, Announcement]:
        """Give those that an import knows by these keys: key → announcement, without their approvals."""
        return by_keys(self._connection, source, keys)

    def translated(self, source: str, keys: Sequence[str]) -> Collection[str]:
        """Tell which of these keys translations name as their original's."""
        return translated(self._connection, source, keys)

    def note_original(self, announcement_id: int, revision: int) -> None:
        """Note for which revision of its original's words a translation was written or approved."""
        noted = update(announcements).where(_a.id == announcement_id).values(original_revision=revision)
        self._connection.execute(noted)

    def list(self, wanted: Filter, *, limit: int | None = None) -> Sequence[Announcement]:
        """List by due time (those without one last), then by number."""
        query = select(announcements).where(*conditions(wanted))
        return self._given(query.order_by(_a.due_at.asc().nulls_last(), _a.id).limit(limit))

    def count(self, wanted: Filter) -> int:
        """Count what `list` without a limit would give."""
        query = select(func.count()).select_from(announcements).where(*conditions(wanted))
        return int(self._connection.execute(query).scalar_one())

    def corrections(self, post: int) -> Sequence[Announcement]:
        """Give the announcements that correct a post, whatever became of them, the oldest first."""
        return self._given(select(announcements).where(_a.corrects == post).order_by(_a.id))

    def counts(self) -> Mapping[State, int]:
        """Count by state."""
        rows = self._connection.execute(select(_a.state, func.count()).group_by(_a.state))
        return {state: number for state, number in rows}  # noqa: C416 - dict() would lose the types

    def standing(self, states: Collection[State]) -> Mapping[int, State]:
        """Tell which announcements are in one of these states: number → state."""
        query = select(_a.id, _a.state).where(_a.state.in_(sorted(states))).order_by(_a.id)
        return {row.id: row.state for row in self._connection.execute(query)}

    def edit(
        self, announcement_id: int, record: Record, due: Due | None, *, account: str, at: datetime
    ) -> None:
        """Put another record in its place and count the revision and the epoch up. Raises InputError if there is none."""
        before = self.get(announcement_id)
        same_words = words_of(before.record) == words_of(record)
        values = {
            "words_revision": _a.words_revision if same_words else _a.revision + 1,
            "account": account,
            "updated_at": at,
            "revision": _a.revision + 1,
            "epoch": _a.epoch + 1,
            **record_values(record, before.key),
            **due_values(due),
        }
        self._connection.execute(update(announcements).where(_a.id == announcement_id).values(values))

    def set_due(self, announcement_id: int, due: Due, *, at: datetime) -> None:
        """Give it another time (a scheduled one wakes at it) and count the epoch up. Raises InputError if there is none."""
        self.get(announcement_id)
        values = {
            "updated_at": at,
            "epoch": _a.epoch + 1,
            "wake_at": case((_a.state == State.SCHEDULED, literal(due.at, Instant)), else_=_a.wake_at),
            **due_values(due),
        }
        self._connection.execute(update(announcements).where(_a.id == announcement_id).values(values))

    def set_embargo(self, announcement_id: int, embargo: Embargo | None, *, at: datetime) -> None:
        """Put another embargo in its place, or take it away. Raises Refusal where that is not for one person to do."""
        values = {"updated_at": at, **embargo_values(embargo)}
        self._connection.execute(update(announcements).where(_a.id == announcement_id).values(values))

    def set_expires(self, announcement_id: int, expires: Due | None, *, at: datetime) -> None:
        """Put another expiry in its place, or take it away."""
        values = {"updated_at": at, **expires_values(expires)}
        self._connection.execute(update(announcements).where(_a.id == announcement_id).values(values))

    def lifted(self) -> Collection[int]:
        """Tell the embargo of which announcements was lifted."""
        query = select(_a.id).where(_a.embargo_asked_by.is_not(None), _a.embargo_lifted_by.is_not(None))
        return self._connection.execute(query).scalars().all()

    def move(
        self, announcement_id: int, before: Collection[State], after: State, facts: Mapping[str, Any]
    ) -> bool:
        """Set the state if it is one of `before`; False if not. `facts`: `held`, `digest`, `wake_at`, `released_at`, `at`.

        Raises Refusal for a move off the chart, and when it brings back finished texts that are queued again by now.
        """
        state = self._connection.execute(_STATE_TO_MOVE, {"id_": announcement_id}).scalar()
        if state is None or state not in before:
            return False
        if after in _GOING_ON:
            reopen(self._connection, announcement_id)
        move = _MOVE if after in (state, State.PUBLISHED) else _MOVE_ON
        self._connection.execute(move, {"id_": announcement_id, **_move_values(after, facts)})
        return True

    def approve(self, announcement_id: int, approved: Approved) -> None:
        """Add a person's approval; a second one of the same person replaces the first."""
        mine = (approvals.c.announcement_id == announcement_id) & (approvals.c.by == approved.by)
        self._connection.execute(delete(approvals).where(mine))
        self._connection.execute(
            insert(approvals),
            {
                "announcement_id": announcement_id,
                "by": approved.by,
                "at": approved.at,
                "digest": approved.digest,
                "own": approved.own,
            },
        )

    def void_approvals(self, announcement_id: int) -> None:
        """Take all approvals away."""
        self._connection.execute(delete(approvals).where(approvals.c.announcement_id == announcement_id))

    def claim(self, account: str, *, now: datetime, lease_until: datetime, worker: str) -> Claim | None:
        """Take the first announcement that is to be looked at and raise its epoch; it comes up again when the lease ends."""
        given = {"account_": account, "now_": now, "worker_": worker, "lease_until_": lease_until}
        row = self._connection.execute(_CLAIM, given).one_or_none()
        return None if row is None else Claim(row.id, row.epoch)

    def next_to_wake(self, account: str, until: datetime) -> int | None:
        """Give the announcement of the account that wants looking at next, if that is until an instant (UTC)."""
        return self._connection.execute(_NEXT_TO_WAKE, {"account_": account, "now_": until}).scalar()

    def next_wake(self, account: str) -> datetime | None:
        """Tell when the account's next announcement wants looking at (UTC)."""
        return self._connection.execute(_NEXT_WAKE, {"account_": account}).scalar()

    def accounts_waiting(self) -> Sequence[str]:
        """List the accounts that have anything to be looked at, now or later, or any attempt that is open."""
        chain = _first_account().cte("waiting", recursive=True)
        name = chain.c[0]
        chain = chain.union_all(select(_first_account(after=name).scalar_subquery()).where(name.is_not(None)))
        waiting = self._connection.execute(select(chain.c[0]).where(chain.c[0].is_not(None))).scalars()
        unsettled = self._connection.execute(select(attempts.c.account).where(OPEN).distinct()).scalars()
        return sorted({*waiting, *unsettled})

    def taken(
        self, account: str, after: datetime, until: datetime, *, campaign: str | None = None
    ) -> Sequence[datetime]:
        """List the instants (UTC) at which something of the account (of one campaign), but for corrections, is due and not
        cancelled, both ends included."""
        query = select(_a.due_at).where(
            _a.account == account,
            _a.due_at.between(after, until),
            _a.state != State.CANCELLED,
            _a.corrects.is_(None),
        )
        query = query if campaign is None else query.where(_a.campaign == campaign)
        return self._connection.execute(query.order_by(_a.due_at)).scalars().all()

    def due_between(self, account: str, after: datetime, until: datetime) -> Sequence[Announcement]:
        """List what of the account is due from `after` to `until` (UTC), not cancelled, missed, withdrawn or a correction."""
        return self._given(_DUE_BETWEEN, {"account_": account, "after_": after, "until_": until})

    def _given(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Announcement]:
        rows = self._connection.execute(query, values).all()
        approved = self._approvals([row.id for row in rows])
        return [announcement_of(row, approved.get(row.id, ())) for row in rows]

    def _approvals(self, ids: Sequence[int]) -> Mapping[int, tuple[Approved, ...]]:
        found: dict[int, tuple[Approved, ...]] = {}
        for start in range(0, len(ids), 500):
            for row in self._connection.execute(_APPROVALS, {"ids_": ids[start : start + 500]}):
                one = Approved(by=row.by, at=row.at, digest=row.digest, own=row.own)
                found[row.announcement_id] = (*found.get(row.announcement_id, ()), one)
        return found


def _unknown(announcement_id: int) -> InputError:
    return InputError(f"there is no announcement {announcement_id}: `bot queue list --all` shows them")
