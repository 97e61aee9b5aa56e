"""Corrections: what X lets be edited, and how a post stands that is to be (decision 0024; docs.x.com, edit posts)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.account import Account
from bot.domain.card import Finding
from bot.domain.post import Post

EDITABLE_FOR = timedelta(hours=1)
"""How long after its first version X takes an edit (changelog: within the last hour; the guide says 30 minutes)."""

MOST_EDITS = 5
"""How often X takes an edit of one post (guide)."""

RULE = "correction"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A post that is corrected.

    `name`: that of its announcement, in which it is post `number` of `count`; `versions`: those before the correction, the
    oldest first; `made_at`: the intent (UTC) of the first, for X made it no earlier; `reply_to`: what it replies to, as it was
    sent; `to_another`: that is somebody else's.
    """

    name: str
    number: int
    count: int
    versions: tuple[Post, ...]
    made_at: datetime
    reply_to: str | None = None
    to_another: bool = False

    @property
    def first(self) -> Post:
        """Give the version that went out first."""
        return self.versions[0]

    @property
    def newest(self) -> Post:
        """Give the version that a correction takes the place of."""
        return self.versions[-1]

    @property
    def until(self) -> datetime:
        """Tell until when X takes an edit (UTC)."""
        return self.made_at + EDITABLE_FOR

    def __str__(self) -> str:
        return f"post {self.number} of {self.name}" if self.count > 1 else self.name


def problems_of_correction(corrected: Corrected, account: Account, *, now: datetime) -> Iterator[Finding]:
    """Find what speaks against sending a correction now."""
    newest = corrected.newest
    if newest.withdrawal:
        word = "was withdrawn" if newest.withdrawn else "is being withdrawn"
        yield Finding(RULE, f"post {newest.post_id} {word}: there is nothing to correct")
    if newest.account != account.name:
        yield Finding(
            RULE, f"it stands on {newest.account}, and the campaign publishes on {account.name} now"
        )
    if not account.premium:
        yield Finding(
            RULE,
            f"X takes corrections from accounts with Premium only; if {account.name} has it, write premium = true in "
            "accounts.toml",
        )
    if is_too_late(corrected, now):
        yield Finding(RULE, too_late(corrected))
    if len(corrected.versions) > MOST_EDITS:
        yield Finding(RULE, f"X lets a post be edited {MOST_EDITS} times, and this one was")
    if corrected.first.extras.poll:
        yield Finding(RULE, "X does not let posts with polls be edited")
    if corrected.to_another:
        yield Finding(RULE, "X does not let replies to others be edited")


def is_too_late(corrected: Corrected, now: datetime) -> bool:
    """Tell whether the hour is over."""
    return now >= corrected.until


def too_late(corrected: Corrected) -> str:
    """Say that the hour is over, and what that means."""
    until = f"{corrected.until:%Y-%m-%d %H:%M} UTC"
    return f"X allows edits for an hour, of {corrected} until {until}: the text on X stays as it is"


def says_that_already(corrected: Corrected, text: str) -> bool:
    """Tell whether a correction would change nothing."""
    return text == corrected.newest.text
