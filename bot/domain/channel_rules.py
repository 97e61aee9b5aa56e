"""What X takes from this account, told before anything is sent (design, section 7; X API notes, section 1)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.account import Access, Account
from bot.domain.announcement import Record
from bot.domain.card import Finding
from bot.domain.text import entities, weighted

PREMIUM_LIMIT = 25_000
"""Weighted length of a long post (X's changelog, 2024-08-20)."""


def limit_of(account: Account) -> int:
    """Give the weighted length that the account may use."""
    return PREMIUM_LIMIT if account.premium else weighted.LIMIT


def problems_of_record(record: Record, account: Account) -> Iterator[Finding]:
    """Find what this account may not post, or this version cannot."""
    if record.quote:
        if account.access is Access.SELF_SERVE:
            yield Finding(
                "quote",
                "quote: X takes quotes from enterprise access only (since 2026-04-20); link to it instead",
            )
        else:
            yield Finding("quote", "quote: this version does not publish quotes; link to the post instead")
    if record.poll:
        yield Finding("poll", "poll: this version does not publish polls; leave the field out")


def problems_of_post(text: str, account: Account, number: int) -> Iterator[Finding]:
    """Find what X would refuse in one post."""
    limit = limit_of(account)
    parsed = weighted.parse(text, limit)
    over = parsed.least_weight - limit
    if over > 0:
        yield Finding("length", f"too long by {over} (weighted {parsed.weighted_length} of {limit})", number)
    elif not parsed.valid and parsed.weighted_length <= limit:
        yield Finding(
            "characters", "X does not take this text: it is empty or holds a forbidden character", number
        )
    if account.access is Access.SELF_SERVE and len(entities.cashtags(text)) > 1:
        yield Finding("cashtags", "more than one cashtag: X refuses it on self-serve access", number)


def warnings_of_post(text: str, account: Account, number: int) -> Iterator[Finding]:
    """Find what X may refuse or show otherwise than meant."""
    parsed = weighted.parse(text, limit_of(account))
    mentions = entities.mentions(text)
    if parsed.least_weight <= limit_of(account) < parsed.weighted_length:
        yield Finding("emoji", "too long only if X counts a newer emoji as several characters", number)
    if mentions and account.access is Access.SELF_SERVE:
        names = ", ".join(f"@{mention.value}" for mention in mentions)
        yield Finding("mention", f"X may refuse mentions on self-serve access ({names})", number)


def warnings_of_thread(count: int, *, proven: bool) -> Iterator[Finding]:
    """Threads reply to oneself, which X does not document for self-serve access: a warning until one has worked."""
    if count > 1 and not proven:
        yield Finding(
            "thread",
            "no thread was published on this account yet: X may refuse its replies; you can resume it then",
        )
