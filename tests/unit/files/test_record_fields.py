"""The fields of a record: their names, types and sizes, whatever the format; every problem is told at once."""

from __future__ import annotations

import json

import pytest

from bot.adapters.files import RecordFilesOnDisk, parse_fields
from bot.domain.announcement import MediaItem, Poll, Record, ReplySettings
from bot.domain.errors import RecordErrors


def read(text: str) -> Record:
    (found,) = RecordFilesOnDisk().read_bytes(text.encode(), "a.yaml").records
    return found.record


def problems(text: str, name: str = "a.yaml") -> list[str]:
    with pytest.raises(RecordErrors) as refused:
        RecordFilesOnDisk().read_bytes(text.encode(), name)
    return [str(problem) for problem in refused.value.problems]


def test_every_problem_of_a_file_is_told_at_once() -> None:
    text = """\
- campaign: rso
  titel: Report
  body: 2023
- title: no campaign
  link: [https://example.org]
  due: next
- campaign: rso
  thread: "true"
  timezone: Asia/Bangkog
"""
    assert problems(text) == [
        "a.yaml:2: titel: is not a field: did you mean 'title'?",
        "a.yaml:3: body: must be a text, and is read as a number: put it in quotes",
        "a.yaml:4: campaign: is missing: write the name of a campaign",
        "a.yaml:5: link: must be a text, not a list or a group of fields",
        "a.yaml:8: thread: must be true or false (without quotes), split, or split numbered; did you mean true?",
        "a.yaml:9: timezone: 'Asia/Bangkog' is not a time zone: did you mean Asia/Bangkok?",
    ]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Body", "body"),
        ("bdy", "body"),
        ("text", "body"),
        ("time zone", "timezone"),
        ("tz", "timezone"),
        ("reply-to", "reply_to"),
        ("date", "due"),
        ("url", "link"),
        ("hread", "thread"),
    ],
)
def test_an_unknown_field_suggests_the_nearest_known_one(name: str, nearest: str) -> None:
    assert problems(f"campaign: rso\n{name}: x\n") == [
        f"a.yaml:2: {name}: is not a field: did you mean '{nearest}'?"
    ]


def test_an_unknown_field_that_is_near_to_none_lists_those_that_there_are() -> None:
    (told,) = problems("campaign: rso\nxyzzy: 1\n")
    assert told.startswith("a.yaml:2: xyzzy: is not a field: known are campaign, title, body, link, due, ")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("title: yes", "title: must be a text, and is read as true or false: put it in quotes"),
        ("language: no", "language: must be a text, and is read as true or false: put it in quotes"),
        ("title: 2023-03-30", "title: must be a text, and is read as a time: put it in quotes"),
        ("due: 10", "due: must be a text, and is read as a number: put it in quotes"),
        ("key: 12", "key: must be a text, and is read as a number: put it in quotes"),
        (
            'key: "12"',
            "key: '12' cannot be one: write it without spaces, and not of digits alone or with auto:",
        ),
        ("key: a b", "key: 'a b' cannot be one: write it without spaces"),
        ("key: auto:1", "key: 'auto:1' cannot be one"),
        ("key: -x", "key: '-x' cannot be one"),
        ("language: Thai language", "language: 'Thai language' cannot be one: write a code such as en or th"),
        ("thread: maybe", "thread: must be true or false (without quotes), split, or split numbered"),
        ("thread: [true]", "thread: must be true or false (without quotes), split, or split numbered"),
        (
            "thread: spilt",
            "thread: must be true or false (without quotes), split, or split numbered; did you mean split?",
        ),
        (
            "thread: split-numbered",
            "thread: must be true or false (without quotes), split, or split numbered; did you mean split numbered?",
        ),
        ("media: {alt: x}", "media[1].path: is missing: write the file's path"),
        ("media: {path: a, alts: x}", "media[1].alts: is not a field: did you mean 'alt'?"),
        ("media: [a.png, [b.png]]", "media[2]: must be a group of fields: path and alt"),
        (
            "media: [{path: a, alt: 7}]",
            "media[1].alt: must be a text, and is read as a number: put it in quotes",
        ),
        ("media: 7", "media[1].path: must be a text, and is read as a number: put it in quotes"),
        ("variables: [a]", "variables: must be a group of name: value, 100 at most"),
        ("variables: {a b: c}", "variables.a b: cannot be a name in a template: use letters, digits and _"),
        (
            "variables: {a: true}",
            "variables.a: must be a text, and is read as true or false: put it in quotes",
        ),
        ("variables: {a: [b]}", "variables.a: must be a text, not a list or a group of fields"),
        ("poll: x", "poll: must be a group of fields: options and minutes"),
        ("poll: {options: x}", "poll.options: must be a list of texts, 10 at most"),
        (
            "poll: {options: [a, b], minutes: soon}",
            "poll.minutes: must be a whole number of minutes, without quotes",
        ),
        ("poll: {options: [a, b], hours: 1}", "poll.hours: is not a field: known are options, minutes"),
        (
            "poll: {options: [a, 2]}",
            "poll.options: must be a text, and is read as a number: put it in quotes",
        ),
        (
            "reply_settings: followers",
            "reply_settings: must be one of everyone, following, mentioned, subscribers, verified; did you mean following?",
        ),
        ("reply_settings: [verified]", "reply_settings: must be one of everyone, following,"),
        ('made_with_ai: "yes"', "made_with_ai: must be true or false, without quotes"),
        ("paid_partnership: 1", "paid_partnership: must be true or false, without quotes"),
        (f"body: {'x' * 10_001}", "body: has 10,001 characters and may have 10,000: make it shorter"),
        (
            f"media: [{{path: a, alt: {'x' * 1_001}}}]",
            "media[1].alt: has 1,001 characters and may have 1,000",
        ),
        (f"media: [{'a, ' * 101}]", "media: has 101 items and may have 100: take some out"),
    ],
)
def test_a_field_of_the_wrong_kind_or_size_is_named_with_the_remedy(line: str, told: str) -> None:
    assert problems(f"campaign: rso\n{line}\n")[0].startswith(f"a.yaml:2: {told}")


@pytest.mark.parametrize("line", ["", "campaign:", "campaign: ''", 'campaign: " "', "campaign: ~"])
def test_a_record_without_a_campaign_is_refused(line: str) -> None:
    assert problems(f"body: x\n{line}\n") == ["a.yaml:1: campaign: is missing: write the name of a campaign"]


def test_fields_that_are_empty_are_not_given() -> None:
    names = ("title", "link", "due", "timezone", "media", "variables", "thread", "poll", "key")
    assert read("campaign: rso\n" + "".join(f"{name}:\n" for name in names)) == Record("rso")


def test_a_poll_may_be_its_options_alone() -> None:
    assert read('campaign: rso\npoll: ["Yes", "No"]\n').poll == Poll(("Yes", "No"), 1440)


def test_line_ends_in_a_text_become_plain_and_spaces_around_it_go() -> None:
    (found,) = (
        RecordFilesOnDisk()
        .read_bytes(json.dumps({"campaign": "rso", "body": " \r\na\r\nb\rc \n"}).encode(), "a.json")
        .records
    )
    assert found.record.body == "a\nb\nc"


def test_the_same_key_twice_in_a_campaign_is_refused() -> None:
    rows = (
        "campaign: rso, key: a",
        "campaign: other, key: a",
        "campaign: rso, key: a",
        "campaign: rso",
        "campaign: rso",
    )
    text = "".join(f"- {{{row}}}\n" for row in rows)
    assert problems(text) == ["a.yaml:3: key: 'a' stands in line 1 already: keep one"]
    assert problems('[{"campaign": "rso", "key": "a"}, {"campaign": "rso", "key": "a"}]', "a.json") == [
        "a.json:1: key: 'a' stands in line 1 already: keep one"
    ]


def test_options_of_a_command_make_a_record() -> None:
    options = {
        "campaign": "rso",
        "title": "Report",
        "body": "a | b",
        "due": "next",
        "media": "a.png | A map\nb.png",
        "variables.office": "Bangkok",
        "thread": "true",
        "poll.options": "Yes | No",
        "poll.minutes": "60",
        "reply_settings": "verified",
        "made_with_ai": "true",
        "paid_partnership": "false",
        "notes": "",
    }
    assert parse_fields(options, "queue add") == Record(
        "rso",
        title="Report",
        body="a | b",
        due="next",
        media=(MediaItem("a.png", "A map"), MediaItem("b.png")),
        variables={"office": "Bangkok"},
        thread=True,
        poll=Poll(("Yes", "No"), 60),
        reply_settings=ReplySettings.VERIFIED,
        made_with_ai=True,
    )


def test_options_of_a_command_are_refused_by_name_without_a_line() -> None:
    with pytest.raises(RecordErrors) as refused:
        parse_fields({"titel": "x", "thread": "perhaps", "body": "a\udc80b"}, "queue add")
    assert [str(problem) for problem in refused.value.problems] == [
        "queue add: titel: is not a field: did you mean 'title'?",
        "queue add: campaign: is missing: write the name of a campaign",
        "queue add: body: the character U+DC80 in it is no text: take it out",
        "queue add: thread: must be true or false (without quotes), split, or split numbered",
    ]


def test_options_that_say_the_same_field_twice_are_refused() -> None:
    with pytest.raises(RecordErrors, match=r"^queue add: options: stands twice: keep one of them$"):
        parse_fields({"campaign": "rso", "poll": "a | b", "poll.options": "c | d"}, "queue add")
