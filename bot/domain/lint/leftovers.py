"""What was left over from writing: gaps to fill in, two spaces, marks of another format (P4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.post_text import PostText

_CENTURY = {"fr", "es", "pt", "it", "ca", "ro", "ru", "uk", "pl", "bg"}
"""Languages that number centuries and congresses in Roman: XX is twenty."""

_GAPS = (
    r"\b(?:TBC|TBD|TBA|TKTK|FIXME|TODO)\b",
    r"\b(?i:lorem ipsum)\b",
    r"(?<!\w)[xX]{2}:[xX]{2}(?!\w)",
    r"(?<!\w)(?:xx+|XXX+)(?!\w)",
    r"\{{1,2}[^{}\n]{0,60}\}{1,2}",
    r"\[(?i:insert|add|name|date|link|title|number|photo|place|quote|url|tbc|draft|your)\b[^\]\n]{0,60}\]",
    r"<(?i:insert|add|name|date|link|title|number|photo|place|quote|url)\b[^>\n]{0,60}>",
    r"_{3,}",
    r"[(\[]\s*(?i:draft|tbc|to be confirmed|borrador|brouillon|ร่าง|รอยืนยัน|مسودة|konsep|черновик|rascunho)\s*[)\]]",
    r"\A\s*(?i:draft|borrador|brouillon|ร่าง|مسودة|черновик|rascunho)\s*[:–—-]",
    r"\bDRAFT\b",
    r"#(?:REF!|VALUE!|NAME\?|N/A|DIV/0!)",
    r"\?{3,}",
)
_SIGNS = (
    *(
        "{",
        "[",
        "<",
        "(",
        "___",
        "???",
        "xx",
        "XX",
        "xX",
        "Xx",
        "TB",
        "TKTK",
        "FIXME",
        "TODO",
        "DRAFT",
        "orem ",
        "OREM ",
    ),
    *(
        "#REF",
        "#VAL",
        "#NAM",
        "#N/A",
        "#DIV",
        "raft",
        "orrador",
        "rouillon",
        "ร่าง",
        "مسودة",
        "ерновик",
        "ascunho",
    ),
)
"""A text that has none of these has no placeholder; to see that is fast."""
_PLACEHOLDER = re.compile("|".join(_GAPS))
_TWENTY = re.compile(r"(?<!\w)XX(?!\w)")
_CENTURY_BEFORE = re.compile(r"(?:century|anniversary|congress|session|summit)\W*\Z", re.IGNORECASE)
_DOUBLE_SPACE = re.compile(r"(?<=\S)[ \xa0]{2,}(?=\S)")
_MARKUP = re.compile(
    r"\*\*[^*\n]{1,500}\*\*|(?<![\w/])__[^_\n]+__(?!\w)|\[[^\]\n]{1,200}\]\((?:https?:|/)[^)\n]{0,500}\)|^#{1,6} |^\* "
    r"|</?(?:b|i|em|strong|p|br|a|span|div|ul|li|h[1-6])\b[^>\n]{0,200}>|&(?:nbsp|amp|lt|gt|quot|#\d+|#x[0-9a-fA-F]+);",
    re.MULTILINE | re.IGNORECASE,
)


def placeholder(post: PostText) -> Iterator[Finding]:
    """Find gaps that were to be filled in, and words that say it is a draft."""
    if not any(sign in post.text for sign in _SIGNS):
        return
    for match in _PLACEHOLDER.finditer(post.text):
        message = f"'{match.group().strip()}' looks like something to fill in or to take out"
        yield post.point("placeholder", *match.span(), message)
    if post.base not in _CENTURY:
        for match in _TWENTY.finditer(post.text):
            if not _CENTURY_BEFORE.search(post.text[max(0, match.start() - 15) : match.start()]):
                yield post.point("placeholder", *match.span(), "'XX' looks like something to fill in")


def double_space(post: PostText) -> Iterator[Finding]:
    """Find two spaces within a line."""
    for match in _DOUBLE_SPACE.finditer(post.text):
        yield post.point("double-space", *match.span(), "two spaces side by side")


def markup(post: PostText) -> Iterator[Finding]:
    """Find marks that X shows as they are."""
    for match in _MARKUP.finditer(post.text):
        yield post.point("markup", *match.span(), f"X shows '{match.group()[:40].strip()}' as it is")
