"""What `reply_to` names: a key of the queue, a post id, or an address of a post (settled question 16)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ADDRESS = re.compile(
    r"https?://(?:www\.|mobile\.)?(?:x|twitter)\.com/(?P<handle>\w{1,15}|i/web)/status/(?P<id>\d{1,19})(?:[/?#].*)?",
    re.I,
)
_POST_ID = re.compile(r"\d{15,19}")


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Either a post on the channel (`post_id`, and whose if the address says so) or an announcement of the queue (`key`)."""

    post_id: str | None = None
    handle: str | None = None
    key: str | None = None


def parse_reply_to(text: str) -> ReplyTarget:
    """Read `reply_to`. Post ids have 15 to 19 digits; shorter numbers and words are the queue's."""
    found = _ADDRESS.fullmatch(text.strip())
    if found:
        handle = None if "/" in found["handle"] else found["handle"]
        return ReplyTarget(post_id=found["id"], handle=handle)
    if _POST_ID.fullmatch(text.strip()):
        return ReplyTarget(post_id=text.strip())
    return ReplyTarget(key=text.strip())
