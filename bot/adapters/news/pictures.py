"""Pictures of a page or of a feed's entry: where they lie, and their alt text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.adapters.news.clean import ALT, address_of, tidy
from bot.domain.news import NewsPicture

MOST = 5
LARGEST_WRITTEN_IN = 8_000_000
"""Characters of a picture that is written into its page."""
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file")
_PLACEHOLDER = 2_000
"""Characters of a `data:` address: what is shorter holds a place until the picture is loaded."""
_HOLDS_A_PLACE = re.compile(
    r"(?:placeholder|blank|spacer|transparent|1x1|lazy)[^/]*\.(?:gif|png|jpe?g|svg|webp)$", re.IGNORECASE
)
_SMALLEST_SIDE = 100
"""Pixels: what is smaller is an icon or counts visitors."""
_BESIDE_THE_NEWS = frozenset({"nav", "header", "footer", "aside", "form", "button"})
# WordPress writes smaller copies as name-300x157.jpg, and name-scaled.jpg beside an original that was too large.
_SIZE = re.compile(r"-(?:\d{2,5}x\d{2,5}|scaled)$")


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture as it is referred to, and its alt text."""

    reference: str
    alt: str = ""


def pictures_in(scope: Any) -> Iterator[Seen]:
    """Give the pictures within an element, in the order in which they stand, without icons and what counts visitors."""
    for image in scope.iter("img"):
        if not _is_of_the_news(image):
            continue
        if reference := _reference(image):
            yield Seen(reference, tidy(image.get("alt") or "", ALT))


def merged(declared: Sequence[Seen], shown: Sequence[Seen], base: str) -> tuple[NewsPicture, ...]:
    """Give pictures by their order, each once: one that is declared takes alt text and file from where it is shown."""
    found: list[NewsPicture] = []
    at: dict[str, int] = {}
    for each in (*declared, *shown):
        picture = None if _is_placeholder(each.reference) else _picture(each, base)
        name = _name(each.reference)
        if not picture:
            continue
        if name in at:
            before = found[at[name]]
            beside = before.beside or picture.beside
            found[at[name]] = replace(before, alt=before.alt or picture.alt, beside=beside)
        elif len(found) < MOST:
            at[name] = len(found)
            found.append(picture)
    return tuple(found)


def _picture(seen: Seen, base: str) -> NewsPicture | None:
    reference = seen.reference.strip()
    if reference.startswith("data:"):
        return NewsPicture(beside=reference, alt=seen.alt) if len(reference) <= LARGEST_WRITTEN_IN else None
    address = address_of(reference, base)
    beside = "" if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", reference) else reference[:1_000]
    return NewsPicture(address, beside, seen.alt) if address or beside else None


def _is_of_the_news(image: Any) -> bool:
    for side in ("width", "height"):
        pixels = re.match(r"\s*(\d{1,6})\s*(?:px)?\s*$", image.get(side) or "")
        if pixels and int(pixels[1]) < _SMALLEST_SIDE:
            return False
    outer = image.getparent()
    while outer is not None and outer.tag not in ("article", "main", "body"):
        if outer.tag in _BESIDE_THE_NEWS:
            return False
        outer = outer.getparent()
    return bool(image.get("role") != "presentation")


def _reference(image: Any) -> str:
    """Give where a picture lies; one that is loaded when it comes into view says so in another attribute than src."""
    source = (image.get("src") or "").strip()
    if source and not (source.startswith("data:") and len(source) < _PLACEHOLDER):
        lazy = next((image.get(name) for name in _LAZY if image.get(name)), "")
        return lazy if lazy and _is_placeholder(source) else source
    lazy = next((image.get(name) for name in _LAZY if image.get(name)), "")
    return lazy or _largest(
        image.get("data-srcset") or image.get("data-lazy-srcset") or image.get("srcset") or ""
    )


def _is_placeholder(source: str) -> bool:
    """Tell by its name what only holds a place; WordPress.com declares `blank.jpg` where a page has no picture."""
    return not source.startswith("data:") and _HOLDS_A_PLACE.search(source[-200:]) is not None


def _largest(sources: str) -> str:
    """Give the largest of `srcset`: `a.jpg 300w, b.jpg 1200w`."""
    found = re.findall(r"(\S+)\s+(\d{1,6}(?:\.\d{1,3})?)[wx]\s*(?:,|$)", sources[:20_000])
    return (
        max(found, key=lambda each: float(each[1]))[0] if found else sources.strip().split(" ")[0].rstrip(",")
    )


def _name(reference: str) -> str:
    """Give what a picture's copies in other sizes, and the one beside a saved page, have in common."""
    if reference.startswith("data:"):
        return reference
    last = re.split(r"[?#]", reference)[0].rpartition("/")[2].lower()
    stem, dot, ending = last.rpartition(".")
    return f"{_SIZE.sub('', stem)}{dot}{ending}" if dot else last
