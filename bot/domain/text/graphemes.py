"""Graphemes: what a reader takes for one character (a letter with its marks, a family emoji, a flag)."""

from __future__ import annotations

import regex

_GRAPHEME = regex.compile(r"\X")


def graphemes(text: str) -> list[str]:
    """Return the graphemes of a text; joined they are the text."""
    found: list[str] = _GRAPHEME.findall(text)
    return found


def grapheme_ends(text: str) -> list[int]:
    """Return the offset (code points) at which each grapheme ends; the last is the length of the text."""
    if text.isascii() and "\r" not in text:
        return list(range(1, len(text) + 1))
    return [match.end() for match in _GRAPHEME.finditer(text)]
