"""Which top-level domain stands at a place of a text.

Texts are taken as UTF-16 units (see `links.py`). Two lists exist: the one that X's own library counts by
(`counted`), and today's root zone as the pinned `publicsuffixlist` package has it (`today`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bot.domain.text.tld_names import ASCII_NAMES, OTHER_NAMES

# Nothing of a name in Latin letters may follow a top-level domain: "example.company" is not "example.com".
_ASCII_NAME = re.compile(r"[A-Za-z]{2,}+(?![0-9A-Za-z@+-])")
_ENCODED_NAME = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]+")
_FOLLOWS = re.compile(r"[0-9A-Za-z@+-]")


class TldTable:
    """A list of top-level domains that can be asked what stands at a place of a text."""

    __slots__ = ("_ascii", "_by_first", "_longest", "starts")

    def __init__(self, ascii_names: Iterable[str], other_names: Iterable[str]) -> None:
        self._ascii = frozenset(ascii_names)
        self._by_first: dict[str, list[str]] = {}
        self._longest = 0
        firsts = set()
        for name in other_names:
            folded = fold(name)
            self._by_first.setdefault(folded[0], []).append(folded)
            self._longest = max(self._longest, len(folded))
            firsts |= {folded[0], name[0]}
        # Every character that a name in the list may begin with, for a character class.
        self.starts = "A-Za-z" + "".join(sorted(firsts))

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._ascii or fold(name) in self._by_first.get(fold(name[:1]), ())

    def end_at(self, units: str, start: int, stop: int) -> int | None:
        """Return where the top-level domain that begins at `start` ends, or None; `stop` counts as the end of text."""
        match = _ASCII_NAME.match(units, start, stop)
        if match and match.group().lower() in self._ascii:
            return match.end()
        names = self._by_first.get(fold(units[start : start + 1]))
        if names and (end := self._end_of_other(names, units, start, stop)):
            return end
        match = _ENCODED_NAME.match(units, start, stop)
        return match.end() if match else None

    def _end_of_other(self, names: list[str], units: str, start: int, stop: int) -> int | None:
        here = fold(units[start : min(start + self._longest, stop)])
        for name in names:
            end = start + len(name)
            if here.startswith(name) and not _FOLLOWS.match(units, end, stop):
                return end
        return None


def fold(text: str) -> str:
    """Return the text in the upper case that JavaScript's case-insensitive search compares (one unit for one)."""
    return text.upper() if text.isascii() else "".join(map(_fold_one, text))


def _fold_one(char: str) -> str:
    upper = char.upper()
    if len(upper) != 1 or (char > "\x7f" and upper <= "\x7f"):
        return char
    return upper


@cache
def counted() -> TldTable:
    """Return the list that X's own library counts by."""
    return TldTable(ASCII_NAMES.split(), OTHER_NAMES.split())


@cache
def today() -> TldTable:
    """Return the root zone as the pinned `publicsuffixlist` package knows it."""
    names = _names_of_today()
    others = sorted((name for name in names if not name.isascii()), key=lambda name: (-len(name), name))
    return TldTable((name for name in names if name.isascii()), others)


@cache
def either() -> TldTable:
    """Return both lists in one, for comparing texts whatever list X goes by."""
    names = _names_of_today() | set(ASCII_NAMES.split()) | set(OTHER_NAMES.split())
    others = sorted((name for name in names if not name.isascii()), key=lambda name: (-len(name), name))
    return TldTable((name for name in names if name.isascii()), others)


@cache
def _names_of_today() -> frozenset[str]:
    from publicsuffixlist import PSLFILE  # noqa: PLC0415 - start-up time

    rules = Path(PSLFILE).read_text(encoding="utf-8").partition("===END ICANN DOMAINS===")[0].splitlines()
    # The last label of any rule: some top-level domains ("za") have rules only for what is below them.
    return frozenset(
        rule.split()[0].rpartition(".")[2] for rule in rules if rule and not rule.startswith("//")
    )
