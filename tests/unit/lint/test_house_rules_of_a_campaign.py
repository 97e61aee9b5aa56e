"""The house rules as a campaign's file sets them, and the lists beside it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults
from bot.domain.errors import InputError
from bot.domain.lint.house import Blackout, HouseRules, Term
from bot.domain.lint.rule import Level

SCHEDULES = Path(__file__).parents[3] / "schedules"
ACCOUNTS = '[rso]\nhandle = "baliprocessrso"\nuser_id = "42"\n'
CAMPAIGN = 'account = "rso"\ntemplate = "t.txt.j2"\n'
LISTS = """
handles = ["@UNODC"]
tags = ["#EndCaptivity"]
[acronyms]
all = ["RSO"]
th = ["ตม."]
[words]
en = ["stop", "scams"]
[[terms]]
language = "en"
avoid = ["illegal migrant*"]
use = "irregular migrant"
source = "IOM"
[[blackouts]]
from = 2027-05-01
to = 2027-05-02
why = "election"
[[blackouts]]
from = 2027-11-11T10:50:00
to = 2027-11-11T11:10:00
why = "silence"
"""


def house(folder: Path, campaign: str, **files: str) -> HouseRules:
    (folder / "accounts.toml").write_text(ACCOUNTS, encoding="utf-8")
    (folder / "tenyears.toml").write_text(CAMPAIGN + campaign, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return ConfigurationFilesOnDisk(folder, Defaults()).load().campaign("tenyears").lint


def test_a_campaign_sets_levels_and_names_its_lists(tmp_path: Path) -> None:
    found = house(
        tmp_path, '[lint]\nlists = ["words.toml"]\nacronym = "off"\nlong-sentence = "problem"\n', words=LISTS
    )
    assert found.levels == {"acronym": Level.OFF, "long-sentence": Level.PROBLEM}
    assert found.level_of("placeholder") is Level.PROBLEM
    assert found.lists.handles == {"unodc"}
    assert found.lists.tags == {"EndCaptivity"}
    assert found.lists.acronyms == {"all": {"RSO"}, "th": {"ตม."}}
    assert found.lists.words == {"en": {"stop", "scams"}}
    assert found.lists.terms == (Term("en", ("illegal migrant*",), "irregular migrant", "IOM"),)
    assert found.lists.blackouts == (
        Blackout(datetime(2027, 5, 1), datetime(2027, 5, 3), "election"),  # noqa: DTZ001
        Blackout(datetime(2027, 11, 11, 10, 50), datetime(2027, 11, 11, 11, 10), "silence"),  # noqa: DTZ001
    )


def test_a_campaign_without_the_table_has_the_usual_rules(tmp_path: Path) -> None:
    assert house(tmp_path, "") == HouseRules()


@pytest.mark.parametrize(
    ("campaign", "lists", "told"),
    [
        ('lint.shoutin = "off"', "", "tenyears.toml: lint.shoutin: is not known: did you mean 'shouting'?"),
        ('lint.shouting = "of"', "", "tenyears.toml: lint.shouting: 'of' is not known: did you mean off?"),
        ("lint.shouting = false", "", "tenyears.toml: lint.shouting: must be a text: put it in quotes"),
        ('lint.length = "off"', "", "tenyears.toml: lint.length: is always a problem: leave it out"),
        ('lint = "off"', "", "tenyears.toml: lint: must be a table: write it under [lint]"),
        ('lint.lists = ["other.toml"]', "", "other.toml: cannot be read (No such file or directory)"),
        ('lint.lists = ["../words.toml"]', "", "lint.lists[1]: must be a file beside this one"),
        (
            'lint.lists = ["words.toml"]',
            "handels = []",
            "words.toml: handels: is not known: did you mean 'handles'?",
        ),
        (
            'lint.lists = ["words.toml"]',
            'handles = ["no handle"]',
            "handles[1].handle: 'no handle' is not a handle",
        ),
        ('lint.lists = ["words.toml"]', "tags = [1]", "words.toml: tags[1]: must be a text"),
        ('lint.lists = ["words.toml"]', "terms = [1]", "words.toml: terms[1]: must be a table"),
        ('lint.lists = ["words.toml"]', '[[terms]]\nlanguage="en"\nuse="b"', "terms[1].avoid: is missing"),
        (
            'lint.lists = ["words.toml"]',
            '[[terms]]\nlanguage="en"\navoid=["*"]\nuse="b"',
            "terms[1].avoid: holds a * alone",
        ),
        (
            'lint.lists = ["words.toml"]',
            '[[blackouts]]\nfrom=2027-01-02\nto=2027-01-01T10:00:00\nwhy="x"',
            "blackouts[1].to: must be later than from",
        ),
        (
            'lint.lists = ["words.toml"]',
            '[[blackouts]]\nfrom=2027-01-02T00:00:00Z\nto=2027-01-03\nwhy="x"',
            "blackouts[1].from: must be a date or a time of the campaign's clock",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line_with_file_and_key(
    tmp_path: Path, campaign: str, lists: str, told: str
) -> None:
    with pytest.raises(InputError) as refused:
        house(tmp_path, f"{campaign}\n", words=lists)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_lists_that_come_with_the_program_are_read_and_are_no_campaign() -> None:
    found = ConfigurationFilesOnDisk(SCHEDULES, Defaults()).load()
    assert set(found.campaigns) == {"rsotenyears"}
    lists = found.campaign("rsotenyears").lint.lists
    assert {"en", "th", "ar"} <= {term.language for term in lists.terms}
    assert all(term.source for term in lists.terms)
