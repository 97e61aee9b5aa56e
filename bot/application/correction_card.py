"""The parts of a card that only a correction has: its text, what is wrong with it, and what it takes the place of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import normalize

from bot.domain.account import Account
from bot.domain.announcement import Record
from bot.domain.card import Card, CorrectionCard, Finding
from bot.domain.channel_rules import problems_of_post
from bot.domain.correction import RULE, Corrected, says_that_already
from bot.domain.text.changes import changes
from bot.domain.text.hashtag import occurrences


def text_of(record: Record) -> str:
    """Give the text of a correction: what was written, but for white space around it."""
    return normalize("NFC", record.body.strip())


def problems_of(corrected: Corrected, text: str, account: Account) -> Iterator[Finding]:
    """Find why a post cannot get this text."""
    if says_that_already(corrected, text):
        yield Finding(RULE, "it changes nothing: the post says just that already")
    yield from problems_of_post(text, account, 1)


def hashtag_asked_of(card: Card, hashtag: str) -> str:
    """Give the hashtag that a card has to have: a post of a thread that had none, because another one has it, needs none."""
    if hashtag and card.corrects and not occurrences(card.corrects.text, hashtag):
        return ""
    return hashtag


def card_of(corrected: Corrected | None, texts: Sequence[str], language: str) -> CorrectionCard | None:
    """Say what a correction with these texts (its one, or none) takes the place of; nothing of what is no correction."""
    if corrected is None:
        return None
    old = corrected.newest
    marked = changes(old.text, texts[0], language) if texts else ()
    return CorrectionCard(
        corrected.name, corrected.number, old.post_id or "", old.text, marked, corrected.until
    )
