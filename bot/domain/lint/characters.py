"""Characters that look like letters and are none, or that nobody sees (A5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.post_text import PostText
from bot.domain.text.mangled import MANGLED

_WIDE_IS_USUAL = {"zh", "ja", "ko"}
_WIDE = "\uff21-\uff3a\uff41-\uff5a"
# Mathematical, circled, squared; less the four squared letters that are emoji. Then small capitals.
_STYLED = (
    "\U0001d400-\U0001d7ff\u24b6-\u24e9\U0001f110-\U0001f169\U0001f172-\U0001f17d\U0001f180-\U0001f189"
    "\u1d00-\u1d2b\u0262\u026a\u0274\u0280\u028f\u0299\u029c\u029f"
)
_STYLED_RUN = re.compile(rf"[{_STYLED}](?:[{_STYLED} ]*[{_STYLED}])?")
_WIDE_RUN = re.compile(rf"[{_WIDE}](?:[{_WIDE} \u3000]*[{_WIDE}])?")
_STRUCK = re.compile("(?:[^\\W_][\u0334-\u0338])+")

_LATIN, _CYRILLIC, _GREEK = "A-Za-z\xc0-\u024f", "\u0400-\u052f", "\u0370-\u03ff"
_MIXED = re.compile(
    rf"\b\w*(?:[{_LATIN}](?=[{_CYRILLIC}{_GREEK}])|[{_CYRILLIC}](?=[{_LATIN}{_GREEK}])|[{_GREEK}](?=[{_LATIN}{_CYRILLIC}]))\w*"
)
_TWO_ALPHABETS = re.compile(rf"[{_CYRILLIC}{_GREEK}]")

_UNSEEN = re.compile("[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_JOINED = re.compile("[\u0600-\u06ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff]")
_ZERO_WIDTH_SPACE, _NON_JOINER, _JOINER = "\u200b", "\u200c", "\u200d"
_DIRECTION_MARKS = "\u200e\u200f\u061c\u2066\u2067\u2068\u2069"

_ART = re.compile(r"([=*~\-–—•·■□▪▬─━═╌┄★☆♦◆◇►>|+])\1{3,}|¯\\_\(.{1,3}\)_/¯|[╔╗╚╝║┌┐└┘│█▓▒░]{2,}")


def styled_letters(post: PostText) -> Iterator[Finding]:
    """Find "fonts" made of mathematical or circled letters, and letters that are struck through."""
    if post.text.isascii():
        return
    patterns = [_STYLED_RUN, _STRUCK] if post.base in _WIDE_IS_USUAL else [_STYLED_RUN, _STRUCK, _WIDE_RUN]
    for pattern in patterns:
        for match in pattern.finditer(post.text):
            plain = _plain(match.group())
            advice = f"write '{plain}' in plain letters" if plain != match.group() else "write plain letters"
            yield post.point("styled-letters", *match.span(), f"'{match.group()}' are no letters: {advice}")


def mixed_letters(post: PostText) -> Iterator[Finding]:
    """Find words with letters of two alphabets that look alike."""
    if not _TWO_ALPHABETS.search(post.prose):
        return
    for match in _MIXED.finditer(post.prose):
        odd = ", ".join(
            f"'{char}' is {unicodedata.name(char, '?').lower()}" for char in _fewer(match.group())
        )
        yield post.point("mixed-letters", *match.span(), f"'{match.group()}' mixes alphabets: {odd}")


def invisible(post: PostText) -> Iterator[Finding]:
    """Find characters without a shape, but for those that a script needs to be written."""
    marks_are_right = None
    for match in _UNSEEN.finditer(post.text):
        if match.group() in _DIRECTION_MARKS:
            if marks_are_right is None:
                marks_are_right = _directions_are_right(post.text)
            has_its_place = marks_are_right
        else:
            has_its_place = _has_its_place(post.text, match.start())
        if not has_its_place:
            name = unicodedata.name(match.group(), f"U+{ord(match.group()):04X}").lower()
            yield post.point("invisible", *match.span(), f"it holds a character that nobody sees ({name})")


def mangled(post: PostText) -> Iterator[Finding]:
    """Find what is left of letters that were read in another encoding than they were written in."""
    if post.text.isascii():
        return
    for match in MANGLED.finditer(post.text):
        message = f"'{match.group()}' is a letter that was lost on its way: write it again, or save its file as UTF-8"
        yield post.point("mangled", *match.span(), message)


def symbol_art(post: PostText) -> Iterator[Finding]:
    """Find rows and pictures of symbols."""
    for match in _ART.finditer(post.prose):
        yield post.point("symbol-art", *match.span(), f"'{match.group()[:12]}' is read out sign by sign")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if not "\u0334" <= char <= "\u0338")


def _fewer(word: str) -> list[str]:
    """The letters of the alphabet that has fewer in the word."""
    letters = sorted({char for char in word if char.isalpha()})
    latin = [char for char in letters if unicodedata.name(char, "").startswith("LATIN")]
    others = [char for char in letters if char not in latin]
    return min((latin, others), key=lambda some: sum(word.count(char) for char in some)) or letters


def _has_its_place(text: str, at: int) -> bool:
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char == _ZERO_WIDTH_SPACE:
        return bool(_UNSPACED.match(before) or _UNSPACED.match(after))
    if char in (_NON_JOINER, _JOINER) and _JOINED.match(before):
        return True
    if char == _JOINER:  # within an emoji
        return bool(after) and ord(after) > 0x2000 and bool(before) and ord(before) > 0x2000
    return False


def _directions_are_right(text: str) -> bool:
    """Marks of direction serve texts from right to left, and what they open they close."""
    opened = sum(text.count(opening) for opening in "\u2066\u2067\u2068")
    return bool(_RIGHT_TO_LEFT.search(text)) and opened == text.count("\u2069")
