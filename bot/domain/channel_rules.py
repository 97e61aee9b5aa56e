"""What X takes from this account, told before anything is sent (design, section 7; X API notes, section 1)."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.account import Access, Account
from bot.domain.announcement import Poll, Record, ReplySettings
from bot.domain.card import Finding
from bot.domain.text import entities, weighted

PREMIUM_LIMIT = 25_000
"""Weighted length of a long post (X's changelog, 2024-08-20)."""

POLL_OPTIONS, POLL_OPTION, POLL_MINUTES = (2, 4), 25, (5, 10_080)
"""How many options a poll has, how long each may be, and how long it runs (X API notes, section 1)."""


def limit_of(account: Account) -> int:
    """Give the weighted length that the account may use."""
    return PREMIUM_LIMIT if account.premium else weighted.LIMIT


def problems_of_record(record: Record, account: Account) -> Iterator[Finding]:
    """Find what X takes from nobody, and what it does not take from this account (X API notes, section 1)."""
    beside = [name for name in ("media", "poll", "quote") if getattr(record, name)]
    if len(beside) > 1:
        *others, last = beside
        what_to_do = f"keep one of {', '.join(others)} and {last}, leave out the rest"
        yield Finding("exclusive", f"{last}: X takes one of media, poll and quote with a post: {what_to_do}")
    if record.quote and account.access is Access.SELF_SERVE:
        yield Finding(
            "quote",
            "quote: X takes quotes from enterprise access only (since 2026-04-20); link to it instead",
        )
    if record.poll:
        yield from _problems_of_poll(record.poll)
    if not any((*_words_of(record), record.media, record.poll, record.quote)):
        yield Finding("body", "body: is empty: write what the post is to say")
    if record.link and not _is_one_link(record.link):
        # Not the house rule `link`, which a campaign may switch off: a post must never end in what leads nowhere.
        yield Finding(
            "link-field",
            f"link: '{record.link}' is not one link for X: write one whole address, such as https://example.org/news",
        )


def _words_of(record: Record) -> list[str]:
    """Give the words that were written for this announcement; a template may say all with its variables."""
    return [each for each in (record.title, record.body, *record.variables.values()) if each.strip()]


def _is_one_link(field: str) -> bool:
    """Tell whether X makes one link of all of a field; a top-level domain that is in doubt has a warning of its own."""
    found = [*entities.links(field), *entities.doubtful_links(field)]
    return {(link.start, link.end) for link in found} == {(0, len(field))}


def _problems_of_poll(poll: Poll) -> Iterator[Finding]:
    least, most = POLL_OPTIONS
    if not least <= len(poll.options) <= most:
        yield Finding(
            "poll", f"poll.options: X takes {least} to {most} options, and there are {len(poll.options)}"
        )
    for number, option in enumerate(poll.options, start=1):
        # X does not say how it counts here: the larger of both counts is safe.
        length = max(len(option), weighted.weighted_length(option))
        if not option:
            yield Finding("poll", f"poll.options: option {number} is empty")
        elif length > POLL_OPTION:
            yield Finding(
                "poll", f"poll.options: option {number} is too long by {length - POLL_OPTION} ('{option}')"
            )
    shortest, longest = POLL_MINUTES
    if not shortest <= poll.minutes <= longest:
        yield Finding(
            "poll", f"poll.minutes: X takes {shortest} to {longest:,} minutes, and it says {poll.minutes:,}"
        )


def warnings_of_record(record: Record, account: Account) -> Iterator[Finding]:
    """Find what X may take from some accounts only (its documentation does not say which), and a poll that asks nothing."""
    if record.poll and not _words_of(record):
        yield Finding("poll", "poll: has options and no question: write it in the body")
    who = record.reply_settings
    if who is ReplySettings.SUBSCRIBERS:
        yield Finding(
            "reply-settings",
            "reply_settings: X may refuse 'subscribers' unless the account offers subscriptions",
        )
    elif who is ReplySettings.VERIFIED and not account.premium:
        yield Finding(
            "reply-settings", "reply_settings: X may refuse 'verified' from an account without X Premium"
        )


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
