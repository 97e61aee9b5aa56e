"""RSS and Atom feeds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import feedparser
import lxml.html
from lxml import etree

from bot.adapters.news.clean import (
    TITLE,
    address_of,
    identity_of,
    language_of,
    link_of,
    moment_of,
    tidy,
    unnamed,
)
from bot.adapters.news.page import NoNews
from bot.adapters.news.pictures import Seen, merged, pictures_in
from bot.adapters.news.summaries import summary_of
from bot.domain.news import NewsItem, NewsPicture

MOST_ITEMS = 500
_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_LONGEST_FRAGMENT = 200_000
_XML = {"content-type": "application/xml; charset=utf-8"}


def read_feed(text: str, address: str) -> list[NewsItem]:
    """Find the news of a feed that was fetched from an address, in its order. Raises NoNews."""
    if _ENTITY.search(text):
        # Nothing that writes feeds needs them; they can be made to grow without end, or to stand for files.
        raise NoNews("declares entities, which no feed needs and which may do harm: it is not read")
    data = _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    # As a file: a text would be taken for an address and be fetched.
    parsed = feedparser.parse(
        io.BytesIO(data), response_headers=_XML, sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.entries and (parsed.bozo or not parsed.get("version")):
        raise NoNews("holds no feed that can be read")
    site = address_of(parsed.feed.get("link", ""), address) or address
    found = [_item(each, parsed.feed, site) for each in parsed.entries[:MOST_ITEMS]]
    return [each for each in found if each]


def _item(entry: Any, feed: Any, site: str) -> NewsItem | None:
    title = _plain(entry.get("title", ""), entry.get("title_detail", {}).get("type", ""))
    link = address_of(entry.get("feedburner_origlink", "") or entry.get("link", ""), site)
    contents = entry.get("content", [])
    whole = [part for each in contents if (part := _fragment(each.get("value", ""))) is not None]
    excerpt = entry.get("summary", "")
    short = None if excerpt in [each.get("value") for each in contents] else _fragment(excerpt)
    parts = [*whole, *([] if short is None else [short])]
    descriptions = [" ".join(_lines(part)) for part in parts[::-1][:1]]
    summary = summary_of(descriptions, lambda: [line for part in whole for line in _lines(part)], title)
    title = title or summary[:TITLE]
    if not title:
        return None
    published = _moment(entry)
    identities = _identities(entry, link, site)
    language = language_of(*(each.get("language") for each in contents), feed.get("language"))
    shown = [seen for part in parts for seen in pictures_in(part)]
    return NewsItem(
        title=title,
        summary=summary,
        identities=identities
        or (unnamed(title, published, " ".join(part.text_content() for part in parts)),),
        notes=() if identities else ("names no address",),
        link=link_of(link),
        published=published,
        language=language,
        pictures=_pictures(entry, shown, link or site),
    )


def _identities(entry: Any, link: str, site: str) -> tuple[str, ...]:
    """An entry's own name, then its link: a page of the same news is known by one of the two."""
    named = [identity_of(each, link or site) for each in (entry.get("id", ""), link)]
    return tuple(dict.fromkeys(filter(None, named)))


def _moment(entry: Any) -> str:
    """Give when an entry was published, in UTC as feedparser reads it; else when it was updated."""
    for name in ("published", "updated", "created"):
        if parts := entry.get(f"{name}_parsed"):
            year, month, day, hour, minute, second = parts[:6]
            written = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{min(second, 59):02}+00:00"
            if moment := moment_of(written):
                return moment
        if moment := moment_of(entry.get(name)):
            return moment
    return ""


def _pictures(entry: Any, shown: list[Seen], base: str) -> tuple[NewsPicture, ...]:
    """The pictures of the text come first, because they have alt texts, then those that are attached."""

    def attached() -> Iterator[Seen]:
        for name in ("media_content", "media_thumbnail", "enclosures"):
            for each in entry.get(name, []):
                kind = each.get("type", "") or each.get("medium", "")
                reference = each.get("url", "") or each.get("href", "")
                if reference and (name == "media_thumbnail" or kind.startswith("image")):
                    yield Seen(reference)

    return tuple(
        NewsPicture(each.address, each.beside if each.beside.startswith("data:") else "", each.alt)
        for each in merged(shown, list(attached()), base)
    )


def _plain(text: str, kind: str) -> str:
    if kind == "text/plain" and "&" not in text:
        return tidy(text, TITLE)
    part = _fragment(text)
    return "" if part is None else tidy(part.text_content(), TITLE)


def _lines(part: Any) -> list[str]:
    """Give the paragraphs of a piece of HTML, or all of its text if it has none.

    What Yoast's plug-in puts under every entry ("The post … appeared first on …") is no part of the news.
    """
    found = [tidy(each.text_content(), 4 * TITLE) for each in part.iter("p")]
    lines = [
        line
        for line in found
        if line and not (line.startswith("The post ") and " appeared first on " in line)
    ]
    return lines if found else [tidy(part.text_content(), 4 * TITLE)]


def _fragment(html: str) -> Any:
    """Parse a piece of HTML; None if there is nothing in it."""
    if not html.strip():
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    data = f"<div>{html[:_LONGEST_FRAGMENT]}</div>".encode("utf-8", "replace")
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None
