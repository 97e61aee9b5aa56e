"""X's own conformance files, read where they lie beside the project; in CI they have to be there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.text import entities, weighted

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "twitter-text"


def groups(file: str) -> dict[str, list[dict[str, Any]]]:
    """The cases of a file by group; none where the files are not at hand, which CI does not accept."""
    path = FOLDER / file
    if not path.exists() and os.environ.get("CI") != "true":
        return {}
    found: dict[str, list[dict[str, Any]]] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)[
        "tests"
    ]
    return found


def cases(file: str, group: str, count: int) -> list[dict[str, Any]]:
    found = groups(file)
    assert not found or len(found[group]) == count
    return found[group] if found else []


@pytest.mark.parametrize(
    ("group", "count"),
    [("WeightedTweetsWithDiscountedEmojiCounterTest", 22), ("UnicodeDirectionalMarkerCounterTest", 2)],
)
def test_lengths_validity_and_ranges_are_the_official_ones(group: str, count: int) -> None:
    for case in cases("validate.yml", group, count):
        parsed = weighted.parse(case["text"])
        assert {
            "weightedLength": parsed.weighted_length,
            "valid": parsed.valid,
            "permillage": parsed.permillage,
            "validRangeStart": parsed.valid_range[0],
            "validRangeEnd": parsed.valid_range[1],
            "displayRangeStart": parsed.display_range[0],
            "displayRangeEnd": parsed.display_range[1],
        } == case["expected"], case["description"]


@pytest.mark.parametrize(
    ("group", "count", "find"),
    [
        ("urls", 91, entities.links),
        ("hashtags", 65, entities.hashtags),
        ("hashtags_from_astral", 3, entities.hashtags),
        ("mentions", 23, entities.mentions),
        ("cashtags", 8, entities.cashtags),
    ],
)
def test_entities_are_the_official_ones(group: str, count: int, find: Any) -> None:
    for case in cases("extract.yml", group, count):
        assert [span.value for span in find(case["text"])] == case["expected"], case["description"]


@pytest.mark.parametrize(
    ("group", "count", "find", "name"),
    [
        ("urls_with_indices", 10, entities.links, "url"),
        ("urls_with_directional_markers", 2, entities.links, "url"),
        ("tco_urls_with_params", 5, entities.links, "url"),
        ("hashtags_with_indices", 8, entities.hashtags, "hashtag"),
        ("mentions_with_indices", 3, entities.mentions, "screen_name"),
        ("cashtags_with_indices", 2, entities.cashtags, "cashtag"),
    ],
)
def test_entities_stand_where_the_official_cases_say(group: str, count: int, find: Any, name: str) -> None:
    for case in cases("extract.yml", group, count):
        # These files count code points, as Python does.
        found = [{name: span.value, "indices": [span.start, span.end]} for span in find(case["text"])]
        values = [item if isinstance(item, str) else item[name] for item in case["expected"]]
        assert [item[name] for item in found] == values, case["description"]
        if case["expected"] and "indices" in case["expected"][0]:
            assert found == case["expected"], case["description"]


@pytest.mark.parametrize(("group", "count"), [("country", 315), ("generic", 1259)])
def test_every_official_top_level_domain_makes_a_link_with_and_without_a_scheme(
    group: str, count: int
) -> None:
    for case in cases("tlds.yml", group, count):
        assert [link.value for link in entities.links(case["text"])] == case["expected"]
        name = case["text"].partition("twitter.")[2]
        bare = [link.value for link in entities.links(f"see twitter.{name} now")]
        assert bare == [f"twitter.{name}"]
