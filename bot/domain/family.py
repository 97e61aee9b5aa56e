"""A family: one announcement in several languages, the original and its translations (decision 0020)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.announcement import Record
from bot.domain.states import State

WORDS = ("title", "body", "link", "media", "variables", "quote", "poll")
"""The fields of a record that readers see: where one of them changes, translations have to be read again."""

OUT_OF_THE_FAMILY = frozenset({State.CANCELLED, State.WITHDRAWN})
"""States of those that nobody will read."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """One member of a family. `state` and `due` are None for a record that is not queued yet.

    `words_revision`: the revision that last changed what readers see; `original_revision`, of a translation only: that of the
    original for which it was written or approved.
    """

    name: str
    language: str
    account: str
    state: State | None = None
    revision: int = 1
    words_revision: int = 1
    original_revision: int | None = None
    is_original: bool = False

    @property
    def counts(self) -> bool:
        """Tell whether readers will see it, or have seen it."""
        return self.state not in OUT_OF_THE_FAMILY


def key_of(record: Record) -> str:
    """Give the key that a record has: its own, or for a translation without one its original's with its language."""
    if record.key or not record.translation_of:
        return record.key or ""
    return translation_key(record.translation_of, record.language or "")


def translation_key(original: str, language: str) -> str:
    """Give the key that the translation of an announcement has by itself."""
    return f"{original}.{language}"


def family_key(record: Record) -> tuple[str, str]:
    """Give the campaign and key that name a record's family; the key of one that nothing can belong to is empty."""
    return record.campaign, record.translation_of or record.key or ""


def families_in(records: Iterable[Record]) -> dict[tuple[str, str], list[Record]]:
    """Put records together by family; those without a key have none."""
    found: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if family_key(record)[1]:
            found.setdefault(family_key(record), []).append(record)
    return found


def words_of(record: Record) -> tuple[object, ...]:
    """Give everything of a record that readers see."""
    return tuple(getattr(record, name) for name in WORDS)


def words_translated(family: Iterable[Sibling], name: str) -> int | None:
    """Give the revision of the original's words as they are now; None to the original itself, and where there is none."""
    return next((each.words_revision for each in family if each.is_original and each.name != name), None)


def speaks(language: str, wanted: str) -> bool:
    """Tell whether a text in one language serves for another: `th-TH` serves for `th`, and `th` does not for `th-TH`."""
    has, wants = _tags(language), _tags(wanted)
    return has[: len(wants)] == wants


def same_language(one: str, other: str) -> bool:
    """Tell whether two codes name the same language, however they are spelt."""
    return _tags(one) == _tags(other)


def lacking(languages: Iterable[str], members: Iterable[Sibling]) -> list[str]:
    """Give the languages that none of these members is in."""
    there = [each.language for each in members if each.counts]
    return [wanted for wanted in languages if not any(speaks(language, wanted) for language in there)]


def _tags(language: str) -> list[str]:
    tags = language.replace("_", "-").lower().split("-")
    return ["fa", "af", *tags[1:]] if tags[0] == "prs" else tags  # two codes for Dari
