"""What a person needs to decide about a request of which nobody knows whether it was carried out (design, section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.application.ports.sender_lock import Holder
from bot.application.ports.store import Transaction
from bot.domain.account import Account
from bot.domain.announcement import Announcement
from bot.domain.attempt import Attempt
from bot.domain.post import link_of
from bot.domain.profile import Profile
from bot.domain.states import State
from bot.domain.text.difference import differences
from bot.domain.timeline import Reading, TimelinePost

READINGS_KEPT = 10
"""How many of the latest readings are kept with an attempt, for people to see."""


@dataclass(frozen=True, slots=True)
class Look:
    """What is kept of one reading of the timeline; `why` says why it proves nothing, where it is not `whole`."""

    at: datetime
    posts: int
    whole: bool
    why: str
    newest: str | None


@dataclass(frozen=True, slots=True)
class Near:
    """A post on the timeline that comes near: what speaks against it (`why`), and in which words it differs from ours.

    `seconds_after`: how long after the intent X made it, by X's own time; None where X does not say.
    """

    post_id: str
    link: str
    text: str
    created_at: datetime | None
    seconds_after: float | None
    why: str
    differences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """An attempt in doubt with everything that is known of it. Times in UTC.

    `posts`: of how many the announcement consists; `opens_at`: from then on a person's word that it is not out is taken;
    `left`: how long until then, nothing if it has passed; `handed_over`: nobody but a person goes on with it; `holder`: who
    holds the account's sender lock, while it is still being sent.
    """

    announcement: Announcement
    attempt: Attempt
    handle: str
    position: int
    posts: int
    opens_at: datetime
    left: timedelta
    handed_over: bool
    looks: tuple[Look, ...]
    near: tuple[Near, ...]
    holder: Holder | None = None

    @property
    def parent_link(self) -> str | None:
        """Where the post is that it replies to."""
        return link_of(None, self.attempt.reply_to) if self.attempt.reply_to else None


def opens_at(attempt: Attempt, profile: Profile) -> datetime:
    """Tell from when on X can no longer carry an attempt out, as far as anybody knows."""
    return (attempt.doubt_at or attempt.intent_at) + timedelta(seconds=profile.settling)


def kept_reading(reading: Reading, now: datetime) -> dict[str, Any]:
    """Make what the evidence keeps of a reading, under `readings`."""
    newest = reading.posts[0] if reading.posts else None
    return {
        "at": now.isoformat(),
        "posts": len(reading.posts),
        "whole": reading.whole,
        "why": reading.why_not,
        "newest": newest.post_id if newest else None,
    }


def kept_near(post: TimelinePost, why: str) -> dict[str, Any]:
    """Make what the evidence keeps of a post that comes near, under `near`."""
    created_at = post.created_at.isoformat() if post.created_at else None
    return {"post_id": post.post_id, "text": post.text, "created_at": created_at, "why": why}


def doubt_of(
    tx: Transaction, attempt: Attempt, account: Account | None, profile: Profile, now: datetime
) -> Doubt:
    """Gather what is known of an attempt that is not settled; `account` is None if its table is gone."""
    announcement = tx.announcements.get(attempt.announcement_id)
    opens = opens_at(attempt, profile)
    handle = account.handle if account else attempt.account
    return Doubt(
        announcement=announcement,
        attempt=attempt,
        handle=handle,
        position=tx.posts.get(attempt.post).position,
        posts=len(tx.posts.of(announcement.id)),
        opens_at=opens,
        left=max(opens - now, timedelta(0)),
        handed_over=announcement.state is not State.PUBLISHING,
        looks=tuple(_look(each) for each in _kept(attempt, "readings")),
        near=tuple(_near(attempt, handle, each) for each in _kept(attempt, "near")),
    )


def _kept(attempt: Attempt, name: str) -> list[Mapping[str, Any]]:
    """What stands in the evidence under a name; an attempt of an earlier version may lack it."""
    kept = attempt.evidence.get(name)
    return [each for each in kept if isinstance(each, Mapping)] if isinstance(kept, list) else []


def _look(kept: Mapping[str, Any]) -> Look:
    return Look(
        at=datetime.fromisoformat(kept["at"]),
        posts=kept.get("posts", 0),
        whole=bool(kept.get("whole")),
        why=kept.get("why") or "",
        newest=kept.get("newest"),
    )


def _near(attempt: Attempt, handle: str, kept: Mapping[str, Any]) -> Near:
    at = kept.get("created_at")
    created_at = datetime.fromisoformat(at) if at else None
    return Near(
        post_id=kept["post_id"],
        link=link_of(handle, kept["post_id"]),
        text=kept["text"],
        created_at=created_at,
        seconds_after=(created_at - attempt.intent_at).total_seconds() if created_at else None,
        why=kept.get("why", ""),
        differences=differences(attempt.text, kept["text"]),
    )
