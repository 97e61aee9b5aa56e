"""What a reading of the timeline says about an attempt in doubt (design, section 5, reconcile)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from bot.domain.attempt import Attempt
from bot.domain.quotes import sendings
from bot.domain.text.canonical import canonical, canonical_without_links
from bot.domain.timeline import Reading, TimelinePost

SIMILAR = 0.75
"""Characters in common, as a share, from which a post by hand comes near to ours (a corrected typo, a dropped sentence)."""

EARLIER = timedelta(minutes=10)
"""A post older than this before the intent was not made by it. Wide, for X's clock and ours may differ."""


class Verdict(StrEnum):
    """What one reading shows of one attempt."""

    MATCH = "match"
    NOTHING = "nothing"
    NEAR = "near"
    SEVERAL = "several"
    UNCOUNTED = "uncounted"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A verdict, the matching post if there is exactly one, and what came near with the reason why."""

    verdict: Verdict
    match: TimelinePost | None = None
    evidence: tuple[tuple[TimelinePost, str], ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """The post that is looked for.

    `since`: the newest own post that was known before it was first sent; `not_before`: it cannot be older than this (UTC),
    None if nobody knows. `known`: the post that a reading has to show to count: the same one, unless we withdrew it; None if
    no post has to. `edits`: the version that a correction takes the place of, and `replaces` the text of that one.
    """

    text: str
    reply_to: str | None
    since: str | None
    not_before: datetime | None
    known: str | None = None
    quote: str | None = None
    edits: str | None = None
    replaces: str | None = None

    @classmethod
    def of(cls, attempt: Attempt) -> Sought:
        """Say what to look for when an attempt is in doubt."""
        not_before = attempt.intent_at - EARLIER
        return cls(
            attempt.text,
            attempt.reply_to,
            attempt.since,
            not_before,
            known=attempt.since,
            quote=attempt.quote,
            edits=attempt.edits,
        )

    @property
    def read_from(self) -> str | None:
        """Give the post from which on the timeline is to be read, None for all of it: what is edited may be older than the
        newest one known."""
        if self.known is None or self.edits is None:
            return self.known
        return min(self.known, self.edits, key=_number)


def sight(sought: Sought, reading: Reading, owned: Collection[str], rivals: Collection[str] = ()) -> Sighting:
    """Look for a post in a reading.

    `owned`: ids of the channel that belong to other accepted attempts; they are nobody else's match. `rivals`: texts of
    the account's other attempts in doubt.
    """
    uncounted = _why_uncounted(sought, reading)
    free = [post for post in reading.posts if _is_free(sought, post, owned)]
    twins = [post for post in free if _same_text(sought, post)]
    if not twins and not _words_are_shared(sought, reading, free, rivals):
        twins = _same_words(sought, free)
    matches = [post for post in twins if _is_it(sought, post, reading)]
    near = [(post, _why_near(sought, post, reading)) for post in twins if post not in matches]
    others = {canonical(text, from_x=False) for text in rivals}
    rest = [(post, _why_others_come_near(sought, post, others)) for post in free if post not in twins]
    near += [(post, why) for post, why in rest if why]
    if len(matches) == 1:
        return Sighting(Verdict.MATCH, matches[0], tuple(near))
    if len(matches) > 1:
        return Sighting(Verdict.SEVERAL, None, tuple((post, "the same post") for post in matches))
    if uncounted:
        return Sighting(Verdict.UNCOUNTED, why=uncounted)
    if near:
        return Sighting(Verdict.NEAR, None, tuple(near))
    return Sighting(Verdict.NOTHING)


def _why_uncounted(sought: Sought, reading: Reading) -> str:
    """A reading counts only if it is whole and shows the post that was known before, if there was one."""
    if not reading.whole:
        return reading.why_not
    if sought.known and not any(sought.known in _versions(post) for post in reading.posts):
        return f"the timeline does not show post {sought.known}, which was there before"
    if sought.edits and not any(_is_version(sought, post) for post in reading.posts):
        return f"the timeline does not show post {sought.edits}, which was to be corrected"
    return ""


def _versions(post: TimelinePost) -> set[str]:
    return {post.post_id, *post.versions}


def _is_version(sought: Sought, post: TimelinePost) -> bool:
    """Tell whether a post is the one that was to be corrected, in whatever version."""
    return sought.edits is not None and sought.edits in _versions(post)


def _is_free(sought: Sought, post: TimelinePost, owned: Collection[str]) -> bool:
    """Of what was to be corrected, the newest version alone counts: as long as that is the old one, it shows no correction."""
    return post.post_id not in owned if _is_version(sought, post) else _versions(post).isdisjoint(owned)


def _is_it(sought: Sought, post: TimelinePost, reading: Reading) -> bool:
    right_kind = sought.edits is None or _is_version(sought, post)
    right_place = _same_parent(sought, post, reading) and _same_quote(sought, post, reading)
    return right_kind and right_place and _not_earlier(sought, post)


def _same_text(sought: Sought, post: TimelinePost) -> bool:
    return canonical(sought.text, from_x=False) in {way.text for way in sendings(post)}


def _same_words(sought: Sought, posts: Sequence[TimelinePost]) -> list[TimelinePost]:
    """Links that X altered: the words alone decide, if there are any and one post only has them."""
    words = canonical_without_links(sought.text, from_x=False)
    if not words:
        return []
    return [post for post in posts if canonical_without_links(post.text, from_x=True) == words]


def _words_are_shared(
    sought: Sought, reading: Reading, free: Sequence[TimelinePost], rivals: Collection[str]
) -> bool:
    """Tell whether another post of ours has the same words, so that they alone prove nothing (settled question 4)."""
    words = canonical_without_links(sought.text, from_x=False)
    texts = [*rivals, sought.replaces] if sought.replaces is not None else rivals
    if any(canonical_without_links(text, from_x=False) == words for text in texts):
        return True
    return len(_same_words(sought, reading.posts)) > len(_same_words(sought, free))


def _same_parent(sought: Sought, post: TimelinePost, reading: Reading) -> bool:
    if post.parent_id == sought.reply_to:
        return True
    edited = next((p for p in reading.posts if sought.reply_to in _versions(p)), None)
    return edited is not None and post.parent_id in _versions(edited)


def _same_quote(sought: Sought, post: TimelinePost, reading: Reading) -> bool:
    """Whoever quoted by a link in the text named nothing in the request; a quoted post that was edited has another id."""
    edited = next((p for p in reading.posts if sought.quote in _versions(p)), None)
    quoted = {sought.quote} if edited is None else _versions(edited)
    ways = sendings(post)
    fitting = [way for way in ways if way.text == canonical(sought.text, from_x=False)]
    return any(way.quote in quoted for way in fitting or ways)


def _not_earlier(sought: Sought, post: TimelinePost) -> bool:
    if sought.since and _number(post.post_id) <= _number(sought.since):
        return False
    if _is_version(sought, post):
        return True  # X may give the instant of its first version
    return not (post.created_at and sought.not_before) or post.created_at >= sought.not_before


def _number(post_id: str) -> int:
    return int(post_id) if post_id.isdigit() else 0


def _why_near(sought: Sought, post: TimelinePost, reading: Reading) -> str:
    if not _same_parent(sought, post, reading):
        return f"the same text, but it replies to {post.parent_id or 'nothing'}"
    if not _same_quote(sought, post, reading):
        return f"the same text, but it quotes {post.quote_id or 'nothing'}"
    if sought.edits and not _is_version(sought, post):
        return f"the same text, but it is no new version of {sought.edits}"
    return "the same text, but it is older than the request"


def _why_others_come_near(sought: Sought, post: TimelinePost, others: Collection[str]) -> str:
    if _is_version(sought, post):
        return "it is the post that was to be corrected, with another text"
    if _similar(sought, post) and all(way.text not in others for way in sendings(post)):
        return "its words come near"
    return ""


def _similar(sought: Sought, post: TimelinePost) -> bool:
    if not _not_earlier(sought, post):
        return False
    ours = canonical_without_links(sought.text, from_x=False)
    theirs = canonical_without_links(post.text, from_x=True)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return matcher.real_quick_ratio() >= SIMILAR and matcher.ratio() >= SIMILAR


def come_near(sought: Sought, post: TimelinePost) -> bool:
    """Tell whether a post is, or may be an edited form of, what is looked for."""
    return _same_text(sought, post) or _similar(sought, post)


def says_the_same(attempt: Attempt, post: TimelinePost) -> bool:
    """Tell whether a post of ours still says what was sent; links may have been altered by X."""
    sought = Sought.of(attempt)
    return _same_text(sought, post) or bool(_same_words(sought, [post]))
