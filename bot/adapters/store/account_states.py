"""What is known of each account, and the stop switch, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.adapters.store.schema import accounts, pauses
from bot.application.ports.account_states import EVERY_ACCOUNT, AccountState, Pause, PauseKind

_STATE = select(accounts).where(accounts.c.account == bindparam("account_"))
_SET = update(accounts).where(accounts.c.account == bindparam("account_"))
_newest = accounts.c.newest_post_id
_id: BindParameter[str] = bindparam("id_")
# Ids of the channel are numbers that grow, without zeros in front: the longer one is newer, of the same length the later one.
_IS_OLDER = (func.length(_newest) < func.length(_id)) | (
    (func.length(_newest) == func.length(_id)) & (_newest < _id)
)
_NOTE_NEWEST = _SET.where(_newest.is_(None) | _IS_OLDER).values(newest_post_id=_id)
_EVERY_PAUSE = select(pauses).order_by(pauses.c.since, pauses.c.scope, pauses.c.kind)
_PAUSES = _EVERY_PAUSE.where(pauses.c.scope.in_((bindparam("account_"), EVERY_ACCOUNT)))


class SqlAccountStates:
    """One row an account; pauses beside it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, account: str) -> AccountState:
        """Give what is known; nothing known is a state too."""
        row = self._connection.execute(_STATE, {"account_": account}).one_or_none()
        return AccountState(account) if row is None else AccountState(**row._mapping)

    def note_newest(self, account: str, post_id: str) -> None:
        """Remember an own post's id if it is newer than the one known."""
        if self._connection.execute(_NOTE_NEWEST, {"account_": account, "id_": post_id}).rowcount:
            return
        known = self.state(account).newest_post_id
        if known is None:  # nothing is known of the account at all
            self._set(account, newest_post_id=post_id)

    def forget_newest(self, account: str, post_id: str, *, instead: str | None) -> None:
        """Put another id in the place of one that is gone from the timeline."""
        if self.state(account).newest_post_id == post_id:
            self._set(account, newest_post_id=instead)

    def wait(self, account: str, until: datetime) -> None:
        """Let no create of the account start before `until` (UTC); a longer wait stays."""
        known = self.state(account).wait_until
        if known is None or until > known:
            self._set(account, wait_until=until)

    def pauses(self, account: str | None = None) -> Sequence[Pause]:
        """List the pauses that hold for an account (its own and those of every account); of all if None."""
        if account is None:
            rows = self._connection.execute(_EVERY_PAUSE)
        else:
            rows = self._connection.execute(_PAUSES, {"account_": account})
        return [Pause(**row._mapping) for row in rows]

    def pause(self, pause: Pause) -> bool:
        """Stop; False if the same kind of stop was there already (it stays as it was)."""
        same = select(pauses.c.kind).where(pauses.c.scope == pause.scope, pauses.c.kind == pause.kind)
        if self._connection.execute(same).first():
            return False
        values = {"scope": pause.scope, "kind": pause.kind, "why": pause.why, "by": pause.by}
        self._connection.execute(insert(pauses), values | {"since": pause.since})
        return True

    def lift(self, scope: str, kinds: Sequence[PauseKind] | None = None) -> Sequence[Pause]:
        """Lift the pauses of a scope (of these kinds, or all) and give those that were lifted."""
        meant: list[ColumnElement[bool]] = [pauses.c.scope == scope]
        if kinds is not None:
            meant.append(pauses.c.kind.in_(kinds))
        query = select(pauses).where(*meant).order_by(pauses.c.since, pauses.c.kind)
        lifted = [Pause(**row._mapping) for row in self._connection.execute(query)]
        self._connection.execute(delete(pauses).where(*meant))
        return lifted

    def _set(self, account: str, **values: Any) -> None:
        changed = self._connection.execute(_SET, {"account_": account, **values})
        if changed.rowcount == 0:
            self._connection.execute(insert(accounts), {"account": account, **values})
