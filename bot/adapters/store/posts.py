"""The frozen posts, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, delete, exists, func, insert, select, update

from bot.adapters.store.schema import UNFINISHED_POST, announcements, attempts, posts
from bot.application.ports.posts import NewPost
from bot.domain.errors import Refusal
from bot.domain.fingerprint import fingerprint
from bot.domain.post import Parent, Post
from bot.domain.states import UNFINISHED, AttemptState

_p = posts.c

_accepted = attempts.alias("accepted")
_latest = attempts.alias("latest")
_theirs = posts.alias("theirs")

_LATEST_STATE = (
    select(_latest.c.state)
    .where(_latest.c.post == _p.id)
    .order_by(_latest.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_LAST_OF_PARENT = (
    select(func.max(_theirs.c.id))
    .where(_theirs.c.announcement_id == _p.parent_announcement)
    .scalar_subquery()
)
_POSTS = select(
    posts,
    _accepted.c.post_id.label("post_id"),
    _LATEST_STATE.label("latest_attempt"),
    _LAST_OF_PARENT.label("last_of_parent"),
).select_from(
    posts.outerjoin(_accepted, and_(_accepted.c.post == _p.id, _accepted.c.state == AttemptState.ACCEPTED))
)


def reopen(connection: Connection, announcement_id: int) -> None:
    """Let the unsent posts of an announcement that comes back bar the same texts again.

    Raises Refusal when one of the texts is queued again by now.
    """
    out = exists().where(attempts.c.post == _p.id, attempts.c.state == AttemptState.ACCEPTED)
    back = (_p.announcement_id == announcement_id, _p.finished, ~out)
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
        """Take the frozen posts back when the approval is void. Raises Refusal if anything was ever sent of them."""
        sent = select(attempts.c.id).where(attempts.c.announcement_id == announcement_id).limit(1)
        if self._connection.execute(sent).first():
            raise Refusal("something of it was sent already: its posts stay as they were approved")
        self._connection.execute(delete(posts).where(_p.announcement_id == announcement_id))

    def of(self, announcement_id: int) -> Sequence[Post]:
        """Give the posts of an announcement in the order of the thread, each with its id on the channel if it is accepted."""
        return self._given(_POSTS.where(_p.announcement_id == announcement_id).order_by(_p.position))

    def unsent(self, account: str) -> Sequence[Post]:
        """Give every post of an account that is not accepted and whose announcement may still go out."""
        query = _POSTS.join(announcements, announcements.c.id == _p.announcement_id).where(
            _p.account == account,
            announcements.c.state.in_(sorted(UNFINISHED)),
            _accepted.c.id.is_(None),
        )
        return self._given(query.order_by(_p.id))

    def withdraw(self, post: int, at: datetime) -> None:
        """Note that a published post was deleted."""
        self._connection.execute(update(posts).where(_p.id == post).values(withdrawn_at=at))

    def finish(self, announcement_id: int) -> None:
        """Note that nothing more of the announcement will go out, so that its texts bar no others."""
        mine = update(posts).where(_p.announcement_id == announcement_id)
        self._connection.execute(mine.values(finished=True))

    def published_at(self, announcement_id: int) -> str | None:
        """Give the channel's id of the announcement's last accepted post, to which a reply goes."""
        query = (
            select(_accepted.c.post_id)
            .join(posts, _p.id == _accepted.c.post)
            .where(_p.announcement_id == announcement_id, _accepted.c.state == AttemptState.ACCEPTED)
            .order_by(_p.position.desc())
            .limit(1)
        )
        return self._connection.execute(query).scalar()

    def _freeze_one(self, announcement_id: int, account: str, new: NewPost, *, before: int | None) -> int:
        parent = _parent_of(new, before)
        mark = fingerprint(new.text, parent)
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
            "parent_post": before,
            "parent_post_id": new.reply_to if before is None else None,
            "parent_announcement": new.reply_to_announcement if before is None else None,
            "finished": False,
        }
        return int(self._connection.execute(insert(posts).returning(_p.id), values).scalar_one())

    def _given(self, query: Select[Any]) -> list[Post]:
        return [_post(row) for row in self._connection.execute(query)]


def _parent_of(new: NewPost, before: int | None) -> Parent | None:
    if before is not None:
        return Parent(local_id=before)
    if new.reply_to is not None:
        return Parent(post_id=new.reply_to)
    if new.reply_to_announcement is not None:
        # Its posts may be frozen anew, with other numbers; the announcement's own stays. No id of a channel looks like it.
        return Parent(post_id=f"announcement:{new.reply_to_announcement}")
    return None


def _post(row: Row[Any]) -> Post:
    parent = None
    if row.parent_post is not None or row.parent_announcement is not None:
        parent = Parent(local_id=row.parent_post or row.last_of_parent)
    elif row.parent_post_id is not None:
        parent = Parent(post_id=row.parent_post_id)
    return Post(
        id=row.id,
        announcement_id=row.announcement_id,
        position=row.position,
        account=row.account,
        text=row.text,
        fingerprint=row.fingerprint,
        cost_usd=row.cost_usd,
        parent=parent,
        post_id=row.post_id,
        latest_attempt=row.latest_attempt,
        withdrawn=row.withdrawn_at is not None,
    )
