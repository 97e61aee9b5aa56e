"""The length of a text as X counts it, in a rough form of its own: enough to refuse what is far too long."""

from __future__ import annotations

import re
import unicodedata

import regex

_LINK = re.compile(
    r"https?://[^\s]+|(?<![@\w.-])(?:[\w-]+\.)+(?:com|net|org|int|gov|edu|io|th|id|au|uk|eu)(?:/[^\s]*)?\b",
    re.I,
)
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F\u20E3")
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))


def weighted_length(text: str) -> int:
    """Count a text: 23 for a link, 2 for an emoji and most scripts of Asia, 1 for the rest."""
    text = unicodedata.normalize("NFC", text)
    links = _LINK.findall(text)
    rest = _LINK.sub("", text)
    return 23 * len(links) + sum(_weight(cluster) for cluster in regex.findall(r"\X", rest))


def _weight(cluster: str) -> int:
    if _EMOJI.search(cluster) and not cluster.isascii() and cluster not in "©®":
        return 2
    return sum(1 if any(low <= ord(char) <= high for low, high in _LIGHT) else 2 for char in cluster)
