"""What a record replies to or quotes: another announcement of the queue, or a post of the channel (settled question 16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Due, Record
from bot.domain.card import Finding
from bot.domain.errors import InputError
from bot.domain.post import Parent, Quoted
from bot.domain.replies import parse_reply_to
from bot.domain.states import State

STUCK = frozenset({State.CANCELLED, State.MISSED, State.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Referring:
    """A record that names another one: its announcement if it is queued, its account's name, and when it is due."""

    record: Record
    announcement: Announcement | None
    account: str
    due: Due | None


@dataclass(frozen=True, slots=True)
class Referred:
    """What is wrong with a name (`problems`), and what is doubtful."""

    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def look_in_queue(tx: Transaction, field: str, key: str, referring: Referring) -> Referred:
    """Look at the announcement that a field of a record names."""
    try:
        named = tx.announcements.find(key)
    except InputError as error:
        return Referred(problems=(f"{field}: {error}",))
    if referring.announcement and named.id == referring.announcement.id:
        return Referred(problems=(f"{field}: {named.name} names itself, and would wait for itself for ever",))
    if named.state in STUCK:
        return Referred(problems=(f"{field}: {named.name} is {named.state} and will not go out",))
    if named.due and referring.due and named.due.at > referring.due.at:
        return Referred(warnings=(f"{field}: {named.name} is due later; it waits for it",))
    return Referred()


def findings_of_quote(tx: Transaction, referring: Referring) -> tuple[list[Finding], list[Finding]]:
    """Look at what a record quotes: problems and warnings."""
    target = parse_reply_to(referring.record.quote or "")
    if not target.key:
        return [], []
    found = look_in_queue(tx, "quote", target.key, referring)
    problems = [*found.problems, *(() if found.problems else _of_another_account(tx, target.key, referring))]
    return [Finding("quoted", each) for each in problems], [
        Finding("quoted", each) for each in found.warnings
    ]


def _of_another_account(tx: Transaction, key: str, referring: Referring) -> Iterator[str]:
    """A key names an announcement of the same account; another account's post has an address once it is out."""
    named = tx.announcements.find(key)
    if named.account != referring.account:
        yield (
            f"quote: {named.name} goes out on {named.account}; give the address of its post once it is out"
        )


def parent_of(tx: Transaction, record: Record) -> Parent | None:
    """Give what the first post of a record replies to. Raises InputError if the queue does not know it."""
    if not record.reply_to:
        return None
    announcement_id, post_id = _named(tx, record.reply_to)
    return Parent(announcement_id=announcement_id, post_id=post_id)


def quoted_of(tx: Transaction, record: Record) -> Quoted | None:
    """Give what the first post of a record quotes. Raises InputError if the queue does not know it."""
    if not record.quote:
        return None
    announcement_id, post_id = _named(tx, record.quote)
    return Quoted(announcement_id=announcement_id, post_id=post_id)


def _named(tx: Transaction, reference: str) -> tuple[int | None, str | None]:
    """Give the announcement of ours that a record names, or the channel's id of a post."""
    target = parse_reply_to(reference)
    if target.key:
        return tx.announcements.find(target.key).id, None
    return None, target.post_id
