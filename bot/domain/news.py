"""News that was published elsewhere, and what becomes of it: a draft with a summary that fits (decision 0030)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.text.fit import ELLIPSIS, fit_to
from bot.domain.text.sentences import sentence_ends
from bot.domain.text.weighted import weighted_length

_LEAST_SHARE = 3
"""Sentences that fill less than this part of the room say too little: then the cut is within the next one."""


@dataclass(frozen=True, slots=True)
class NewsPicture:
    """A picture of a news item: its address on the network, how a saved page names the file beside it, and its alt text.

    Either may be empty. `beside` may also hold the picture itself, as a `data:` address.
    """

    address: str = ""
    beside: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news. `identities`: by what it is known again, the surest first. `published`: ISO 8601, as its source says.

    `pictures` are those that could go with it, the likeliest first; `notes` what people should know of how it was read.
    """

    title: str
    summary: str
    identities: tuple[str, ...]
    link: str = ""
    published: str = ""
    language: str = ""
    pictures: tuple[NewsPicture, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys under which the queue may know it; a draft gets the first."""
        return tuple(
            f"news:{hashlib.sha256(each.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"
            for each in self.identities
        )

    @property
    def moment(self) -> datetime | None:
        """When it was published, for sorting and for people; a time without an offset is taken as UTC."""
        try:
            found = datetime.fromisoformat(self.published)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)


def newest(items: Iterable[NewsItem], limit: int) -> list[NewsItem]:
    """Give so many of the newest, the oldest of them first; what has no date counts as oldest, in the order of its source."""
    dated = sorted(items, key=lambda each: each.moment or datetime.min.replace(tzinfo=UTC), reverse=True)
    return dated[:limit][::-1]


def summary_within(text: str, room: int, language: str) -> str:
    """Give as many whole sentences as weigh at most `room`; where none do, as many words, with an ellipsis."""
    if weighted_length(text) <= room:
        return text
    for end in reversed(_ends_within(text, room, language)):
        sentences = text[:end].rstrip()
        weight = weighted_length(sentences)
        if weight <= room:
            return sentences if weight * _LEAST_SHARE >= room else fit_to(text, room, language).text
    return fit_to(text, room, language).text


def says_otherwise(item: NewsItem, *, title: str, body: str, link: str | None) -> bool:
    """Tell whether a source says something else now than when its draft was made with these words.

    A body is the beginning of what the source said then, so that another template is no other news.
    """
    beginning = body.removesuffix(ELLIPSIS).rstrip()
    return (title, link or "") != (item.title, item.link) or not (item.summary or item.title).startswith(
        beginning
    )


def _ends_within(text: str, room: int, language: str) -> Sequence[int]:
    # No character weighs less than nothing, and a link of any length weighs 23: far behind the room no end can fit.
    return [end for end in sentence_ends(text, language) if end <= room * 10]
