"""A channel in memory, for the tests of deeds: outcomes by script, a timeline with lag, people who post by hand."""

from __future__ import annotations

import html
import json
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.application.ports.channel import ChannelRefused, ChannelUnreachable, Look
from bot.application.ports.clock import Clock
from bot.domain.outcomes import Accepted, Exchange, InDoubt, NotSent, Outcome, Refused, RefusedKind
from bot.domain.timeline import Identity, Reading, TimelinePost
from bot.domain.uploads import MediaUpload, Uploaded

X_EPOCH_MS = 1_288_834_974_657
A_MINUTE_OF_IDS = 60_000 << 22

REFUSALS = {
    "refuse:400": RefusedKind.INVALID,
    "refuse:401": RefusedKind.UNAUTHORISED,
    "refuse:402": RefusedKind.NO_CREDIT,
    "refuse:403": RefusedKind.FORBIDDEN,
    "refuse:429": RefusedKind.RATE_LIMITED,
}
KINDS = {"accept", "break_before", "break_after", "duplicate", "not_sent", *REFUSALS}


@dataclass
class FakeChannel:
    """X for one account. What is set here holds from the next call on.

    `posts` are all that exist, oldest first, with the text as it was posted; the timeline shows them `lag` seconds after
    they were made. `creates` counts the requests that left, whatever came of them; `bodies` holds them. `unreachable`: no
    call gets through; `not_whole`: why readings prove nothing, if they do not; `identity_refused`: a 401 for `identity`;
    `uploads`: bytes and alt text of what was uploaded, by its id.
    """

    user_id: str
    handle: str
    clock: Clock
    lag: float = 0.0
    unreachable: bool = False
    not_whole: str = ""
    identity_refused: bool = False
    posts: list[TimelinePost] = field(default_factory=list)
    uploads: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    _script: deque[str] = field(default_factory=deque)
    _visible_at: dict[str, float] = field(default_factory=dict)
    _last_id: int = 0

    @property
    def creates(self) -> int:
        """How many create requests left."""
        return len(self.bodies)

    def script(self, *kinds: str) -> None:
        """Say what becomes of the next creates, one each; when the script is at its end, they are accepted.

        `break_before`: the line breaks before X has carried the request out; `break_after`: after it has; `duplicate`: the
        403 for a repeated text; `not_sent`: no connection; `refuse:429` and its like: a clear no.
        """
        unknown = set(kinds) - KINDS
        if unknown:
            raise ValueError(f"unknown kinds {sorted(unknown)}; there are {sorted(KINDS)}")
        self._script.extend(kinds)

    def hand_post(self, text: str, parent: str | None = None) -> str:
        """Let a person post, past the program; the id."""
        return self._post(text, parent)

    def hand_edit(self, post_id: str, text: str) -> str:
        """Let a person edit a post: the timeline then shows a new id, and the old one in its history."""
        old = self._find(post_id)
        edited = replace(old, post_id=self._new_id(), text=text)
        edited = replace(edited, versions=(*old.versions, edited.post_id))
        self.posts[self.posts.index(old)] = edited
        self._visible_at[edited.post_id] = self._visible_at[old.post_id]
        return edited.post_id

    def hand_delete(self, post_id: str) -> None:
        """Let a person delete a post, with all its versions."""
        self.posts.remove(self._find(post_id))

    def identity(self) -> Identity:
        self._reach()
        if self.identity_refused:
            raise ChannelRefused("X refuses with 401", kind=RefusedKind.UNAUTHORISED, status=401)
        return Identity(self.user_id, self.handle, self.clock.now())

    def create(self, body: bytes, look: Look) -> Outcome:
        kind = self._script.popleft() if self._script else "accept"
        if self.unreachable or kind == "not_sent":
            return NotSent("the connection failed: Connection refused", Exchange(), unreachable=True)
        stood_at = self.clock.running()
        no = look()
        if no is not None:
            return NotSent(no, Exchange())
        self.bodies.append(body)
        return self._outcome(kind, body, self.clock.running() - stood_at)

    def own_posts(self, user_id: str, *, since: str | None) -> Reading:
        self._reach()
        bound = int(since) - A_MINUTE_OF_IDS if since else 0
        posts = [
            replace(post, text=html.escape(post.text, quote=False))
            for post in self._visible()
            if post.author_id == user_id and int(post.post_id) > bound
        ]
        newest_first = tuple(sorted(posts, key=lambda post: int(post.post_id), reverse=True))
        return Reading(newest_first, not self.not_whole, self.not_whole, self.clock.now())

    def newest_own_post(self, user_id: str) -> str | None:
        newest_first = self.own_posts(user_id, since=None).posts
        return newest_first[0].post_id if newest_first else None

    def look_up(self, post_id: str) -> TimelinePost | None:
        self._reach()
        found = [post for post in self.posts if post_id in post.versions]
        return replace(found[0], text=html.escape(found[0].text, quote=False)) if found else None

    def upload(self, media: MediaUpload) -> Uploaded:
        self._reach()
        media_id = self._new_id()
        self.uploads[media_id] = (b"".join(media.pieces(1 << 20)), media.alt)
        return self.upload_state(media_id)

    def upload_state(self, media_id: str) -> Uploaded:
        self._reach()
        if media_id not in self.uploads:
            raise ChannelRefused("X refuses with 400", kind=RefusedKind.INVALID, status=400)
        return Uploaded(media_id, 86_400.0, ready=True)

    def delete(self, post_id: str) -> bool:
        self._reach()
        there = any(post_id in post.versions for post in self.posts)
        if there:
            self.hand_delete(post_id)
        return there

    def _outcome(self, kind: str, body: bytes, age: float) -> Outcome:
        def exchange(status: int | None) -> Exchange:
            return Exchange(status, age, self.clock.now() if status else None)

        if kind in ("accept", "break_after"):
            document = json.loads(body)
            post_id = self._post(document["text"], document.get("reply", {}).get("in_reply_to_tweet_id"))
            if kind == "accept":
                return Accepted(post_id, exchange(201))
        if kind in REFUSALS:
            refused, status = REFUSALS[kind], int(kind.removeprefix("refuse:"))
            until = self._reset() if refused is RefusedKind.RATE_LIMITED else None
            return Refused(refused, f"X answered {status}", exchange(status), until)
        if kind == "duplicate":
            return InDoubt("X answered 403: duplicate content", exchange(403), duplicate=True)
        return InDoubt("the connection broke before the whole answer was read", exchange(None))

    def _post(self, text: str, parent: str | None) -> str:
        post_id = self._new_id()
        self.posts.append(TimelinePost(post_id, self.user_id, text, self.clock.now(), parent, (post_id,)))
        self._visible_at[post_id] = self.clock.running() + self.lag
        return post_id

    def _new_id(self) -> str:
        of_now = (round(self.clock.now().timestamp() * 1000) - X_EPOCH_MS) << 22
        self._last_id = max(of_now, self._last_id + 1)
        return str(self._last_id)

    def _visible(self) -> list[TimelinePost]:
        return [post for post in self.posts if self._visible_at[post.post_id] <= self.clock.running()]

    def _find(self, post_id: str) -> TimelinePost:
        return next(post for post in self.posts if post_id in post.versions)

    def _reset(self) -> datetime:
        return self.clock.now() + timedelta(minutes=15)

    def _reach(self) -> None:
        if self.unreachable:
            raise ChannelUnreachable(
                "X does not answer: Connection refused; check the network and X's status page"
            )
