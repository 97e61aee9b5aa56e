"""The house rules on announcements as public bodies write them: what has to be found is, and hardly anything else."""

from __future__ import annotations

from functools import cache

import pytest
import yaml

from scripts.lint_docs import CORPUS, PAGE, Judgement, judge, page

MOST_FALSE = 0.05


@cache
def judged() -> Judgement:
    return judge()


def test_at_most_one_announcement_in_twenty_has_a_false_alarm() -> None:
    false = judged().false
    assert judged().false_share <= MOST_FALSE, "\n".join(map(str, false))


def test_everything_that_is_there_to_be_found_is_found() -> None:
    assert judged().missed == []
    assert len(judged().right) >= 30


def test_the_announcements_are_many_and_in_many_languages() -> None:
    records = yaml.safe_load((CORPUS / "announcements.yaml").read_text("utf-8"))
    assert judged().announcements == len(records) >= 200
    languages = [record["language"] for record in records]
    assert len(set(languages)) >= 12
    assert min(languages.count(each) for each in ("en", "th", "ar")) >= 18


@pytest.mark.parametrize("mark", ["rules", "corpus"])
def test_the_page_shows_the_rules_and_how_they_do_today(mark: str) -> None:
    text = PAGE.read_text("utf-8")
    start = text.index(f"<!-- made: {mark} -->")
    made = page(text)
    assert (
        text[start : text.index("<!-- end -->", start)] == made[start : made.index("<!-- end -->", start)]
    ), "run scripts/make-lint-docs"
