"""How a record says that it comes again, in each way to write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.domain.announcement import Record, Repeat
from bot.domain.errors import RecordErrors

FILES = RecordFilesOnDisk()
WHOLE = Repeat("weekly", ("Two.", "Three."), rest="90d", skip=("2026-12-25",), on_holidays=True, ahead="30d")


def read(text: str, name: str = "a.yaml") -> Record:
    (found,) = FILES.read_bytes(text.encode(), name).records
    return found.record


def problems(text: str, name: str = "a.yaml") -> list[str]:
    with pytest.raises(RecordErrors) as caught:
        read(text, name)
    return [str(each) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.yaml",
            "campaign: c\nrepeat:\n  rule: weekly\n  wordings: [Two., Three.]\n  rest: 90d\n  skip: [2026-12-25]\n"
            "  on_holidays: true\n  ahead: 30d\n",
        ),
        (
            "a.json",
            '{"campaign": "c", "repeat": {"rule": "weekly", "wordings": ["Two.", "Three."], "rest": "90d", '
            '"skip": ["2026-12-25"], "on_holidays": true, "ahead": "30d"}}',
        ),
        (
            "a.csv",
            "campaign,repeat,repeat.wordings,repeat.rest,repeat.skip,repeat.on_holidays,repeat.ahead\n"
            'c,weekly,"Two.\nThree.",90d,2026-12-25,true,30d\n',
        ),
        (
            "a.csv",
            "campaign,repeat.ahead,repeat.wordings,repeat.rest,repeat.skip,repeat.on_holidays,repeat.rule\n"
            'c,30d,"Two.\n\nThree.",90d,2026-12-25,true,weekly\n',
        ),
    ],
)
def test_every_format_says_the_same(name: str, text: str) -> None:
    assert read(text, name).repeat == WHOLE


def test_a_rule_alone_is_enough_and_nothing_is_no_repeat() -> None:
    rule = "FREQ=WEEKLY;BYDAY=FR;COUNT=8"
    assert read(f"campaign: c\nrepeat: {rule}\n").repeat == Repeat(rule)
    assert read(f"campaign,repeat\nc,{rule}\n", "a.csv").repeat == Repeat(rule)
    assert read("campaign: c\nrepeat:\n").repeat is None
    assert read("campaign: c\n").repeat is None


def test_one_day_alone_may_be_written_without_a_list() -> None:
    assert read("campaign: c\nrepeat: {rule: weekly, skip: 2026-12-25}\n").repeat == Repeat(
        "weekly", skip=("2026-12-25",)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("repeat: hourly", "a.yaml:2: repeat: 'hourly' is no rule: write daily, weekly"),
        ("repeat: {rest: 90d}", "a.yaml:2: repeat.rule: is missing: write weekly, or FREQ=WEEKLY;BYDAY=FR"),
        (
            "repeat: {rule: weekly, wording: [a]}",
            "a.yaml:2: repeat.wording: is not a field: did you mean 'wordings'?",
        ),
        ("repeat: [weekly]", "a.yaml:2: repeat: must be a group of fields"),
        (
            "repeat: {rule: weekly, rest: 90}",
            "a.yaml:2: repeat.rest: must be a text, and is read as a number",
        ),
        (
            "repeat: {rule: weekly, rest: soon}",
            "a.yaml:2: repeat.rest: 'soon' is no span of time: write it as 60d",
        ),
        ("repeat: {rule: weekly, on_holidays: maybe}", "a.yaml:2: repeat.on_holidays: must be true or false"),
        ("repeat: {rule: weekly, skip: [2026-13-01]}", "a.yaml:2: repeat.skip: '2026-13-01' is not a date"),
        ("repeats: weekly", "a.yaml:2: repeats: is not a field: did you mean 'repeat'?"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_its_field(text: str, said: str) -> None:
    first, *_ = problems(f"campaign: c\n{text}\n")
    assert first.startswith(said)


def test_a_language_under_variants_has_no_repeat_of_its_own() -> None:
    text = "campaign: c\nkey: a\nbody: One.\nvariants:\n  th:\n    body: Two.\n    repeat: weekly\n"
    assert problems(text)[0].startswith("a.yaml:7: variants.th.repeat: is not a field")


def test_a_date_among_the_variables_is_a_text_to_templates(tmp_path: Path) -> None:
    record = read("campaign: c\nvariables: {countdown_to: 2026-12-10, places: 12}\n")
    assert record.variables == {"countdown_to": "2026-12-10", "places": "12"}
