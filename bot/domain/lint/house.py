"""What a campaign makes of the rules: a level for each, and the lists that its team keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.lint.catalogue import BY_NAME
from bot.domain.lint.rule import Level

EVERY_LANGUAGE = "all"


@dataclass(frozen=True, slots=True)
class Term:
    """Words not to use in one language (`*` at the end: and whatever follows), what to say instead, and who says so."""

    language: str
    avoid: tuple[str, ...]
    use: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Blackout:
    """A time in which nothing may go out, as the campaign's clock shows it; `end` itself is free again."""

    start: datetime
    end: datetime
    why: str


@dataclass(frozen=True, slots=True)
class WordLists:
    """The lists of a campaign. Acronyms and words are kept by language, `all` for those of every language.

    `tags` are hashtags as they are to be written; `handles` are those that somebody checked, in small letters, without @.
    """

    acronyms: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    terms: tuple[Term, ...] = ()
    blackouts: tuple[Blackout, ...] = ()

    def joined(self, other: WordLists) -> WordLists:
        """Give the lists of both."""
        return WordLists(
            _joined(self.acronyms, other.acronyms),
            _joined(self.words, other.words),
            self.tags | other.tags,
            self.handles | other.handles,
            self.terms + other.terms,
            self.blackouts + other.blackouts,
        )


@dataclass(frozen=True, slots=True)
class HouseRules:
    """The levels that a campaign sets (the others keep their own), and its lists."""

    levels: Mapping[str, Level] = field(default_factory=dict)
    lists: WordLists = field(default_factory=WordLists)

    def level_of(self, name: str) -> Level:
        """Give the level of a rule."""
        return self.levels.get(name, BY_NAME[name].level)


def in_language(kept: Mapping[str, frozenset[str]], language: str) -> frozenset[str]:
    """Give the words for a language such as `th` or `fa-AF`, those of every language among them."""
    base = language.partition("-")[0].lower()
    return kept.get(EVERY_LANGUAGE, frozenset()) | kept.get(base, frozenset())


def _joined(
    ours: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    none: frozenset[str] = frozenset()
    return {key: ours.get(key, none) | theirs.get(key, none) for key in sorted({*ours, *theirs})}
