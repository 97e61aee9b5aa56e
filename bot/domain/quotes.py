"""A post that quotes another one, as X shows it.

X may put a link to the quoted post behind the text, and takes a link to a post that its author wrote there for a quote: what
is shown may have been sent in two ways (X API notes, section 2).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.replies import parse_reply_to
from bot.domain.text.canonical import canonical
from bot.domain.text.entities import links
from bot.domain.timeline import TimelinePost


@dataclass(frozen=True, slots=True)
class Sending:
    """One way in which a post that is shown may have been sent: its text in canonical form, and what the request quoted."""

    text: str
    quote: str | None


def sendings(post: TimelinePost) -> tuple[Sending, ...]:
    """Give each way in which a post that is shown may have been sent."""
    shown = canonical(post.text, from_x=True)
    if post.quote_id is None:
        return (Sending(shown, None),)
    ways = [Sending(shown, post.quote_id)]
    addresses = [each for each in links(post.text) if parse_reply_to(each.value).post_id == post.quote_id]
    if addresses:
        ways.append(Sending(shown, None))
        if not post.text[addresses[-1].end :].strip():
            ways.append(Sending(canonical(post.text[: addresses[-1].start], from_x=True), post.quote_id))
    return tuple(ways)
