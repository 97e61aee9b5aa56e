"""What is known of each account, and the stop switch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

EVERY_ACCOUNT = "*"


class PauseKind(StrEnum):
    """Who or what stopped an account; each has its own way to be lifted."""

    PEOPLE = "people"
    UNAUTHORISED = "unauthorised"
    NO_CREDIT = "no_credit"
    IDENTITY = "identity"
    CLOCK = "clock"
    OLDER_DATABASE = "older_database"
    ASSUMPTION = "assumption"


_REMEDIES = {
    PauseKind.PEOPLE: "{resume}",
    PauseKind.UNAUTHORISED: "if the keys in .env are wrong, mend them and start the worker anew; it goes on by itself when X "
    "takes them",
    PauseKind.NO_CREDIT: "see to the credit at X, or to budget_usd in accounts.toml; then {resume}",
    PauseKind.IDENTITY: "mend accounts.toml, or the keys in .env and start the worker anew; then {resume}",
    PauseKind.CLOCK: "set this machine's clock right; it goes on by itself when X's agrees. If it is right: {resume}",
    PauseKind.OLDER_DATABASE: "nothing: it goes on by itself when the account's timeline was compared",
    PauseKind.ASSUMPTION: "look on the account whether the post is there twice; then {resume}",
}


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop: of one account, or of every account (`*`). `since` is UTC."""

    scope: str
    kind: PauseKind
    why: str
    by: str
    since: datetime

    @property
    def remedy(self) -> str:
        """For people: what lets it go on."""
        option = "" if self.scope == EVERY_ACCOUNT else f" --account {self.scope}"
        return _REMEDIES[self.kind].format(resume=f"bot resume{option}")


@dataclass(frozen=True, slots=True)
class AccountState:
    """What the store remembers of an account.

    `newest_post_id`: the newest own post known; `wait_until`: no create before it (a 429's reset, UTC).
    """

    account: str
    newest_post_id: str | None = None
    wait_until: datetime | None = None


class AccountStates(Protocol):
    """One row an account; pauses beside it."""

    def state(self, account: str) -> AccountState:
        """Give what is known; nothing known is a state too."""
        ...

    def note_newest(self, account: str, post_id: str) -> None:
        """Remember an own post's id if it is newer than the one known."""
        ...

    def forget_newest(self, account: str, post_id: str, *, instead: str | None) -> None:
        """Put another id in the place of one that is gone from the timeline."""
        ...

    def wait(self, account: str, until: datetime) -> None:
        """Let no create of the account start before `until` (UTC)."""
        ...

    def pauses(self, account: str | None = None) -> Sequence[Pause]:
        """List the pauses that hold for an account (its own and those of every account); of all if None."""
        ...

    def pause(self, pause: Pause) -> bool:
        """Stop; False if the same kind of stop was there already (it stays as it was)."""
        ...

    def lift(self, scope: str, kinds: Sequence[PauseKind] | None = None) -> Sequence[Pause]:
        """Lift the pauses of a scope (of these kinds, or all) and give those that were lifted."""
        ...
