"""In which direction a language is written."""

from __future__ import annotations

import re

_LANGUAGE = re.compile(r"(?P<language>[a-z]{2,3})(?:[-_](?P<script>[a-z]{4}))?(?:[-_][a-z0-9]{2,8})*", re.I)
_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "pnb", "prs", "ps", "sd", "ug", "ur", "yi"}
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo", "rohg", "adlm"})
RIGHT_TO_LEFT = "rtl"


def direction_of(language: str) -> str:
    """Tell in which direction a language is written: `rtl` or `ltr`."""
    found = _LANGUAGE.fullmatch(language)
    if not found:
        return "ltr"
    script = (found["script"] or "").lower()
    if script:
        return RIGHT_TO_LEFT if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return RIGHT_TO_LEFT if found["language"].lower() in _RIGHT_TO_LEFT else "ltr"


def tag_of(language: str) -> str:
    """Give a language as HTML names it; nothing for what is no language."""
    return language.replace("_", "-") if _LANGUAGE.fullmatch(language) else ""
