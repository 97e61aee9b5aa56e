"""The frozen posts, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, exists, func, insert, select, update

from bot.adapters.store.schema import (
    BARRING,
    CURRENT_POST,
    LATER_POST,
    UNFINISHED_POST,
    WITHDRAWAL_ASKED,
    announcements,
    attempts,
    posts,
)
from bot.application.ports.posts import NewPost
from bot.domain.errors import InputError, Refusal
from bot.domain.fingerprint import fingerprint
from bot.domain.post import Parent, Post, Quoted, Withdrawal
from bot.domain.states import UNFINISHED, AttemptState

_p = posts.c

_accepted = attempts.alias("accepted")
_latest = attempts.alias("latest")

_LATEST_STATE = (
    select(_latest.c.state)
    .where(_latest.c.post == _p.id)
    .order_by(_latest.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_POSTS = select(
    posts,
    _accepted.c.post_id.label("post_id"),
    _LATEST_STATE.label("latest_attempt"),
).select_from(
    posts.outerjoin(_accepted, and_(_accepted.c.post == _p.id, _accepted.c.state == AttemptState.ACCEPTED))
)
_GET = _POSTS.where(_p.id == bindparam("id_"))
_OF = _POSTS.where(_p.announcement_id == bindparam("id_"), CURRENT_POST).order_by(_p.position)
_VERSIONS = _POSTS.where(
    (_p.id == bindparam("first_")) | (_p.corrects == bindparam("first_")), _accepted.c.id.is_not(None)
).order_by(func.length(_accepted.c.post_id), _accepted.c.post_id)  # ids are numbers without leading zeros
_FIRST = select(func.coalesce(_p.corrects, _p.id)).where(_p.id == bindparam("id_"))
_FINISH = update(posts).where(_p.announcement_id == bindparam("id_")).values(finished=True)
_MAY_GO_OUT = announcements.c.state.in_(sorted(UNFINISHED))
_ALIKE = (
    _POSTS.join(announcements, announcements.c.id == _p.announcement_id)
    .where(
        _p.account == bindparam("account_"),
        _p.fingerprint == bindparam("fingerprint_"),
        _accepted.c.id.is_not(None) | and_(_MAY_GO_OUT, CURRENT_POST),
    )
    .order_by(_p.id)
)


def reopen(connection: Connection, announcement_id: int) -> None:
    """Let the unsent posts of an announcement that comes back bar the same texts again.

    Raises Refusal when one of the texts is queued again by now.
    """
    out = exists().where(attempts.c.post == _p.id, attempts.c.state == AttemptState.ACCEPTED)
    back = (_p.announcement_id == announcement_id, _p.finished, CURRENT_POST, ~out)
    connection.execute(update(posts).where(*back).values(finished=False))


class SqlPosts:
    """Posts come into being at approval; drafts never collide (settled question 5)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def freeze(self, announcement_id: int, account: str, posts: Sequence[NewPost]) -> Sequence[Post]:
        """Store the posts of an approved announcement.

        Raises Refusal when an unfinished post of the same account has the same fingerprint.
        """
        before: int | None = None
        for new in posts:
            before = self._freeze_one(announcement_id, account, new, before=before)
        return self.of(announcement_id)

    def discard(self, announcement_id: int) -> None:
        """Take the frozen posts back when the approval is void.

        Those that were never sent are deleted, the others stay for the record, superseded. Raises Refusal if one of them is or
        may be out.
        """
        out = select(attempts.c.id).where(attempts.c.announcement_id == announcement_id, BARRING).limit(1)
        if self._connection.execute(out).first():
            raise Refusal("something of it is out, or may be: its posts stay as they were approved")
        mine = (_p.announcement_id == announcement_id, CURRENT_POST)
        sent = exists().where(attempts.c.post == _p.id)
        self._connection.execute(update(posts).where(*mine, sent).values(superseded=True, finished=True))
        self._connection.execute(delete(posts).where(*mine, ~sent))

    def of(self, announcement_id: int) -> Sequence[Post]:
        """Give the posts of an announcement in the order of the thread, each with its id on the channel if it is accepted."""
        return self._given(_OF, {"id_": announcement_id})

    def unsent(self, account: str) -> Sequence[Post]:
        """Give every post of an account that is not accepted and whose announcement may still go out."""
        query = _POSTS.join(announcements, announcements.c.id == _p.announcement_id).where(
            _p.account == account,
            _MAY_GO_OUT,
            CURRENT_POST,
            _accepted.c.id.is_(None),
        )
        return self._given(query.order_by(_p.id))

    def ask_withdrawal(self, post: int, wish: Withdrawal, *, cost_usd: Decimal) -> None:
        """Note that somebody wants a published post deleted; each time adds what X may bill for it."""
        values = {
            "withdraw_asked_at": wish.asked_at,
            "withdraw_asked_by": wish.by,
            "withdraw_reason": wish.reason,
            "withdraw_cost_usd": func.coalesce(_p.withdraw_cost_usd, Decimal(0)) + cost_usd,
        }
        self._connection.execute(update(posts).where(_p.id == post).values(values))

    def withdraw(self, post: int, at: datetime) -> None:
        """Note that a published post was deleted."""
        self._connection.execute(update(posts).where(_p.id == post).values(withdrawn_at=at))

    def withdrawn(self) -> Sequence[int]:
        """Give the local ids of the posts that were noted as deleted."""
        query = select(_p.id).where(_p.withdrawn_at.is_not(None)).order_by(_p.id)
        return self._connection.execute(query).scalars().all()

    def withdrawing(self) -> Sequence[Post]:
        """Give the posts that somebody wants deleted and that are not known to be; their corrections go with them."""
        return self._given(
            _POSTS.where(WITHDRAWAL_ASKED, _p.withdrawn_at.is_(None), _p.corrects.is_(None)).order_by(_p.id)
        )

    def replies_to(self, post: Post) -> Sequence[Post]:
        """Give the posts of ours that reply to a published post, out or to go out, those of its own thread included."""
        ids = {each.post_id for each in self.versions(post.id)}
        replies = (_p.parent_post == post.id) | _p.parent_post_id.in_(sorted(filter(None, ids)))
        if self.published_at(post.announcement_id) in ids:
            replies |= _p.parent_announcement == post.announcement_id
        query = _POSTS.join(announcements, announcements.c.id == _p.announcement_id)
        of_its_own = _accepted.c.id.is_not(None) | _MAY_GO_OUT, _p.corrects.is_(None)
        return self._given(query.where(replies, CURRENT_POST, *of_its_own).order_by(_p.id))

    def finish(self, announcement_id: int) -> None:
        """Note that nothing more of the announcement will go out, so that its texts bar no others."""
        self._connection.execute(_FINISH, {"id_": announcement_id})

    def published_at(self, announcement_id: int) -> str | None:
        """Give the channel's id of the announcement's last accepted post in its newest version, to which a reply goes."""
        query = (
            select(_p.id)
            .join(posts, _p.id == _accepted.c.post)
            .where(_p.announcement_id == announcement_id, _accepted.c.state == AttemptState.ACCEPTED)
            .order_by(_p.position.desc())
            .limit(1)
        )
        last = self._connection.execute(query).scalar()
        return None if last is None else self.versions(last)[-1].post_id

    def versions(self, post: int) -> Sequence[Post]:
        """Give a published post in all its versions that are out, the oldest first: itself and what corrected it. Asked for
        any of them, it gives all."""
        first = self._connection.execute(_FIRST, {"id_": post}).scalar()
        return self._given(_VERSIONS, {"first_": first})

    def get(self, post: int) -> Post:
        """Give one post by its local id. Raises InputError if there is none."""
        found = self._given(_GET, {"id_": post})
        if not found:
            raise InputError(f"there is no post {post}")
        return found[0]

    def alike(self, account: str, fingerprint: str) -> Sequence[Post]:
        """Give the posts of an account with this fingerprint, published or to be published."""
        return self._given(_ALIKE, {"account_": account, "fingerprint_": fingerprint})

    def thread_worked(self, account: str) -> bool:
        """Tell whether a second post of a thread was ever accepted on the account."""
        query = _POSTS.where(_p.account == account, LATER_POST, _accepted.c.id.is_not(None)).limit(1)
        return self._connection.execute(query).first() is not None

    def newest_published(self, account: str, *, before: str | None = None) -> str | None:
        """Give the largest id of the account's published posts that nobody wants deleted; below `before`, if given."""
        post_id = _accepted.c.post_id
        stays = [_p.account == account, _p.withdraw_asked_at.is_(None), post_id.is_not(None)]
        # Ids are numbers without leading zeros: the longer one is the larger one.
        if before is not None:
            shorter, as_long = func.length(post_id) < len(before), func.length(post_id) == len(before)
            stays.append(shorter | (as_long & (post_id < before)))
        query = _POSTS.where(*stays).order_by(func.length(post_id).desc(), post_id.desc()).limit(1)
        row = self._connection.execute(query).first()
        return None if row is None else str(row.post_id)

    def _freeze_one(self, announcement_id: int, account: str, new: NewPost, *, before: int | None) -> int:
        parent = _parent_of(new, before)
        mark = fingerprint(new.text, parent, new.quote)
        same = select(_p.announcement_id).where(
            _p.account == account,
            _p.fingerprint == mark,
            UNFINISHED_POST,
            _p.announcement_id != announcement_id,
        )
        other = self._connection.execute(same).scalar()
        if other is not None:
            raise Refusal(f"announcement {other} has the same text and is not finished: change or cancel one")
        values = {
            "announcement_id": announcement_id,
            "position": new.position,
            "account": account,
            "text": new.text,
            "fingerprint": mark,
            "cost_usd": new.cost_usd,
            "media": new.media,
            "parent_post": parent.local_id if parent else None,
            "parent_post_id": parent.post_id if parent else None,
            "parent_announcement": parent.announcement_id if parent else None,
            "quoted_post_id": new.quote.post_id if new.quote else None,
            "quoted_announcement": new.quote.announcement_id if new.quote else None,
            "extras": new.extras,
            "corrects": new.corrects,
            "finished": False,
            "superseded": False,
        }
        return int(self._connection.execute(insert(posts).returning(_p.id), values).scalar_one())

    def _given(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> list[Post]:
        return [_post(row) for row in self._connection.execute(query, values)]


def _parent_of(new: NewPost, before: int | None) -> Parent | None:
    if before is not None:
        return Parent(local_id=before)
    if new.reply_to is not None:
        return Parent(post_id=new.reply_to)
    if new.reply_to_announcement is not None:
        return Parent(announcement_id=new.reply_to_announcement)
    return None


def _post(row: Row[Any]) -> Post:
    parent = Parent(row.parent_post, row.parent_announcement, row.parent_post_id)
    quote = Quoted(row.quoted_announcement, row.quoted_post_id)
    return Post(
        id=row.id,
        announcement_id=row.announcement_id,
        position=row.position,
        account=row.account,
        text=row.text,
        fingerprint=row.fingerprint,
        cost_usd=row.cost_usd,
        media=row.media,
        parent=None if parent == Parent() else parent,
        quote=None if quote == Quoted() else quote,
        extras=row.extras,
        post_id=row.post_id,
        latest_attempt=row.latest_attempt,
        withdrawal=_withdrawal(row),
        corrects=row.corrects,
    )


def _withdrawal(row: Row[Any]) -> Withdrawal | None:
    if row.withdraw_asked_at is None:
        return None
    return Withdrawal(row.withdraw_asked_at, row.withdraw_asked_by, row.withdraw_reason, row.withdrawn_at)
