"""What a page says of its news in JSON-LD (schema.org's Article and its kinds)."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_KINDS = frozenset(
    {
        "Article",
        "NewsArticle",
        "BlogPosting",
        "Report",
        "ReportageNewsArticle",
        "PressRelease",
        "AnalysisNewsArticle",
    }
)
_LARGEST = 500_000
_MOST_NODES = 2_000


@dataclass(frozen=True, slots=True)
class Article:
    """What is said; empty where nothing is."""

    headline: str = ""
    description: str = ""
    published: str = ""
    language: str = ""
    url: str = ""
    pictures: tuple[str, ...] = ()


def article_in(tree: Any) -> Article:
    """Give the first article of a page's JSON-LD; what is no JSON is passed over."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        text = script.text or ""
        if len(text) > _LARGEST:
            continue
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(document):
            kinds = node.get("@type")
            if _KINDS & {
                each for each in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(each, str)
            }:
                return _article(node)
    return Article()


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Walk the objects of a document, the outer before the inner."""
    waiting = deque([document])
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        each = waiting.popleft()
        if isinstance(each, dict):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)


def _article(node: dict[str, Any]) -> Article:
    page = node.get("mainEntityOfPage")
    return Article(
        headline=_text(node.get("headline")) or _text(node.get("name")),
        description=_text(node.get("description")),
        published=_text(node.get("datePublished")),
        language=_text(node.get("inLanguage")),
        url=_text(node.get("url")) or (_text(page.get("@id")) if isinstance(page, dict) else _text(page)),
        pictures=tuple(_addresses(node.get("image")))[:3],
    )


def _addresses(image: Any) -> Iterator[str]:
    for each in image if isinstance(image, list) else [image]:
        found = (
            _text(each.get("url")) or _text(each.get("contentUrl")) if isinstance(each, dict) else _text(each)
        )
        if found:
            yield found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
