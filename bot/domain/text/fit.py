"""Cutting a text so that it fits into a post (design, section 7: the template filter `fit`)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.text.entities import Span
from bot.domain.text.graphemes import grapheme_ends
from bot.domain.text.weighted import LIMIT, weighted_length
from bot.domain.text.words import break_opportunities, outside, protected

ELLIPSIS = "…"
_STEPS_BACK = 50

# What looks wrong before an ellipsis: full stops, commas, dashes, what only opens a bracket or a quote, white space.
_LOOSE = ".,:;…·•-–—([{<“„‘‚«‹¡¿،؛۔।॥။၊។៖、，。．；：（［｛「『【《〈\u200b" + "".join(
    filter(str.isspace, map(chr, range(0x3001)))
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text that fits, and whether anything had to be taken away for it."""

    text: str
    was_cut: bool


def fit(body: str, rest: str | int, *, language: str, limit: int = LIMIT) -> Fitted:
    """Cut `body` so that it weighs at most `limit` together with `rest`.

    `rest` is the other text of the post, or the weight that it takes. Where the two touch without a space the
    whole may weigh otherwise than its parts ("example" before ".com"): weigh it once more.
    """
    taken = rest if isinstance(rest, int) else weighted_length(rest)
    return fit_to(body, limit - taken, language)


def fit_to(body: str, space: int, language: str) -> Fitted:
    """Cut `body` at the end of a word, with an ellipsis, so that it weighs at most `space`.

    What fits comes back as it is (white space at its end may go). If not even one word fits, the cut is between
    graphemes; if nothing fits, the text is empty. Links, tags, mentions and graphemes stay whole.
    """
    for whole in (body, body.rstrip()):
        if not whole or weighted_length(whole) <= space:
            return Fitted(whole, was_cut=False)
    spans = protected(body)
    text = _longest(body, spans, break_opportunities(body, language), space)
    if not text:
        text = _longest(body, spans, outside(spans, grapheme_ends(body)[:-1]), space)
    return Fitted(text, was_cut=True)


def _longest(body: str, spans: list[Span], places: Sequence[int], space: int) -> str:
    """Return the longest of the cut texts that weighs at most `space`, or an empty one."""
    fitting = bisect_right(places, space, key=lambda place: weighted_length(_cut(body, spans, place)))
    for place in reversed(places[max(fitting - _STEPS_BACK, 0) : fitting]):
        text = _cut(body, spans, place)
        if weighted_length(text) <= space and _keeps(spans, text):
            return text
    return ""


def _keeps(spans: list[Span], text: str) -> bool:
    """Return whether a cut text has the links and tags of its body, and no others.

    Half of what is no hashtag may be one: "#RSOhttps://" is none, "#RSO" is. A cashtag with an ellipsis behind it
    is none any more.
    """
    kept = [(span.start, span.end) for span in spans if span.end < len(text)]
    return kept == [(span.start, span.end) for span in protected(text)]


def _cut(body: str, spans: list[Span], place: int) -> str:
    """Return the text up to `place` with an ellipsis, or nothing if only loose ends are left of it."""
    # A link may end with a dash: only what stands behind the last span is tidied.
    whole = max((span.end for span in spans if span.end <= place), default=0)
    head = body[:whole] + body[whole:place].rstrip(_LOOSE)
    return head + ELLIPSIS if head.strip(_LOOSE + "#＃@＠$") else ""
