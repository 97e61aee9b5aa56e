"""The examples of the guide come out as it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.adapters.templates.studio import PLAIN, TEMPLATES, Studio

GUIDE = (Path(__file__).parents[3] / "docs" / "howto" / "templates.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```jinja\n(.*?)```\n\n```text\n(.*?)```", GUIDE, re.DOTALL)


def test_the_guide_has_examples_and_names_the_record_that_they_use() -> None:
    assert len(EXAMPLES) == GUIDE.count("```jinja") == 7
    assert PLAIN.due is not None
    said = [PLAIN.title, PLAIN.body, PLAIN.link, f"{PLAIN.due:%Y-%m-%d %H:%M}", *PLAIN.variables.values()]
    assert [text for text in said if f"{text}" not in GUIDE] == []


@pytest.mark.parametrize(("source", "text"), EXAMPLES)
def test_an_example_comes_out_as_the_guide_says(studio: Studio, source: str, text: str) -> None:
    shutil.copy(TEMPLATES / "_ending.txt.j2", studio.folder)
    assert studio.text(source).replace("\u00a0", " ") == text.strip()
