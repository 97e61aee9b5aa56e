"""Hashtags: the campaign's own, capitals for screen readers, how many and where (A1, A2, P1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from bot.domain.card import Finding
from bot.domain.lint.house import in_language
from bot.domain.lint.post_text import BLANK, PostText
from bot.domain.lint.subject import Subject
from bot.domain.text.entities import Span

MOST = 2
ALIKE = 0.85
"""From this likeness on another hashtag is taken for the campaign's, misspelt."""
LONGEST_WORD = 30
LONGEST_TAG = 100

_LETTER = re.compile(r"[^\W\d_]")


def hashtag_case(post: PostText, subject: Subject) -> Iterator[Finding]:
    """Find hashtags of several words whose words one cannot hear apart, and those that the team writes otherwise."""
    lists = subject.house.lists
    words = {word.casefold() for word in in_language(lists.words, post.language)}
    written = {tag.casefold(): tag for tag in lists.tags}
    for tag in post.hashtags:
        if tag.value.casefold() == subject.hashtag.casefold():
            continue
        better = written.get(tag.value.casefold()) or _capitalised(tag.value, words)
        if better and better != tag.value:
            message = f"#{tag.value}: write #{better}, so that its words can be heard"
            yield post.point("hashtag-case", tag.start, tag.end, message)


def hashtag_count(post: PostText) -> Iterator[Finding]:
    """Find the hashtags beyond the second."""
    if len(post.hashtags) > MOST:
        first = post.hashtags[MOST]
        message = f"{len(post.hashtags)} hashtags: keep the {MOST} that people look for"
        yield post.point("hashtag-count", first.start, post.hashtags[-1].end, message)


def hashtag_place(post: PostText) -> Iterator[Finding]:
    """Find hashtags with words behind them on their line."""
    last_letters: dict[int, int] = {}
    for tag in post.hashtags:
        line = post.text.rfind("\n", 0, tag.start)
        if line not in last_letters:
            last_letters[line] = _last_letter(post, line)
        if last_letters[line] > tag.end:
            message = f"#{tag.value} stands within a sentence: put it at the end"
            yield post.point("hashtag-place", tag.start, tag.end, message)


def campaign_hashtag(subject: Subject) -> Iterator[Finding]:
    """Find the campaign's hashtag misspelt or where X makes no link of it; or nowhere."""
    wanted = unicodedata.normalize("NFC", subject.hashtag)
    if not wanted or not subject.posts:
        return
    there = False
    for post in subject.posts:
        for tag in post.hashtags:
            there = there or tag.value == wanted
            if tag.value != wanted and _is_meant(tag, wanted, subject):
                there = True
                message = f"#{tag.value}: the campaign's hashtag is #{wanted}"
                yield post.point("campaign-hashtag", tag.start, tag.end, message)
        for start, end in _unlinked(post, wanted):
            there = True
            message = f"X makes no link of #{wanted} here: put a space before it"
            yield post.point("campaign-hashtag", start, end, message)
    if not there:
        yield Finding("campaign-hashtag", f"the campaign's hashtag #{wanted} is in none of its posts")


def _last_letter(post: PostText, line: int) -> int:
    end = post.text.find("\n", line + 1)
    places = [
        match.end() for match in _LETTER.finditer(post.prose, line + 1, end if end >= 0 else len(post.prose))
    ]
    return places[-1] if places else -1


def _is_meant(tag: Span, wanted: str, subject: Subject) -> bool:
    folded, ours = tag.value.casefold(), wanted.casefold()
    if folded == ours:
        return True
    if tag.value in subject.house.lists.tags or len(wanted) < len("ABCDE"):
        return False
    if len(folded) > 2 * len(ours):
        return False
    return folded.startswith(ours) or SequenceMatcher(None, folded, ours).ratio() >= ALIKE


def _unlinked(post: PostText, wanted: str) -> Iterator[tuple[int, int]]:
    linked = {tag.start for tag in post.hashtags}
    for match in re.finditer(rf"[#＃]{re.escape(wanted)}", post.text, re.IGNORECASE):
        inside_link = BLANK in post.prose[match.start() : match.end()]
        if match.start() not in linked and not inside_link:
            yield match.span()


def _capitalised(tag: str, words: set[str]) -> str | None:
    """Give a tag of several known words with a capital for each, None if it has them or is no such tag."""
    folded = tag.casefold()
    parts = _parts(folded, words) if len(folded) == len(tag) <= LONGEST_TAG else None
    if parts is None or len(parts) < 2:
        return None
    place, better, in_order = 0, "", not tag.isupper()
    for part in parts:
        written = tag[place : place + len(part)]
        in_order = in_order and (place == 0 or not written[0].islower())
        better += written[0].upper() + part[1:]
        place += len(part)
    return None if in_order else better


def _parts(tag: str, words: set[str]) -> list[str] | None:
    """Part a tag into the fewest known words; digits are a word of their own."""
    best: list[list[str] | None] = [[]]
    for end in range(1, len(tag) + 1):
        found: list[str] | None = None
        for start in range(max(0, end - LONGEST_WORD), end):
            before, word = best[start], tag[start:end]
            known = word in words or word.isdigit()
            if before is not None and known and (found is None or len(before) + 1 < len(found)):
                found = [*before, word]
        best.append(found)
    return best[-1]
