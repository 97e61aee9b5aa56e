"""The witness: what this host knows of the last intent, beside the database (design, section 5, an older database)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Testimony:
    """The last intent of an account that this host saw: its row in the journal, and that row's hash."""

    seq: int
    hash: str


class Witness(Protocol):
    """Keeps one testimony for each account in a file of its own, and in another what was withdrawn."""

    def recall(self, account: str) -> Testimony | None:
        """Give the last testimony; None when there is no file."""
        ...

    def attest(self, account: str, testimony: Testimony) -> None:
        """Write it down, durable before this returns. Raises StoreUnavailable when it cannot be."""
        ...

    def recall_withdrawn(self, account: str) -> Mapping[str, str]:
        """Give the marks of the posts that were withdrawn lately, each with the post's id; an older database has forgotten
        them, and the account does not show them. Raises StoreUnavailable when they cannot be read."""
        ...

    def attest_withdrawn(self, account: str, marks: Mapping[str, str]) -> None:
        """Write down that posts are withdrawn, durable before this returns. Raises StoreUnavailable when it cannot be."""
        ...
