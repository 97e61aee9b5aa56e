"""The same text on two accounts: X forbids it (developer guidelines; X API notes, section 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.application.ports.store import Transaction
from bot.domain.card import Finding


def same_elsewhere(
    tx: Transaction, fingerprint: str, accounts: Iterable[str], *, own_id: int | None
) -> Iterator[Finding]:
    """Find what says the same on one of these other accounts, or is approved to say it there."""
    for account in accounts:
        for post in tx.posts.alike(account, fingerprint):
            if not post.withdrawn and post.announcement_id != own_id:
                other = tx.announcements.get(post.announcement_id)
                message = f"{other.name} says the same on {account} ({other.state}): X forbids one text on two accounts"
                yield Finding("same-elsewhere", message, 1)
