"""A campaign's hashtag stands in a post exactly once (design, section 7).

The template says where. What the body says besides is taken back so that the sentence still reads well: a
hashtag at the end, among other tags or on a line of its own is dropped, one within a sentence becomes the
plain word ("Ten years of #RSOtenyears work" -> "Ten years of RSOtenyears work").
"""

from __future__ import annotations

import re

from bot.domain.errors import InputError
from bot.domain.text.entities import Span, hashtags, links

_ENDS_SENTENCE = re.compile(r"[.!?…。！？।။។۔؟)\]\"”»]\Z")


def tag_of(name: str) -> str:
    """Return a hashtag with its sign, from a name with or without it.

    Raises InputError if X would not take it for one whole hashtag.
    """
    tag = "#" + name.strip().lstrip("#＃")
    found = hashtags(tag)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(tag)):
        raise InputError(
            f'hashtag: X takes "{tag}" for no hashtag; use letters and digits, at least one letter'
        )
    return tag


def occurrences(text: str, tag: str) -> list[Span]:
    """Return where a hashtag stands in a text, in whatever case."""
    wanted = tag_of(tag)[1:].casefold()
    return [span for span in hashtags(text) if span.value.casefold() == wanted]


def without_hashtag(text: str, tag: str) -> str:
    """Return the text without the hashtag: dropped where it only tags, a plain word within a sentence."""
    while found := occurrences(text, tag):
        text = _taken_back(text, found)
    return text


def ensure_once(text: str, tag: str) -> str:
    """Return the text with the hashtag exactly once, in the spelling of `tag`.

    The first one in the text stays where it is, others are taken back as `without_hashtag` does; without any
    the hashtag is put at the end.
    """
    wanted = tag_of(tag)
    while len(found := occurrences(text, wanted)) > 1:
        text = _taken_back(text, found[1:])
    if found:
        return text[: found[0].start] + wanted + text[found[0].end :]
    if not text or text[-1].isspace():
        return text + wanted
    return f"{text} {wanted}"


def _taken_back(text: str, spans: list[Span]) -> str:
    words = _without_tags_and_links(text)
    result = text
    # From the end, so that the places of those before stay what they are.
    for span in reversed(spans):
        before, after = result[: span.start], result[span.end :]
        result = _joined(before, after) if _only_tags(words, span) else before + span.value + after
    return result


def _joined(before: str, after: str) -> str:
    """Close the gap that a hashtag leaves which was dropped."""
    above, line_start = before.rpartition("\n")[::2]
    if line_start.strip():
        return before.rstrip() + after
    if after.partition("\n")[0].strip() or not above.strip():
        # The line begins with what follows the hashtag.
        return before + after.lstrip()
    # It stood alone on its line: the line goes, and the white space above it.
    return before.rstrip() + after


def _only_tags(words: str, span: Span) -> bool:
    """Return whether a hashtag is no part of a sentence; `words` is the text with its tags and links blanked.

    Behind it, to the end of its line, are no words; and either the text ends there, or what stands before it on
    the line is finished.
    """
    line_start = words.rfind("\n", 0, span.start) + 1
    line_end = words.find("\n", span.end)
    line_end = len(words) if line_end < 0 else line_end
    if words[span.end : line_end].strip():
        return False
    before = words[line_start : span.start].rstrip()
    return not before or _ENDS_SENTENCE.search(before) is not None or not words[line_end:].strip()


def _without_tags_and_links(text: str) -> str:
    words = list(text)
    for span in [*hashtags(text), *links(text)]:
        words[span.start : span.end] = " " * (span.end - span.start)
    return "".join(words)
