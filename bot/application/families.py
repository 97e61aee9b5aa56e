"""Families: who belongs together, what may not join, and for which words a translation stands (decision 0020)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.application.ports.store import Transaction
from bot.domain.announcement import Announcement, Record
from bot.domain.campaign import Campaign
from bot.domain.errors import InputError
from bot.domain.family import Sibling, key_of, same_language


def refuse_misfit(
    tx: Transaction, record: Record, campaign: Campaign, key: str, *, own_id: int | None = None
) -> None:
    """Raise InputError if a record cannot stand in its family: no language, one of two, or a translation of a translation."""
    original = record.translation_of
    if original and not record.language:
        raise InputError("language: is missing: a translation says which language it is in")
    if original == key:
        raise InputError(f"translation_of: '{key}' cannot be a translation of itself: give it another key")
    if not may_have_family(record, key):
        return
    others = [each for each in tx.announcements.family(record.campaign, original or key) if each.id != own_id]
    if original:
        _refuse_chain(tx, record, others, key)
    _refuse_second(others, record.language or campaign.language, campaign)


def may_have_family(record: Record, key: str) -> bool:
    """Tell whether anything can name it as its original, or it names one: only keys that people gave can be named."""
    return bool(record.translation_of or (key and not key.startswith("auto:")))


def family_of(tx: Transaction, record: Record, campaign: Campaign, key: str) -> tuple[Sibling, ...]:
    """Give all members of a record's family that are in the queue, the original first."""
    found = tx.announcements.family(record.campaign, record.translation_of or key)
    return _original_first(_sibling(each, campaign) for each in found)


def family_beside(
    record: Record, campaign: Campaign, beside: Iterable[Record], queued: Sequence[Sibling]
) -> tuple[Sibling, ...]:
    """Give all members of a family of which some come with one file, and count before those that are queued."""
    found = {each.name: each for each in queued}
    for each in (*beside, record):
        if name := key_of(each):
            found[name] = Sibling(
                name,
                each.language or campaign.language,
                each.account or campaign.account,
                is_original=not each.translation_of,
            )
    return _original_first(found.values())


def words_of_original(tx: Transaction, record: Record) -> int | None:
    """Give the revision that last changed the words of a translation's original; None without one."""
    if not record.translation_of:
        return None
    original = tx.announcements.by_key(record.campaign, record.translation_of)
    return original.words_revision if original else None


def note_original(tx: Transaction, translation: Announcement) -> None:
    """Note that a translation stands for its original's words as they are now."""
    revision = words_of_original(tx, translation.record)
    if revision is not None and revision != translation.original_revision:
        tx.announcements.note_original(translation.id, revision)


def _original_first(members: Iterable[Sibling]) -> tuple[Sibling, ...]:
    return tuple(sorted(members, key=lambda each: not each.is_original))


def _refuse_chain(tx: Transaction, record: Record, others: Sequence[Announcement], key: str) -> None:
    original = record.translation_of
    for each in others:
        if each.key == original and each.record.translation_of:
            first = each.record.translation_of
            raise InputError(f"translation_of: '{original}' is a translation itself: write '{first}'")
    for each in tx.announcements.family(record.campaign, key):
        if each.record.translation_of == key:
            raise InputError(f"translation_of: {each.name} is a translation of '{key}', so '{key}' is none")


def _refuse_second(others: Sequence[Announcement], language: str, campaign: Campaign) -> None:
    for each in others:
        theirs = each.record.language or campaign.language
        if same_language(theirs, language) and _sibling(each, campaign).counts:
            raise InputError(
                f"language: the family has '{theirs}' already, {each.name}: edit that one, or cancel it first"
            )


def _sibling(each: Announcement, campaign: Campaign) -> Sibling:
    is_original = not each.record.translation_of
    return Sibling(
        name=each.name,
        language=each.record.language or campaign.language,
        account=each.account,
        state=each.state,
        revision=each.revision,
        words_revision=each.words_revision,
        original_revision=None if is_original else each.original_revision or 1,
        is_original=is_original,
    )
