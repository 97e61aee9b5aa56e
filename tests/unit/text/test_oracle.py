"""What X's own counting library (npm twitter-text) said of 3,600 texts of ours: see scripts/make_text_vectors.mjs.

All of its answers are compared, and no difference is known: there is no list of exceptions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.domain.text import entities, weighted
from bot.domain.text.entities import Span

VECTORS = Path(__file__).parents[2] / "vectors" / "twitter_text.json"
CLASSES = [
    *("latin", "thai", "southeast_asian", "cjk", "right_to_left", "other_scripts", "emoji", "emoji_long"),
    *("link_alone", "link_in_text", "link_between_odd", "links_touching", "domain_chain"),
    *("hashtags", "mentions", "cashtags", "line_ends", "marks_and_odd", "over_the_limit", "mixed"),
]


@cache
def answers() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(VECTORS.read_text("utf-8"))
    return found


def rows(name: str) -> list[Any]:
    return [row for row in answers()["rows"] if row[0] == name]


def in_units(text: str, spans: Sequence[Span]) -> list[list[Any]]:
    """Spans with their places in UTF-16 units, as the library gives them."""

    def units(place: int) -> int:
        return len(text[:place].encode("utf-16-le")) // 2

    return [[span.value, units(span.start), units(span.end)] for span in spans]


def test_the_answers_are_those_of_the_library_that_is_named_in_the_docs() -> None:
    head = {name: value for name, value in answers().items() if name != "rows"}
    assert head == {
        "package": "twitter-text",
        "version": "3.1.0",
        "emoji": "twemoji-parser 11.0.2",
        "seed": 20230330,
    }
    assert len(answers()["rows"]) >= 3_000
    assert {row[0] for row in answers()["rows"]} == set(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_weights_validity_and_ranges_are_those_of_the_library(name: str) -> None:
    different = []
    for _, text, expected, *_entities in rows(name):
        parsed = weighted.parse(text)
        found = [
            parsed.weighted_length,
            parsed.valid,
            parsed.permillage,
            parsed.valid_range[1],
            parsed.display_range[1],
        ]
        if found != expected or weighted.weighted_length(text) != expected[0]:
            different.append((ascii(text), found, expected))
    assert different == []


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    ("column", "find"),
    [(3, entities.links), (4, entities.hashtags), (5, entities.mentions), (6, entities.cashtags)],
    ids=["links", "hashtags", "mentions", "cashtags"],
)
def test_entities_are_those_of_the_library(
    name: str, column: int, find: Callable[[str], Sequence[Span]]
) -> None:
    different = []
    for row in rows(name):
        found = in_units(row[1], find(row[1]))
        if found != row[column]:
            different.append((ascii(row[1]), found, row[column]))
    assert different == []
