"""`bot check`: records and texts, without a queue."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Bot, Ended

KEYS = ["weighted_length", "valid", "permillage", "valid_range", "problems"]

GOOD = """
- key: first
  campaign: rsotenyears
  body: The report of the forum is out.
  due: 2099-03-30 10:00
- key: second
  campaign: rsotenyears
  body: Its six themes.
  due: 2099-03-31 10:00
  reply_to: first
"""


def answers(ended: Ended) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ended.lines]


def test_each_text_of_a_stream_is_answered_in_one_line_in_its_order(bot: Bot, project: Path) -> None:
    texts = ["The report is out.", "ประกาศ 🎉 https://example.com/a", "日本語", "x" * 280]
    ended = bot("check", "--json", "-", stdin="".join(json.dumps({"text": text}) + "\n" for text in texts))
    assert ended.code == 0
    assert [list(answer) for answer in answers(ended)] == [KEYS] * 4
    assert [answer["weighted_length"] for answer in answers(ended)] == [18, 33, 6, 280]
    assert answers(ended)[1]["valid_range"] == [0, 30]
    assert answers(ended)[3] == {
        "weighted_length": 280,
        "valid": True,
        "permillage": 1000,
        "valid_range": [0, 279],
        "problems": [],
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 281, "too long by 1 (weighted 281 of 280)"),
        ("", "X does not take this text: it is empty or holds a forbidden character"),
        ("a\uffffb", "X does not take this text: it is empty or holds a forbidden character"),
    ],
)
def test_a_text_that_x_refuses_is_told_with_the_reason(
    bot: Bot, project: Path, text: str, problem: str
) -> None:
    ended = bot("check", "--json", "-", stdin=json.dumps({"text": text}))
    (answer,) = answers(ended)
    assert (ended.code, answer["valid"], answer["problems"]) == (1, False, [problem])


@pytest.mark.parametrize(
    "line",
    [
        "not JSON",
        "[1, 2]",
        '{"txt": "x"}',
        '{"text": 7}',
        "[" * 100_000,
        '{"text": "\xff"}'.encode("latin-1"),
    ],
    ids=["no JSON", "a list", "no text", "a number", "nested", "not UTF-8"],
)
def test_a_line_that_cannot_be_read_has_its_answer_too_and_those_after_it(
    bot: Bot, project: Path, line: str | bytes
) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    ended = bot("check", "--json", "-", stdin=b'{"text": "a"}\r\n\n' + raw + b'\n{"text": "b"}')
    assert ended.code == 1
    assert [answer["valid"] for answer in answers(ended)] == [True, False, True]
    assert answers(ended)[1]["problems"][0].startswith("line 3: ")
    assert [list(answer) for answer in answers(ended)] == [KEYS] * 3


def test_half_a_surrogate_pair_and_a_byte_order_mark_do_no_harm(bot: Bot, project: Path) -> None:
    ended = bot("check", "--json", "-", stdin=b'\xef\xbb\xbf{"text": "\\ud83d"}\n')
    assert ended.code == 0
    assert answers(ended)[0]["weighted_length"] == 2


def test_a_text_by_itself_may_come_from_standard_input_or_a_file(bot: Bot, project: Path) -> None:
    ended = bot("check", "-", stdin="The report is out.\n")
    assert (ended.code, ended.out) == (0, "<stdin>: weighs 18 of 280\n")
    Path("long.txt").write_text("x" * 300)
    ended = bot("check", "long.txt")
    assert (ended.code, ended.lines) == (
        1,
        ["long.txt: weighs 300 of 280", "problem: long.txt: too long by 20 (weighted 300 of 280)"],
    )
    ended = bot("check", "long.txt", "--json")
    assert ended.json["texts"][0]["where"] == "long.txt"


def test_records_without_a_fault_end_well_and_need_no_database(bot: Bot, project: Path) -> None:
    Path("good.yaml").write_text(GOOD)
    ended = bot("check", "good.yaml")
    assert (ended.code, ended.lines[-1]) == (0, "2 records checked, none with problems"), ended.out
    assert not (project / "bot.db").exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_records_may_come_from_standard_input(bot: Bot, project: Path, encoding: str) -> None:
    ended = bot("check", "-", stdin=GOOD.encode(encoding))
    assert (ended.code, ended.lines[-1]) == (0, "2 records checked, none with problems"), ended.out


def test_every_problem_of_every_record_is_told_with_its_place(bot: Bot, project: Path) -> None:
    Path("bad.yaml").write_text(
        GOOD
        + """
- campaign: rsotenyear
  body: An unknown campaign.
- key: past
  campaign: rsotenyears
  body: Long ago.
  due: 2023-03-30 10:00
- key: orphan
  campaign: rsotenyears
  body: A reply to nothing.
  due: 2099-04-01 10:00
  reply_to: nobody
- key: gap
  campaign: rsotenyears
  body: At a time that no clock shows.
  due: 2026-03-29 02:30
  timezone: Europe/Berlin
"""
    )
    ended = bot("check", "bad.yaml")
    problems = [line for line in ended.lines if line.startswith("problem: ")]
    assert ended.code == 1
    assert [line.split(": ")[1] for line in problems] == [
        "bad.yaml:12",
        "bad.yaml:23",
        "bad.yaml:14",
        "bad.yaml:18",
    ]
    assert "rsotenyear" in problems[0]
    assert "2026-03-29 02:30 does not exist in Europe/Berlin" in problems[1]
    assert "is past" in problems[2]
    assert "nobody" in problems[3]
    assert ended.lines[-1] == "6 records checked, 4 with problems"


def test_a_file_that_cannot_be_read_as_records_tells_each_line(bot: Bot, project: Path) -> None:
    Path("bad.csv").write_text("campaign,boddy\nrsotenyears,x\n")
    ended = bot("check", "bad.csv", "--json")
    assert ended.code == 1
    assert ended.json["announcements"] == []
    (problem,) = ended.json["problems"]
    assert problem["where"] == "bad.csv:1"
    assert "body" in problem["message"]


def test_what_would_go_out_stands_in_the_json(bot: Bot, project: Path) -> None:
    Path("good.yaml").write_text(GOOD)
    ended = bot("check", "good.yaml", "--json")
    first, second = ended.json["announcements"]
    assert (first["where"], first["name"], first["due_at"]) == (
        "good.yaml:2",
        "first",
        "2099-03-30T03:00:00Z",
    )
    assert "#RSOtenyears" in first["posts"][0]["text"]
    assert second["reply_to"] == "first"


def test_without_a_file_every_record_of_the_schedules_is_checked(bot: Bot, project: Path) -> None:
    ended = bot("check", "--json")
    names = [each["name"] for each in ended.json["announcements"]]
    assert "outcome-report-2023" in names
    assert ended.code == 1, "their dates are past"


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "told"),
    [
        (["--json", "-", "a.yaml"], "", 2, "with --json give - alone"),
        (["missing.yaml"], "", 1, "missing.yaml: cannot be read (No such file or directory)"),
        (["missing.txt"], "", 1, "missing.txt: cannot be read (No such file or directory)"),
        (["-"], b"caf\xe9", 1, "<stdin>: is not text in UTF-8"),
        (["-", "--encoding", "klingon"], "x", 1, "<stdin>: is not text in klingon"),
    ],
)
def test_what_cannot_be_checked_is_one_line(
    bot: Bot, project: Path, arguments: list[str], stdin: str | bytes, code: int, told: str
) -> None:
    ended = bot("check", *arguments, stdin=stdin)
    assert ended.code == code
    assert ended.err.startswith(f"error: {told}"), ended.err
    assert ended.err.count("\n") == 1


def test_an_encoding_may_be_named(bot: Bot, project: Path) -> None:
    ended = bot("check", "-", "--encoding", "cp874", stdin="ประกาศ".encode("cp874"))
    assert (ended.code, ended.out) == (0, "<stdin>: weighs 6 of 280\n")


def test_a_folder_is_checked_as_a_sync_would_take_it_and_nothing_is_queued(project: Path, bot: Bot) -> None:
    posts = project / "posts" / "2027"
    posts.mkdir(parents=True)
    (posts / "a.tweet").write_text("---\nreply: b\nschedule: 2035-05-02 10:00\n---\nMore on it.\n")
    (posts / "b.yaml").write_text("{key: b, body: The report is out., due: 2035-05-02 09:45}")
    (posts / "README.md").write_text("How we write.")
    good = bot("check", "posts", "--campaign", "rsotenyears", "--json")
    assert (good.code, good.json["problems"]) == (0, []), good.out
    assert [each["name"] for each in good.json["announcements"]] == ["2027/a.tweet", "b"]
    (posts / "c.tweet").write_text("---\nreplay: b\n---\nMore.\n")
    bad = bot("check", "posts", "--campaign", "rsotenyears")
    assert bad.code == 1
    assert (
        "problem: posts/2027/c.tweet:2: replay: is not a field of a .tweet file: did you mean 'reply'?"
        in bad.out
    )


def test_an_empty_folder_is_told_to_whoever_wants_it_checked(project: Path, bot: Bot) -> None:
    (project / "posts").mkdir()
    ended = bot("check", "posts")
    assert (ended.code, ended.out) == (1, "")
    assert "posts: holds no files with records" in ended.err


def test_a_tweet_is_previewed_for_the_campaign_that_is_named(queue: Path, bot: Bot) -> None:
    (queue / "a.tweet").write_text("---\nschedule: 2035-05-02 10:00\n---\nThe report is out.\n")
    (card,) = bot("preview", "a.tweet", "--campaign", "rsotenyears", "--json").json["announcements"]
    assert card["posts"][0]["text"] == "The report is out.\n\n#RSOtenyears"
