"""The requests to create posts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from bot.domain.attempt import Attempt, NewAttempt
from bot.domain.states import AttemptState


class Attempts(Protocol):
    """Every change of state is a compare-and-set; the database refuses the rest (design, sections 4 and 5)."""

    def begin(self, attempt: NewAttempt) -> Attempt:
        """Store an intent as `sending`. Raises Refusal if another attempt bars it."""
        ...

    def get(self, attempt_id: int) -> Attempt:
        """Give one attempt."""
        ...

    def state(self, attempt_id: int) -> AttemptState:
        """Give the state of one attempt."""
        ...

    def move(
        self, attempt_id: int, before: Collection[AttemptState], after: AttemptState, facts: Mapping[str, Any]
    ) -> bool:
        """Set the state if it is one of `before`; False if it is not. `facts` are fields of Attempt to set with it.

        Raises Refusal when the post id belongs to another attempt.
        """
        ...

    def amend(self, attempt_id: int, facts: Mapping[str, Any]) -> None:
        """Set fields that are not the state (evidence, rechecked)."""
        ...

    def open(self, account: str) -> Sequence[Attempt]:
        """Give the attempts of an account that are sending or in doubt, the oldest first."""
        ...

    def of_announcement(self, announcement_id: int) -> Sequence[Attempt]:
        """Give every attempt of an announcement, in order."""
        ...

    def of_post(self, post: int) -> Sequence[Attempt]:
        """Give every attempt of a post, in order."""
        ...

    def resent(self, account: str) -> Sequence[Attempt]:
        """Give the accepted attempts that followed an absent one and were not read once more yet."""
        ...

    def owned(self, account: str, post_ids: Collection[str]) -> Mapping[str, int]:
        """Tell which of these ids of the channel belong to an accepted attempt: id → attempt."""
        ...

    def replaced(self, account: str) -> Mapping[str, str]:
        """Tell which versions of the account's posts were replaced by a correction that is out: old id → new id."""
        ...

    def created_since(self, account: str, since: datetime) -> int:
        """Count the requests that X may have counted since an instant (UTC): all but not_sent."""
        ...

    def nth_latest(self, account: str, ns: Sequence[int]) -> Sequence[datetime | None]:
        """Tell for each n when the n-th latest request that X may have counted was intended (UTC); None if there were fewer."""
        ...

    def spent_since(self, account: str, since: datetime) -> Decimal:
        """Add up what X may have billed since an instant (UTC), in USD: sending, in doubt, accepted, and wished deletions."""
        ...

    def last_first_post(self, account: str) -> datetime | None:
        """Tell when the last announcement of the account began to go out: the intent of its first post that may be out."""
        ...

    def begun(self, account: str, campaign: str, since: datetime) -> int:
        """Count the announcements of a campaign that began to go out on the account since an instant (UTC), or may have."""
        ...

    def any(self, account: str) -> bool:
        """Tell whether anything was ever sent for the account."""
        ...

    def first_accepted(self, account: str) -> Attempt | None:
        """Give the first post of an account that went out; None if there is none."""
        ...

    def all(self) -> Iterator[Attempt]:
        """Walk every attempt, the oldest first."""
        ...

    def accepted(self, since: datetime | None, until: datetime | None) -> Sequence[Attempt]:
        """Give the accepted attempts that were settled in a span (UTC), the oldest first."""
        ...
