"""Words that the team's list advises against (P3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.domain.card import Finding
from bot.domain.lint.house import EVERY_LANGUAGE, Term
from bot.domain.lint.post_text import PostText
from bot.domain.lint.subject import Subject

# Vowel signs and the stretching stroke may stand between Arabic letters, and do not change the word.
_ARABIC = re.compile("[\u0620-\u064a\u0671-\u06d3]")
_SIGNS = "[\u0640\u064b-\u0652\u0670]*"
_ARABIC_PREFIX = "(?:[وف]?(?:[بك]?ال|لل|[بلك])?)"
_ALEF = "[اأإآٱ]"
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def term(post: PostText, subject: Subject) -> Iterator[Finding]:
    """Find the words of the list for the post's language, with what to say instead."""
    terms = subject.house.lists.terms
    compiled = _compiled(terms, post.base)
    if compiled is None:
        return
    keys, pattern, by_group = compiled
    if not any(key in post.folded for key in keys):
        return
    for match in pattern.finditer(post.prose):
        meant = by_group[match.lastgroup or ""]
        source = f" ({meant.source})" if meant.source else ""
        yield post.point("term", *match.span(), f"'{match.group()}': say '{meant.use}'{source}")


@lru_cache(maxsize=64)
def _compiled(
    terms: tuple[Term, ...], base: str
) -> tuple[list[str], re.Pattern[str], dict[str, Term]] | None:
    """Make one expression of the terms for a language; each text that one of them is in holds one of the keys."""
    by_group: dict[str, Term] = {}
    branches: list[tuple[str, str]] = []
    for each in terms:
        if each.language.partition("-")[0].lower() in (base, EVERY_LANGUAGE):
            for words in each.avoid:
                group = f"t{len(by_group)}"
                by_group[group] = each
                branches.append((words, f"(?P<{group}>{_pattern(words)})"))
    if not branches:
        return None
    branches.sort(key=lambda branch: -len(branch[0]))  # the longer words are the ones that are meant
    keys = sorted({_key(words) for words, _ in branches})
    return keys, re.compile("|".join(branch for _, branch in branches), re.IGNORECASE), by_group


def _key(words: str) -> str:
    parts = unicodedata.normalize("NFC", words.rstrip("*")).split()
    return PostText(max(parts, key=len), 1, "").folded


def _pattern(words: str) -> str:
    """Match whole words, whatever white space is between them; where a script has no spaces, wherever they stand."""
    open_end = words.endswith("*")
    words = unicodedata.normalize("NFC", words.rstrip("*").strip())
    if _UNSPACED.search(words):
        return r"\s*".join(re.escape(part) for part in words.split())
    parts = [_spelt(part) for part in words.split()]
    end = r"\w*" if open_end else r"(?!\w)"
    return r"(?<!\w)" + r"\s+".join(parts) + end


def _spelt(word: str) -> str:
    if not _ARABIC.search(word):
        return re.escape(word)
    letters = [_ALEF if char in "اأإآٱ" else re.escape(char) for char in word]
    return _ARABIC_PREFIX + _SIGNS.join(letters) + _SIGNS
