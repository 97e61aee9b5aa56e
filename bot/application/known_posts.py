"""Which own posts a timeline has to show, for those that were withdrawn it shows no more (decision 0023)."""

from __future__ import annotations

from dataclasses import replace

from bot.application.ports.store import Transaction
from bot.domain.account import Account
from bot.domain.attempt import Attempt
from bot.domain.reconciliation import Sought
from bot.domain.replies import ReplyTarget


def newest_that_stays(tx: Transaction, account: str, *, before: str | None = None) -> str | None:
    """Give the newest own post that is known and that nobody has withdrawn or wants to; what was there before the first post
    of the log if there is none; None if nothing was."""
    published = tx.posts.newest_published(account, before=before)
    if published is not None:
        return published
    first = tx.attempts.first_accepted(account)
    return first.since if first else None


def sought(tx: Transaction, attempt: Attempt) -> Sought:
    """Say what to look for when an attempt is in doubt, and which post a reading must show to count.

    That is the newest one known before the attempt, or, where we deleted that one ourselves or began to, the newest one
    before it that stays.
    """
    looked_for = Sought.of(attempt)
    if attempt.edits is not None:
        before = tx.attempts.owned(attempt.account, [attempt.edits]).get(attempt.edits)
        looked_for = replace(looked_for, replaces=tx.attempts.get(before).text if before else None)
    owner = tx.attempts.owned(attempt.account, [attempt.since]).get(attempt.since) if attempt.since else None
    if owner is None or tx.posts.get(tx.attempts.get(owner).post).stays:
        return looked_for
    return replace(looked_for, known=newest_that_stays(tx, attempt.account, before=attempt.since))


def is_own(tx: Transaction, account: Account, target: ReplyTarget) -> bool:
    """Tell whether a post that is named by its id or address is the account's own, as far as that is known."""
    if target.handle and target.handle.lower() == account.handle.lower():
        return True
    return bool(target.post_id and tx.attempts.owned(account.name, [target.post_id]))
