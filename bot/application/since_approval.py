"""What somebody approved, held against what the same record renders to now; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from bot.application.ports.store import Store
from bot.application.preview import Previewer
from bot.domain.announcement import Announcement
from bot.domain.card import Card
from bot.domain.journal import Event
from bot.domain.media import PostMedia
from bot.domain.post import Post
from bot.domain.states import State
from bot.domain.text.changes import Change, changes

EXTRAS = ("poll", "reply_settings", "made_with_ai", "paid_partnership")


class Basis(StrEnum):
    """What the record is held against: the frozen posts, or what the last approver saw."""

    FROZEN = "frozen"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class PostSince:
    """One post then and now; None where it is not in the thread. `media` and `extras`: what differs in
    its pictures, and in its poll, who may reply and its marks, in words."""

    then: str | None
    now: str | None
    changes: tuple[Change, ...]
    media: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether its text, its media or what it carries beside them are others."""
        return self.then != self.now or bool(self.media) or bool(self.extras)


@dataclass(frozen=True, slots=True)
class Edit:
    """Somebody changed these fields of the record after it was approved."""

    by: str
    at: datetime
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """One comparison. `by` and `at` are the last approver's, if there was one; `others`: what differs beside posts."""

    basis: Basis
    digest: str
    by: str | None
    at: datetime | None
    posts: tuple[PostSince, ...]
    others: tuple[str, ...]
    edits: tuple[Edit, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether what was approved is another thing than what would go out if it were approved now."""
        return bool(self.others) or any(post.differs for post in self.posts)


@dataclass(frozen=True, slots=True)
class SinceApproval:
    """An announcement with its comparisons, of which there is none if nobody approved it; `now` is its card made anew."""

    announcement: Announcement
    now: Card
    compared: tuple[Since, ...]

    @property
    def differs(self) -> bool:
        """Whether any comparison shows a difference."""
        return any(each.differs for each in self.compared)


def since_approval(announcement: Announcement, store: Store, previewer: Previewer) -> SinceApproval:
    """Hold the frozen posts, and what the last approver saw where that is something else, against the record as it is now."""
    with store.reading() as tx:
        posts = tx.posts.of(announcement.id)
        events = list(tx.journal.events(announcement_id=announcement.id))
    now = previewer.card(replace(announcement, state=State.DRAFT))  # a draft's card is made of the record
    seen = next((each for each in reversed(events) if each.event == "approve"), None)
    compared: list[Since] = []
    if posts:
        compared.append(_since_frozen(announcement, posts, seen, now))
    if seen and not (posts and seen.data["digest"] == announcement.digest):
        compared.append(_since_seen(seen, events, now))
    return SinceApproval(announcement, now, tuple(compared))


def _since_frozen(announcement: Announcement, posts: Sequence[Post], seen: Event | None, now: Card) -> Since:
    compared = tuple(
        _with_extras(
            _post(then.text if then else None, card.text if card else None, now.language,
                  then.media if then else (), card.media if card else ()),
            then.extras.logged if then else {}, card.extras.logged if card else {},
        )
        for then, card in zip_longest(posts, now.posts)
    )  # fmt: skip
    digest = announcement.digest or ""
    others = []
    if posts[0].account != now.account:
        others.append(f"account: was {posts[0].account}, is {now.account}")
    others += _others(now, digest, differ=bool(others) or any(post.differs for post in compared))
    by, at = (seen.actor, seen.at) if seen else (None, None)
    return Since(Basis.FROZEN, digest, by, at, compared, tuple(others))


def _since_seen(seen: Event, events: Sequence[Event], now: Card) -> Since:
    """The journal keeps the texts that were seen; of everything else the digest tells that it is another."""
    texts = [str(text) for text in seen.data.get("texts", ())]
    extras = [dict(each) for each in seen.data.get("extras", [{}] * len(texts))]
    compared = tuple(
        _with_extras(
            _post(then, card.text if card else None, now.language),
            carried or {},
            card.extras.logged if card else {},
        )
        for then, carried, card in zip_longest(texts, extras, now.posts)
    )
    digest = str(seen.data["digest"])
    others = [*_named("quote", seen.data.get("quote"), now.quote)]
    others += _others(now, digest, differ=bool(others) or any(post.differs for post in compared))
    edits = tuple(
        Edit(each.actor, each.at, tuple(each.data["changed"]))
        for each in events
        if each.event == "edit" and each.seq > seen.seq
    )
    return Since(Basis.SEEN, digest, seen.actor, seen.at, compared, tuple(others), edits)


def _post(
    then: str | None,
    now: str | None,
    language: str,
    media_then: Sequence[PostMedia] = (),
    media_now: Sequence[PostMedia] = (),
) -> PostSince:
    return PostSince(
        then, now, changes(then or "", now or "", language), tuple(_media(media_then, media_now))
    )


def _media(then: Sequence[PostMedia], now: Sequence[PostMedia]) -> Iterator[str]:
    for before, after in zip_longest(then, now):
        if before is None:
            yield f"{after.path} is new"
        elif after is None:
            yield f"{before.path} is gone"
        elif before.path != after.path and before.facts.sha256 != after.facts.sha256:
            yield f"{before.path} is replaced by {after.path}"
        else:
            if before.facts.sha256 != after.facts.sha256:
                yield f"{after.path} holds another picture or film"
            if before.alt != after.alt:
                yield f"{after.path}: the alt text was '{before.alt}', is '{after.alt}'"
            if before.facts.scaled != after.facts.scaled:
                yield f"{after.path}: whether it is made smaller has changed"


def _with_extras(post: PostSince, then: Mapping[str, Any], now: Mapping[str, Any]) -> PostSince:
    if post.then is None or post.now is None:
        return post
    differing = [each for name in EXTRAS for each in _named(name, then.get(name), now.get(name))]
    return replace(post, extras=tuple(differing))


def _named(name: str, then: Any, now: Any) -> Iterator[str]:
    if then != now:
        yield f"{name}: was {_in_words(then)}, is {_in_words(now)}"


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"'{' | '.join(value['options'])}' for {value['minutes']} minutes"
    return "not given" if value is None else str(value).lower() if value is True else f"'{value}'"


def _others(now: Card, digest: str, *, differ: bool) -> Iterator[str]:
    """What is wrong with the record now, if it gives no text; and a digest that nothing else explains."""
    if not now.posts:
        yield from (str(problem) for problem in now.problems)
    elif not differ and digest != now.digest:
        yield "no text differs: the media, an alt text, the account, the language, the original or what it replies to does"
