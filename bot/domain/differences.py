"""What an account shows, held against what the log says went out (protocol notes, section 7)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import unescape

from bot.domain.attempt import Attempt
from bot.domain.quotes import sendings
from bot.domain.reconciliation import says_the_same
from bot.domain.text.canonical import canonical
from bot.domain.timeline import Reading, TimelinePost

DIFFERS = "account_differs"
"""The journal's event: the worker found something that it had not found before."""


class Difference(StrEnum):
    """In what way the account is not as the log says."""

    NOT_OURS = "not_ours"
    GONE = "gone"
    CHANGED = "changed"
    DOUBLE = "double"
    STILL_THERE = "still_there"


@dataclass(frozen=True, slots=True)
class Meaning:
    """For people: what it is, and what to do about it; `{name}`, `{other}` stand for the announcement and another post."""

    what: str
    remedy: str


MEANINGS = {
    Difference.NOT_OURS: Meaning(
        "is not from here",
        "if nobody of the team posted it by hand, somebody else has the account's keys or password: change them",
    ),
    Difference.GONE: Meaning(
        "is gone",
        "if it was deleted by hand, `bot withdraw {name} --reason …` notes that (and deletes the rest of a thread, unless "
        "--post N names one post of it); if not, ask X",
    ),
    Difference.CHANGED: Meaning(
        "was edited by hand",
        "if it may not stay like this, edit it on X, or `bot withdraw {name} --reason …`",
    ),
    Difference.DOUBLE: Meaning("says the same as {other}", "delete this one on X; the log knows the other"),
    Difference.STILL_THERE: Meaning("is still there, though it was withdrawn", "delete it on X"),
}


@dataclass(frozen=True, slots=True)
class Differs:
    """One difference: the post's id as the account shows it (of one that is gone: as it was), and when it was made (UTC).

    `sent`: what went out; `shown`: what the account shows, HTML entities undone; `other`: the post of which this is a double;
    `name`: the announcement's, for people.
    """

    kind: Difference
    post_id: str
    at: datetime | None
    announcement_id: int | None = None
    sent: str | None = None
    shown: str | None = None
    other: str | None = None
    name: str | None = None

    @property
    def what(self) -> str:
        """Say what it is, for people."""
        return MEANINGS[self.kind].what.format(other=self.other)

    @property
    def what_to_do(self) -> str:
        """Say what to do about it, for people."""
        return MEANINGS[self.kind].remedy.format(name=self.name or self.announcement_id)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same difference as one that was found before."""
        return self.kind.value, self.post_id


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted attempt, and whether its post was deleted since."""

    attempt: Attempt
    withdrawn: bool

    @property
    def post_id(self) -> str:
        """The channel's id."""
        return self.attempt.post_id or ""


@dataclass(frozen=True, slots=True)
class Span:
    """What is compared: from an instant (UTC) on, as far back as the reading goes.

    `oldest`: the oldest id that the account still shows, None if the reading goes back to `since`; `settled_until`: what
    became known after it may not show yet; `after`: posts up to this id are older than the log.
    """

    since: datetime
    settled_until: datetime
    oldest: str | None = None
    after: str | None = None

    def covers(self, sent: Sent) -> bool:
        """Tell whether a post of ours has to be in the reading."""
        known = sent.attempt.settled_at or sent.attempt.intent_at
        in_reach = self.oldest is None or int(sent.post_id) >= int(self.oldest)
        return self.since <= known <= self.settled_until and in_reach

    def holds(self, post: TimelinePost) -> bool:
        """Tell whether a post that is shown belongs to the span."""
        newer = self.after is None or int(post.post_id) > int(self.after)
        return newer and (post.created_at is None or post.created_at >= self.since)


@dataclass(frozen=True, slots=True)
class Ours:
    """What the log says: what was sent in the span, every id on the account that is one of ours, texts still in doubt."""

    sent: Sequence[Sent]
    owned: Collection[str]
    doubtful: Sequence[Attempt]


def differences(span: Span, reading: Reading, ours: Ours) -> Iterator[Differs]:
    """Compare; what is gone or still there should be looked up before it is believed, for a timeline may lag."""
    shown = {version: post for post in reading.posts for version in (post.post_id, *post.versions)}
    for sent in ours.sent:
        post = shown.get(sent.post_id)
        if post is None:
            if span.covers(sent) and not sent.withdrawn:
                yield _of(Difference.GONE, sent, None)
        elif sent.withdrawn:
            yield _of(Difference.STILL_THERE, sent, post)
        elif not _says_what_was_sent(sent, post) and not _is_being_corrected(post, ours.doubtful):
            yield _of(Difference.CHANGED, sent, post)
    yield from _strangers(span, reading, ours)


def reposts(span: Span, reading: Reading) -> int:
    """Count the reposts of others' posts, which say nothing of our own and are not compared."""
    return sum(post.repost and span.holds(post) for post in reading.posts)


def _strangers(span: Span, reading: Reading, ours: Ours) -> Iterator[Differs]:
    """The posts that nobody here sent: a double of one of ours, or another's; not what is still in doubt."""
    roots = {version: min(each.versions, key=int, default=each.post_id) for each in reading.posts
             for version in (each.post_id, *each.versions)}  # fmt: skip

    def content(post: TimelinePost) -> tuple[str, str | None, str | None]:
        parent = roots.get(post.parent_id, post.parent_id) if post.parent_id else None
        return canonical(post.text, from_x=True), parent, post.quote_id

    free = [post for post in reading.posts if ours_of(post, ours.owned) is None and not post.repost]
    taken = {content(post): post.post_id for post in reading.posts if ours_of(post, ours.owned)}
    doubtful = {canonical(attempt.text, from_x=False) for attempt in ours.doubtful}
    for post in sorted(filter(span.holds, free), key=lambda each: int(each.post_id)):
        other = taken.get(content(post))
        if other is None and not doubtful.isdisjoint(way.text for way in sendings(post)):
            continue
        kind = Difference.DOUBLE if other else Difference.NOT_OURS
        yield Differs(kind, post.post_id, post.created_at, shown=unescape(post.text), other=other)


def ours_of(post: TimelinePost, owned: Collection[str]) -> str | None:
    """Give the id under which a post that is shown is one of ours, None if it is not."""
    return next((version for version in (post.post_id, *post.versions) if version in owned), None)


def _says_what_was_sent(sent: Sent, post: TimelinePost) -> bool:
    """X may alter the links of a post, so that its words decide; not so of one that a person has edited."""
    if post.post_id == sent.post_id:
        return says_the_same(sent.attempt, post)
    return canonical(sent.attempt.text, from_x=False) in {way.text for way in sendings(post)}


def _is_being_corrected(post: TimelinePost, doubtful: Collection[Attempt]) -> bool:
    """What says what a correction in doubt says was not edited by hand, by all that is known."""
    versions = {post.post_id, *post.versions}
    return any(attempt.edits in versions and says_the_same(attempt, post) for attempt in doubtful)


def _of(kind: Difference, sent: Sent, post: TimelinePost | None) -> Differs:
    attempt = sent.attempt
    return Differs(
        kind,
        post.post_id if post else sent.post_id,
        post.created_at if post else attempt.settled_at,
        attempt.announcement_id,
        sent=attempt.text,
        shown=unescape(post.text) if post else None,
    )
