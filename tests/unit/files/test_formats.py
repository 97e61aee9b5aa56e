"""The five formats: what is read, and in which line each problem is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.application.ports.record_files import FoundRecord
from bot.domain.announcement import MediaItem, Poll, Record, ReplySettings, Split
from bot.domain.errors import InputError, RecordErrors
from tests.unit.files.rights import unreadable

SCHEDULES = Path(__file__).parents[3] / "schedules"

FULL = Record(
    campaign="rso",
    title="Six themes",
    body="One.\n---\nTwo.",
    link="https://example.org/",
    due="2023-03-30 10:15",
    timezone="Asia/Bangkok",
    language="en",
    media=(MediaItem("a.png", "A map | of the region"), MediaItem("b.png")),
    template="other.txt.j2",
    variables={"office": "Bangkok", "delegates": "88"},
    thread=True,
    reply_to="first",
    quote="1641234567890123456",
    poll=Poll(("Yes", "No"), 60),
    reply_settings=ReplySettings.MENTIONED,
    made_with_ai=True,
    paid_partnership=True,
    embargo="2023-03-30T09:00:00+07:00",
    notes="for us",
    key="themes",
)

YAML = """\
# a comment
- campaign: rso
  title: Six themes
  body: |
    One.
    ---
    Two.
  link: https://example.org/
  due: 2023-03-30 10:15
  timezone: Asia/Bangkok
  language: en
  media:
    - path: a.png
      alt: A map | of the region
    - b.png
  template: other.txt.j2
  variables: {office: Bangkok, delegates: 88}
  thread: true
  reply_to: first
  quote: "1641234567890123456"
  poll:
    options: [Yes please, "No"]
    minutes: 60
  reply_settings: mentioned
  made_with_ai: true
  paid_partnership: true
  embargo: 2023-03-30T09:00:00+07:00
  notes: for us
  key: themes
""".replace("Yes please", '"Yes"')

MARKDOWN = """\
---
campaign: rso
title: Six themes
link: https://example.org/
due: 2023-03-30 10:15
timezone: Asia/Bangkok
language: en
media: [{path: a.png, alt: A map | of the region}, {path: b.png}]
template: other.txt.j2
variables: {office: Bangkok, delegates: "88"}
thread: true
reply_to: first
quote: '1641234567890123456'
poll: {options: ['Yes', 'No'], minutes: 60}
reply_settings: mentioned
made_with_ai: true
paid_partnership: true
embargo: 2023-03-30T09:00:00+07:00
notes: for us
key: themes
---

One.
---
Two.

"""

CSV = (
    "Campaign, Title ,body,link,due,timezone,language,media,template,variables.office,variables.delegates,"
    "thread,reply_to,quote,poll,poll.minutes,reply_settings,made_with_ai,paid_partnership,embargo,notes,key\r\n"
    'rso,Six themes,"One.\r\n---\r\nTwo.",https://example.org/,2023-03-30 10:15,Asia/Bangkok,en,'
    '"a.png | A map | of the region\r\nb.png",other.txt.j2,Bangkok,88,TRUE,first,1641234567890123456,Yes|No,60,'
    "Mentioned,TRUE,true,"
    "2023-03-30T09:00:00+07:00,for us,themes\r\n"
)

OBJECT = {
    "campaign": "rso",
    "title": "Six themes",
    "body": "One.\n---\nTwo.",
    "link": "https://example.org/",
    "due": "2023-03-30 10:15",
    "timezone": "Asia/Bangkok",
    "language": "en",
    "media": [{"path": "a.png", "alt": "A map | of the region"}, "b.png"],
    "template": "other.txt.j2",
    "variables": {"office": "Bangkok", "delegates": 88},
    "thread": True,
    "reply_to": "first",
    "quote": "1641234567890123456",
    "poll": {"options": ["Yes", "No"], "minutes": 60},
    "reply_settings": "mentioned",
    "made_with_ai": True,
    "paid_partnership": True,
    "embargo": "2023-03-30T09:00:00+07:00",
    "notes": "for us",
    "key": "themes",
}


def read(text: str, name: str) -> list[FoundRecord]:
    return list(RecordFilesOnDisk().read_bytes(text.encode(), name).records)


def problems(text: str, name: str) -> list[str]:
    with pytest.raises(RecordErrors) as refused:
        read(text, name)
    told = [str(problem) for problem in refused.value.problems]
    assert str(refused.value) == "\n".join(told)
    assert all("\n" not in each for each in told)
    return told


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yaml", YAML, 2),
        ("a.yml", YAML.replace("\n", "\r\n"), 2),
        ("a.json", json.dumps([OBJECT], indent=2), 2),
        ("a.json", json.dumps(OBJECT), 1),
        ("a.ndjson", "\n" + json.dumps(OBJECT) + "\n", 2),
        ("a.jsonl", json.dumps(OBJECT, ensure_ascii=False), 1),
        ("a.csv", CSV, 2),
        ("a.csv", "sep=,\n" + CSV, 3),
        ("a.md", MARKDOWN, 2),
        ("a.markdown", MARKDOWN.replace("\n", "\r\n"), 2),
    ],
)
def test_every_format_has_the_same_fields(name: str, text: str, line: int) -> None:
    assert read(text, name) == [FoundRecord(FULL, f"{name}:{line}")]


@pytest.mark.parametrize("text", [YAML, json.dumps([OBJECT]), f"{json.dumps(OBJECT)}\n", CSV, MARKDOWN])
def test_what_comes_without_a_name_is_known_by_its_beginning(text: str) -> None:
    assert [found.record for found in read(text, "standard input")] == [FULL]


def test_lines_of_json_without_a_name_are_ndjson() -> None:
    line = json.dumps({"campaign": "rso", "body": "x"})
    assert [found.where for found in read(f"{line}\n{line}\n", "stdin")] == ["stdin:1", "stdin:2"]


def test_documents_of_yaml_without_a_name_are_not_markdown() -> None:
    text = "---\ncampaign: rso\nbody: a\n---\ncampaign: rso\nbody: b\n"
    assert [found.record.body for found in read(text, "stdin")] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("campaign: rso\nthread: split\n---\ncampaign: rso\nthread: split numbered\n", "a.yaml"),
        (
            '[{"campaign": "rso", "thread": "split"}, {"campaign": "rso", "thread": "Split numbered"}]',
            "a.json",
        ),
        ("campaign,thread\nrso,Split\nrso,split  numbered\n", "a.csv"),
        ('campaign: "rso"\nthread: "split"\n---\ncampaign: rso\nthread: SPLIT NUMBERED\n', "a.yaml"),
    ],
)
def test_a_thread_may_be_split_by_itself_with_numbers_or_without(text: str, name: str) -> None:
    assert [found.record.thread for found in read(text, name)] == [Split.PLAIN, Split.NUMBERED]


def test_the_announcements_of_the_office_are_three_records() -> None:
    content = RecordFilesOnDisk().read(SCHEDULES / "announcements.yaml")
    found = [each.record for each in content.records]
    assert [record.key for record in found] == [
        "outcome-report-2023",
        "outcome-report-2023-themes",
        "outcome-report-2023-th",
    ]
    assert [record.due for record in found] == ["2023-03-30 10:00", "2023-03-30 10:15", "next"]
    assert [record.thread for record in found] == [False, True, False]
    assert found[1].body.count("\n---\n") == 5
    assert found[1].reply_to == found[0].key


# YAML


def test_yaml_takes_a_mapping_several_documents_and_lists_in_them() -> None:
    text = "campaign: a\n---\n- campaign: b\n- campaign: c\n---\n# nothing\n...\n---\ncampaign: d\n"
    assert [(found.record.campaign, found.where) for found in read(text, "a.yaml")] == [
        ("a", "a.yaml:1"),
        ("b", "a.yaml:3"),
        ("c", "a.yaml:4"),
        ("d", "a.yaml:9"),
    ]


def test_a_time_in_yaml_stays_as_it_was_written() -> None:
    for written in ("2023-03-30T10:00:30Z", "2023-03-30 10:00:30 +07:00", "2023-03-30"):
        (found,) = read(f"campaign: rso\ndue: {written}\n", "a.yaml")
        assert found.record.due == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "campaign: rso\nbody: a\nbody: b\n",
            "a.yaml:3: body: stands twice, first in line 2: keep one of them",
        ),
        ("campaign: &a rso\nbody: *a\n", "a.yaml:2: *a stands for a value elsewhere: write the value out"),
        (
            "campaign: rso\nbody: !!python/object:os.system x\n",
            "a.yaml:2: the tag tag:yaml.org,2002:python/object:os.s",
        ),
        ("campaign: rso\nbody: !include /etc/passwd\n", "a.yaml:2: the tag !include is not taken"),
        ("campaign: rso\n? [a, b]\n: c\n", "a.yaml:2: is no field's name: write it as name: value"),
        ("campaign: rso\nbody: [[[[[[[[[[[[[x\n", "a.yaml:2: is nested too deeply for a record"),
        ("campaign: rso\n  body: x\n", "a.yaml:2: is not YAML: "),
        ("campaign: rso\nbody: 'x\n", "a.yaml:"),
        (
            "- campaign: rso\n- just text\n",
            "a.yaml:2: is no record: write fields such as campaign: and body:",
        ),
        ("just text\n", "a.yaml:1: is no record: write fields such as campaign: and body:"),
        ("campaign: rso\n<<: {body: x}\n", "a.yaml:2: <<: is not a field: known are campaign, title,"),
        (
            'campaign: rso\nbody: "a\\0b"\n',
            "a.yaml:2: body: the character U+0000 in it is no text: take it out",
        ),
    ],
)
def test_what_yaml_may_not_hold_is_refused_with_its_line(text: str, told: str) -> None:
    assert problems(text, "a.yaml")[0].startswith(told)


@pytest.mark.parametrize(
    ("text", "name", "where"),
    [
        ("campaign: rso\nbody: Dans l’île. #HumanRights\n", "a.yaml", "a.yaml:2: body"),
        ("campaign: rso\nbody: #HumanRights #EndHumanTrafficking\n", "a.yaml", "a.yaml:2: body"),
        ("campaign: rso\nbody: Out\n  now. #HumanRights\nkey: a\n", "a.yaml", "a.yaml:3: body"),
        ("campaign: rso\nthread:\n- One. #HumanRights\n- Two.\n", "a.yaml", "a.yaml:3: thread"),
        ("---\ncampaign: rso\ntitle: Out. #HumanRights\n---\nText.\n", "a.md", "a.md:3: title"),
        ("---\ntitle: Out. #HumanRights\n---\nText.\n", "a.tweet", "a.tweet:2: title"),
    ],
)
def test_a_hashtag_that_yaml_would_leave_out_is_refused_with_its_line(
    text: str, name: str, where: str
) -> None:
    assert f"{where}: put it in quotes: what follows # is left out" in problems(text, name)


def test_a_hashtag_in_quotes_or_in_a_block_and_a_comment_with_a_space_are_taken() -> None:
    text = (
        "# one\ncampaign: rso # two\nbody: 'Out. #A' #three\n#four\n---\ncampaign: rso\nbody: |\n  Out. #A\n"
    )
    assert [found.record.body for found in read(text, "a.yaml")] == ["Out. #A", "Out. #A"]


def test_a_bomb_of_aliases_is_refused_before_it_is_opened() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
    )
    assert problems(bomb, "a.yaml") == ["a.yaml:2: *a0 stands for a value elsewhere: write the value out"]


# JSON and NDJSON


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"campaign": "rso",\n "body": "a",\n "body": "b"}',
            "a.json:3: body: stands twice, first in line 2",
        ),
        ('{"campaign": "rso",\n}', "a.json:2: is not JSON: take away the comma before }"),
        ('[{"campaign": "rso"},\n]', "a.json:2: is not JSON: take away the comma before ]"),
        ('[{"campaign": "rso"}\n', "a.json:2: is not JSON: , is missing"),
        ('{"campaign": "rso"}\n{}', "a.json:2: is not JSON: something follows the end of the document"),
        ('{"campaign"\n "rso"}', "a.json:2: is not JSON: : is missing"),
        ('{"campaign": "rso", body: 1}', 'a.json:1: is not JSON: a name in "quotes" or } must stand here'),
        ('{"campaign": "rso",\n "body": NaN}', "a.json:2: is not JSON: NaN is not a value"),
        ('{"campaign": "rso",\n "body": "a\nb"}', "a.json:2: is not JSON: Invalid control character at"),
        ('{"campaign": "rso",\n\n "body": ' + "[" * 100_000, "a.json:3: is nested too deeply for a record"),
        ('{"campaign": "rso", "body": "\\ud800"}', "a.json:1: body: the character U+D800 in it is no text"),
        ('["text"]', "a.json:1: is no record: write fields such as campaign: and body:"),
        ("null", ""),
    ],
)
def test_what_is_not_json_is_refused_with_its_line(text: str, told: str) -> None:
    if told:
        assert problems(text, "a.json")[0].startswith(told)
    else:
        with pytest.raises(InputError, match=r"a\.json: holds no records: write at least one"):
            read(text, "a.json")


def test_each_line_of_ndjson_is_judged_for_itself() -> None:
    text = '{"campaign": "rso"}\nnot json\n\n{"campaign": 7}\n[1]\n'
    assert problems(text, "a.ndjson") == [
        "a.ndjson:2: is not JSON: Expecting value (column 1)",
        "a.ndjson:4: campaign: must be a text, and is read as a number: put it in quotes",
        "a.ndjson:5: is no record: write fields such as campaign: and body:",
    ]


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_of_a_table_is_found(delimiter: str) -> None:
    rows = [["campaign", "body", "notes"], ["rso", '"a, b; c | d"', "x"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert [found.record for found in read(text, "a.csv")] == [Record("rso", body="a, b; c | d", notes="x")]


def test_rows_keep_their_lines_after_cells_of_several_lines_and_blank_rows() -> None:
    text = 'campaign,body\r\nrso,"one\r\ntwo\r\nthree"\r\n\r\n,,\r\nrso,x\r\n,"no\r\ncampaign"\r\n'
    assert problems(text, "a.csv") == ["a.csv:8: campaign: is missing: write the name of a campaign"]
    assert [found.where for found in read(text.replace('\r\n,"no', '\r\nrso,"no'), "a.csv")] == [
        "a.csv:2",
        "a.csv:7",
        "a.csv:8",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "campaign,body\nrso,a,b\n",
            "a.csv:2: has 3 cells for 2 columns: put quotes around text with delimiters",
        ),
        (
            'campaign,body\nrso,x\nrso,"a\n\n\n',
            "a.csv:3: is not CSV: unexpected end of data in the row that begins here",
        ),
        ('campaign,body\nrso,"a"b\n', "a.csv:2: is not CSV: "),
        ("campaign,,body\nrso,x,y\n", "a.csv:1: column 2 has no name: name it in the first row"),
        ("campaign,body,Body \nrso,x,y\n", "a.csv:1: the column 'body' stands twice: keep one of them"),
        ("campaign,message\nrso,x\n", "a.csv:1: message: is not a field: did you mean 'body'?"),
        ("campaign,thread\nrso,maybe\n", "a.csv:2: thread: must be true or false (without quotes), split,"),
        (
            "campaign,poll,poll.minutes\nrso,a|b,soon\n",
            "a.csv:2: poll.minutes: must be a whole number of minutes",
        ),
        ("campaign,media\nrso,| alt only\n", "a.csv:2: media[1].path: is missing: write the file's path"),
        (
            "campaign,reply_to\nrso,1.64123E+18\n",
            "a.csv:2: reply_to: '1.64123E+18' was shortened by a spreadsheet: write the id as text or as a URL",
        ),
    ],
)
def test_what_is_wrong_in_a_table_is_refused_with_its_line(text: str, told: str) -> None:
    assert problems(text, "a.csv")[0].startswith(told)


def test_an_unknown_column_is_told_once() -> None:
    assert problems("campaign,Titel,notes,xyzzy\nrso,a,b,c\nrso,a,b,c\n", "a.csv") == [
        "a.csv:1: titel: is not a field: did you mean 'title'?",
        "a.csv:1: xyzzy: is not a field: known are campaign, title, body, link, due, timezone, language, media, template, "
        "variables, thread, reply_to, quote, poll, reply_settings, made_with_ai, paid_partnership, embargo, expires, notes, "
        "key, account, translation_of, repeat, variants",
    ]


def test_a_table_of_something_else_is_refused() -> None:
    names = ",".join(f"column{number}" for number in range(201))
    assert problems(f"{names}\nx\n", "a.csv") == [
        "a.csv:1: has 201 columns and may have 200: is it a table of records?"
    ]


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("campaign\n" + "rso\n" * 100_001, "a.csv", 100_002),
        ('{"campaign": "rso"}\n' * 100_001, "a.ndjson", 100_001),
        ("[" + "{},\n" * 100_001 + "{}]", "a.json", 100_002),
        ("- {}\n" * 100_001, "a.yaml", 1),
    ],
    ids=["csv", "ndjson", "json", "yaml"],
)
def test_more_records_than_a_file_may_hold_are_refused(text: str, name: str, line: int) -> None:
    assert problems(text, name) == [
        f"{name}:{line}: here its records become more than 100,000: split the file"
    ]


def test_cells_that_are_empty_or_missing_are_fields_that_are_not_given() -> None:
    text = "campaign,body,thread,media,poll,variables.a,\nrso,x\nrso, ,,,,, ,\n"
    assert [found.record for found in read(text, "a.csv")] == [Record("rso", body="x"), Record("rso")]


# Markdown


def test_a_body_of_markdown_goes_out_as_it_stands() -> None:
    text = "---\ncampaign: rso\n---\n\n# Heading\n\n- *one*\n\n---\nlast  \n\n"
    (found,) = read(text, "a.md")
    assert found.record.body == "# Heading\n\n- *one*\n\n---\nlast"
    assert not found.record.thread


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# Heading\n", "a.md:1: has no front matter: begin the file with ---, the fields, and --- again"),
        ("\n---\ncampaign: rso\n", "a.md:2: has front matter without an end: write --- below its fields"),
        ("---\n- campaign: a\n- campaign: b\n---\n", "a.md:1: must have the fields of one record"),
        ("---\n---\ntext\n", "a.md:1: must have the fields of one record"),
        (
            "---\ncampaign: rso\nbody: a\n---\n\nb\n",
            "a.md:6: body: stands twice, first in line 3: keep one of them",
        ),
        ("---\n\ncampaign: rso\nbodi: a\n---\n", "a.md:4: bodi: is not a field: did you mean 'body'?"),
        ("---\ncampaign: [\n---\n", "a.md:3: is not YAML: "),
    ],
)
def test_what_is_wrong_in_markdown_is_refused_with_its_line(text: str, told: str) -> None:
    assert problems(text, "a.md")[0].startswith(told)


# Files


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    reader = RecordFilesOnDisk()
    with pytest.raises(
        InputError, match=r"none\.csv: cannot be read \(No such file or directory\): mend its name"
    ):
        reader.read(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        reader.read(tmp_path)
    with pytest.raises(InputError, match="is no path"):
        reader.read(Path("a\0b.csv"))
    (tmp_path / "a.csv").write_text("campaign\nrso\n")
    with (
        unreadable(tmp_path / "a.csv"),
        pytest.raises(InputError, match=r"cannot be read \(Permission denied\)"),
    ):
        reader.read(tmp_path / "a.csv")


def test_where_a_record_stands_is_told_by_the_path_as_it_was_given(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("campaign\nrso\n")
    (found,) = RecordFilesOnDisk().read(tmp_path / "a.csv").records
    assert found.where == f"{tmp_path}/a.csv:2"


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"", "a.csv", "a.csv: holds no records: write at least one"),
        (b"campaign,body\n", "a.csv", "a.csv: holds no records"),
        (b"# nothing\n", "a.yaml", "a.yaml: holds no records"),
        (b"[]", "a.json", "a.json: holds no records"),
        (b"PK\x03\x04rest", "a.xlsx", "a.xlsx: is broken, so that it cannot be unpacked"),
        (b" " * 20_000_001, "a.csv", "a.csv: is larger than 20 MB: split it"),
    ],
    ids=["empty", "header", "comment", "list", "spreadsheet", "size"],
)
def test_a_file_without_records_is_refused(data: bytes, name: str, told: str) -> None:
    with pytest.raises(InputError) as refused:
        RecordFilesOnDisk().read_bytes(data, name)
    assert str(refused.value).startswith(told)


def test_control_characters_are_refused_with_their_place() -> None:
    assert problems("campaign,body\nrso,a\x00b\nrso,ok\nrso,\x1b[31m\n", "a.csv") == [
        "a.csv:2: the character U+0000 in column 6 is no text: take it out",
        "a.csv:4: the character U+001B in column 5 is no text: take it out",
    ]
