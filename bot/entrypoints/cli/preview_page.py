"""The preview as one page to mail around: nothing is fetched, nothing runs, and whatever a record says stays text."""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.adapters.media.thumbnails import thumbnail
from bot.application.ports.media_files import MediaFiles
from bot.domain.announcement import Due, MediaItem
from bot.domain.card import Card, Finding, PostCard
from bot.domain.errors import InputError
from bot.domain.media import MediaKind, PostMedia
from bot.domain.walltime import in_zone
from bot.entrypoints.cli import embargo
from bot.entrypoints.cli.cards import facts_of_media, runs_for, who_and_marks
from bot.entrypoints.cli.direction import direction_of, tag_of
from bot.entrypoints.cli.marked_text import runs_of
from bot.entrypoints.cli.page_file import MARKER
from bot.entrypoints.cli.shapes import instant, shown

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class PageParts:
    """What a page needs beside the cards: pictures, the time zone of a campaign by its name, and when it is made (UTC)."""

    media: MediaFiles
    timezone: Callable[[str], str]
    made_at: datetime


def preview_page(cards: Sequence[Card], parts: PageParts) -> str:
    """Make the page, which begins with the marker of `page_file`."""
    style = (HERE / "preview_page.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    page = environment.get_template("preview_page.html.j2").render(
        style=style,
        style_hash=digest,
        made_at=instant(parts.made_at.replace(microsecond=0)),
        cards=[_card(card, parts) for card in cards],
    )
    return MARKER + page


def _visible(value: Any) -> Any:
    """What HTML cannot hold, control characters and halves of surrogate pairs, is shown as a replacement character."""
    if type(value) is not str or value.isprintable():
        return value
    return "".join(
        "\N{REPLACEMENT CHARACTER}"
        if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs")
        else char
        for char in value
    )


def _card(card: Card, parts: PageParts) -> dict[str, Any]:
    return {
        "card": card,
        "lang": tag_of(card.language),
        "dir": direction_of(card.language),
        "due": _due(card.due, parts.timezone(card.campaign)),
        "due_at": instant(card.due.at) if card.due else None,
        "embargo": embargo.told(card.embargo) if card.embargo else "",
        "expires": _due(card.expires, parts.timezone(card.campaign)) if card.expires else "",
        "who_and_marks": list(who_and_marks(card)),
        "posts": [_post(card, number, post, parts) for number, post in enumerate(card.posts, start=1)],
        "findings": [
            {"level": level, "finding": finding, "place": _place(card, finding), "post": _post_of(finding)}
            for level, findings in (("problem", card.problems), ("warning", card.warnings))
            for finding in findings
        ],
    }


def _due(due: Due | None, zone: str) -> str:
    """The time in the campaign's zone and in UTC; the author's own zone before it, where that is another."""
    if due is None or due.zone == zone:
        return shown(due)
    local = Due(in_zone(due.at, zone).replace(tzinfo=None, fold=0), zone, due.at)
    return f"{due.wall:%H:%M} {due.zone}, that is {shown(local)}"


def _post(card: Card, number: int, post: PostCard, parts: PageParts) -> dict[str, Any]:
    here = [
        [each for each in findings if _post_of(each) == number] for findings in (card.problems, card.warnings)
    ]
    return {
        "post": post,
        "number": number,
        "runs": runs_of(post.text, *here),
        "filled": min(100, round(100 * post.weighted_length / post.limit)),
        "over": post.weighted_length > post.limit,
        "media": [_media(each, parts.media) for each in post.media],
        "poll_runs": runs_for(post.extras.poll) if post.extras.poll else "",
    }


def _post_of(finding: Finding) -> int | None:
    """The post that a finding stands at; the place of one that names no post lies in the first."""
    return finding.post or (1 if finding.start is not None else None)


def _place(card: Card, finding: Finding) -> str:
    """Where in the text it is, for who reads the page aloud or on paper."""
    if finding.start is None or finding.end is None:
        return ""
    post = f"post {_post_of(finding)}, " if len(card.posts) > 1 else ""
    if finding.end - finding.start > 1:
        return f"{post}characters {finding.start + 1} to {finding.end}"
    return f"{post}character {finding.start + 1}"


def _media(each: PostMedia, files: MediaFiles) -> dict[str, Any]:
    return {"alt": each.alt, "path": each.path, "facts": facts_of_media(each), **_picture(each, files)}


def _picture(each: PostMedia, files: MediaFiles) -> dict[str, str]:
    """The thumbnail of the very picture that the card is about; of a film there is none."""
    if each.facts.kind is MediaKind.VIDEO:
        return {"data": "", "missing": "film"}
    item = MediaItem(each.path, each.alt, scale=each.facts.scaled)
    try:
        kind, small = thumbnail(b"".join(files.pieces(item, each.facts, size=1 << 20)))
    except InputError as error:
        return {"data": "", "missing": str(error)}
    return {"data": f"data:{kind};base64,{base64.b64encode(small).decode()}", "missing": ""}
