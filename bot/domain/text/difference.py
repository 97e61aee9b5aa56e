"""In which words a post on the channel differs from ours, for a person who has to tell whether it is the same."""

from __future__ import annotations

from difflib import SequenceMatcher

from bot.domain.text.canonical import canonical

MOST = 6
"""Differences that are told; a text that differs in more places is read as a whole."""


def differences(ours: str, theirs: str) -> tuple[tuple[str, str], ...]:
    """Give what stands in our text and what in theirs instead, in order; either may be nothing. `theirs` as X gives it."""
    left, right = canonical(ours, from_x=False).split(), canonical(theirs, from_x=True).split()
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    found = [
        (" ".join(left[a:b]), " ".join(right[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
    return tuple(found[:MOST])
