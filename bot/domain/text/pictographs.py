"""Emoji as readers see them: each picture once, whatever it is made of."""

from __future__ import annotations

import re

import regex

from bot.domain.text.entities import Span

# Nothing below is in a text that has none of these.
_MAYBE = re.compile("[\u20e3\u203c-\u3299\U0001f000-\U0001faff]")
# Symbols that X leaves as text unless U+FE0F follows them.
_PLAIN = r"\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u24c2\u25aa-\u25fe\u2934\u2935\u2b05-\u2b07\u3030\u303d\u3297\u3299"
_ONE = rf"(?:[\p{{Extended_Pictographic}}--[{_PLAIN}]]|[{_PLAIN}]\ufe0f)[\ufe0f\U0001f3fb-\U0001f3ff]*"
_PICTOGRAPH = regex.compile(
    rf"\p{{RI}}\p{{RI}}|[0-9#*]\ufe0f?\u20e3|{_ONE}(?:\u200d{_ONE}|[\U000e0020-\U000e007f]+)*", regex.VERSION1
)


def pictographs(text: str) -> list[Span]:
    """Return the emoji, in order."""
    if not _MAYBE.search(text):
        return []
    return [Span(match.start(), match.end(), match.group()) for match in _PICTOGRAPH.finditer(text)]
