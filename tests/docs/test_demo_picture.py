"""The picture of the demo is drawn by the reader's own browser, with nothing from elsewhere."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.docs.pages import REPO

PICTURE = REPO / "docs" / "demo.svg"
FROM_ELSEWHERE = re.compile(r"url\((?!#)")


def test_the_picture_fetches_nothing() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    assert FROM_ELSEWHERE.search(text) is None
    assert "@import" not in text
    for element in ElementTree.fromstring(text).iter():
        assert element.tag.rpartition("}")[2] not in {"image", "script", "foreignObject", "use"}
        assert [name for name in element.attrib if name.rpartition("}")[2] in {"href", "src"}] == []


def test_the_picture_shows_the_demo_to_its_end() -> None:
    words = " ".join("".join(ElementTree.parse(PICTURE).getroot().itertext()).replace("\xa0", " ").split())
    assert "$ bot demo" in words
    assert "…" in words
    assert re.search(
        r"The log holds: \d+ rows, head [0-9a-f]{12}… The sandbox counts 8 posts, 0 doubled", words
    )
