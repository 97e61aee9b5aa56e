"""The queue."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.announcement import Announcement, Approved, Due, Embargo, Occurrence, Record
from bot.domain.states import State


@dataclass(frozen=True, slots=True)
class NewAnnouncement:
    """A record to queue. `source` and `key` name it once and for all; `corrects`: the local id of a post that is out."""

    record: Record
    source: str
    key: str
    account: str
    due: Due | None
    author: str
    at: datetime
    embargo: Due | None = None
    expires: Due | None = None
    corrects: int | None = None
    occurrence: Occurrence | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which announcements to list: all that are given must hold. `text` is looked for in key, title and body.

    `family` is the original's key. `lift_asked_after`: one person asked to lift the embargo, which ends after this instant,
    and nobody has joined in yet. `series`: the number of the series that made it.
    """

    states: Collection[State] = ()
    campaign: str | None = None
    account: str | None = None
    text: str | None = None
    due_from: datetime | None = None
    due_until: datetime | None = None
    ids: Collection[int] = ()
    lift_asked_after: datetime | None = None
    family: str | None = None
    series: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's claim on an announcement that is due: a hint, not a right (design, section 5, step 1)."""

    announcement_id: int
    epoch: int


class Announcements(Protocol):
    """Announcements by number and by key."""

    def add(self, new: NewAnnouncement) -> Announcement:
        """Queue a record as a draft."""
        ...

    def get(self, announcement_id: int) -> Announcement:
        """Give one. Raises InputError if there is none."""
        ...

    def state(self, announcement_id: int) -> State:
        """Give the state of one. Raises InputError if there is none."""
        ...

    def find(self, name: str) -> Announcement:
        """Give the one that people call by this number or key. Raises InputError (none, or several have the key)."""
        ...

    def by_key(self, source: str, key: str) -> Announcement | None:
        """Give the one that an import knows by this key."""
        ...

    def add_all(self, new: Sequence[NewAnnouncement]) -> Sequence[int]:
        """Queue many records as drafts, in a few statements; gives their numbers, in order."""
        ...

    def by_keys(self, source: str, keys: Sequence[str]) -> Mapping[str, Announcement]:
        """Give those that an import knows by these keys: key → announcement. Their approvals are not among what is read."""
        ...

    def translated(self, source: str, keys: Sequence[str]) -> Collection[str]:
        """Tell which of these keys translations name as their original's."""
        ...

    def family(self, source: str, key: str) -> Sequence[Announcement]:
        """Give the original that an import knows by this key, if there is one, and all its translations, by number.

        Their approvals are not among what is read.
        """
        ...

    def note_original(self, announcement_id: int, revision: int) -> None:
        """Note for which revision of its original's words a translation was written or approved."""
        ...

    def list(self, wanted: Filter, *, limit: int | None = None) -> Sequence[Announcement]:
        """List by due time (those without one last), then by number."""
        ...

    def count(self, wanted: Filter) -> int:
        """Count what `list` without a limit would give."""
        ...

    def corrections(self, post: int) -> Sequence[Announcement]:
        """Give the announcements that correct a post, whatever became of them, the oldest first."""
        ...

    def counts(self) -> Mapping[State, int]:
        """Count by state."""
        ...

    def edit(
        self, announcement_id: int, record: Record, due: Due | None, *, account: str, at: datetime
    ) -> None:
        """Put another record in its place and count the revision and the epoch up."""
        ...

    def set_due(self, announcement_id: int, due: Due, *, at: datetime) -> None:
        """Give it another time and count the epoch up."""
        ...

    def set_embargo(self, announcement_id: int, embargo: Embargo | None, *, at: datetime) -> None:
        """Put another embargo in its place, or take it away.

        Raises Refusal where one that holds at `at` would be brought forward or taken away without having been lifted.
        """
        ...

    def set_expires(self, announcement_id: int, expires: Due | None, *, at: datetime) -> None:
        """Put another expiry in its place, or take it away."""
        ...

    def lifted(self) -> Collection[int]:
        """Tell the embargo of which announcements was lifted."""
        ...

    def move(
        self, announcement_id: int, before: Collection[State], after: State, facts: Mapping[str, Any]
    ) -> bool:
        """Set the state if it is one of `before`; False if it is not.

        `facts`: `held`, `digest`, `wake_at`, `released_at`, `at`. `wake_at` is when a worker should look at it next (UTC),
        None for never.
        """
        ...

    def approve(self, announcement_id: int, approved: Approved) -> None:
        """Add a person's approval; a second one of the same person replaces the first."""
        ...

    def void_approvals(self, announcement_id: int) -> None:
        """Take all approvals away."""
        ...

    def standing(self, states: Collection[State]) -> Mapping[int, State]:
        """Tell which announcements are in one of these states: number → state."""
        ...

    def claim(self, account: str, *, now: datetime, lease_until: datetime, worker: str) -> Claim | None:
        """Take the first announcement that is to be looked at and raise its epoch; it comes up again when the lease ends.

        A scheduled one moves to `publishing`.
        """
        ...

    def next_to_wake(self, account: str, until: datetime) -> int | None:
        """Give the announcement of the account that wants looking at next, if that is until an instant (UTC)."""
        ...

    def next_wake(self, account: str) -> datetime | None:
        """Tell when the account's next announcement wants looking at (UTC)."""
        ...

    def accounts_waiting(self) -> Sequence[str]:
        """List the accounts that have anything to be looked at, now or later, or any attempt that is open."""
        ...

    def taken(
        self, account: str, after: datetime, until: datetime, *, campaign: str | None = None
    ) -> Sequence[datetime]:
        """List the instants (UTC) at which something of the account (of this campaign alone, if one is named) is due and not
        cancelled, for the next free slot."""
        ...

    def due_between(self, account: str, after: datetime, until: datetime) -> Sequence[Announcement]:
        """List what of the account is due from `after` to `until` (UTC) and not cancelled, missed or withdrawn."""
        ...
