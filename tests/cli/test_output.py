"""How answers look: on a terminal, on a pipe, as JSON."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.application.intake_rows import Action, Row
from bot.entrypoints.cli.import_rows import MOST_SHOWN, print_rows
from bot.entrypoints.cli.output import clean, one_line, print_json, print_json_list, print_table, progress
from tests.cli.conftest import Bot

COLUMNS = ["name", "text", "state"]
ROWS = [
    ["first", "The report is out.", "draft"],
    ["ที่สอง", "日本語のテキスト", "held"],
    ["third", "word " * 60 + "end", "draft"],
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(*, on_terminal: bool, rows: list[list[str]] = ROWS) -> str:
    out = Terminal() if on_terminal else io.StringIO()
    with redirect_stdout(out):
        print_table(COLUMNS, rows)
    return out.getvalue()


def test_on_a_pipe_each_row_is_one_line_with_everything_in_it() -> None:
    lines = printed(on_terminal=False).splitlines()
    assert len(lines) == 4
    assert lines[3].endswith("end  draft")
    assert not set("".join(lines)) & set("│─┃━╭|\x1b")


def test_on_a_pipe_the_columns_are_aligned_by_what_a_terminal_would_show() -> None:
    lines = printed(on_terminal=False, rows=ROWS[:2]).splitlines()
    starts = {
        cell_len(line[: line.index(word)])
        for line, word in zip(lines, ["state", "draft", "held"], strict=True)
    }
    assert len(starts) == 1


def test_a_cell_with_several_lines_stays_one_row_on_a_pipe() -> None:
    lines = printed(on_terminal=False, rows=[["a", "one\n\ntwo", "draft"]]).splitlines()
    assert lines[1] == "a     one two  draft"


def test_an_empty_table_is_its_head() -> None:
    assert printed(on_terminal=False, rows=[]) == "name  text  state\n"


def test_on_a_terminal_a_table_keeps_to_its_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    lines = re.sub(r"\x1b\[[0-9;]*m", "", printed(on_terminal=True)).splitlines()
    assert max(map(cell_len, lines)) <= 60
    assert "".join("".join(lines).split()).count("word") == 60


def test_on_a_terminal_a_text_is_shortened_before_a_name_or_a_number_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    row = [
        "2026-11-25 07:11:05",
        "outcome-report-2023-themes",
        "2125487419158429696",
        "word " * 60,
        "x@vm (cli)",
    ]
    out = Terminal()
    with redirect_stdout(out):
        print_table(["when", "announcement", "post id", "text", "approved by"], [row], shortens="text")
    assert [line for line in out.getvalue().splitlines() if all(cell in line for cell in row[:3] + row[4:])]


def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert not [code for code in range(30, 50) if f"\x1b[{code}m" in printed(on_terminal=True)]


@pytest.mark.parametrize("on_terminal", [True, False])
def test_words_from_outside_do_not_steer_the_terminal(on_terminal: bool) -> None:
    out = printed(on_terminal=on_terminal, rows=[["a", "\x1b[2J\u202egnp.exe [red]b[/red] :smile:", "draft"]])
    assert "\x1b[2J" not in out
    assert "\u202e" not in out
    assert "[red]b[/red] :smile:" in out


def test_cleaning_leaves_words_of_every_script_and_joined_emoji_as_they_are() -> None:
    text = "ประกาศ العربية 👨‍👩‍👧‍👦 🏽\tline\nline"
    assert clean(text) == text
    assert one_line(text) == text.replace("\t", " ").replace("\n", " ")


def test_json_is_one_document_that_any_reader_takes() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(out):
        print_json({"text": "ประกาศ \ud83d", "at": datetime(2026, 3, 30, tzinfo=UTC), "cost": None})
    raw = out.buffer.getvalue()
    assert "ประกาศ" in raw.decode()
    assert json.loads(raw)["text"] == "ประกาศ \ud83d"


@pytest.mark.parametrize("on_terminal", [True, False])
def test_progress_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, on_terminal: bool) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = Terminal() if on_terminal else io.StringIO()
    with redirect_stderr(err), progress("checking", 3) as step:
        for _ in range(3):
            step()
    assert ("checking" in err.getvalue()) is on_terminal


def test_a_card_shows_the_text_and_does_not_let_it_steer_the_terminal(bot: Bot, queue: Path) -> None:
    (queue / "odd.json").write_text(
        json.dumps(
            [{"campaign": "rsotenyears", "title": "Odd\u202e", "body": "One \u202etwo [red]three[/red]"}]
        )
    )
    ended = bot("preview", "odd.json")
    assert "\u202e" not in ended.out
    assert "One \N{REPLACEMENT CHARACTER}two [red]three[/red]" in ended.out


@pytest.mark.parametrize("items", [[], [{"a": "ก\n"}], [{"a": {"b": [1, {}]}}, {"a": None}, {}]])
def test_a_list_that_is_printed_entry_by_entry_is_the_same_document(
    items: list[dict[str, object]], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    rest = {"approved": {"report": None}, "n": 1}
    print_json({"rows": items, **rest})
    whole = capsysbinary.readouterr().out
    print_json_list("rows", iter(items), rest)
    assert capsysbinary.readouterr().out == whole


def rows_of(action: Action, count: int, *, told: tuple[str, ...] = ()) -> list[Row]:
    return [Row(f"a.csv:{number}", f"{action}{number}", action, number, told=told) for number in range(count)]


def test_of_very_many_rows_those_are_shown_that_have_something_to_say_and_the_sums(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [
        rows_of(Action.ADDED, 1_500),
        rows_of(Action.ADDED, 1, told=("too long",)),
        rows_of(Action.CHANGED, 2),
    ]
    print_rows(files, dry_run=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:4]] == ["announcement", "added0", "changed0", "changed1"]
    assert lines[4:] == ["note: a.csv:0: too long", "1,501 added, 2 changed"]


def test_of_very_many_rows_that_say_something_the_first_are_shown_and_how_many_more_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_rows([rows_of(Action.REFUSED, MOST_SHOWN + 7)], dry_run=True)
    lines = capsys.readouterr().out.splitlines()
    assert lines[MOST_SHOWN].split()[1] == f"refused{MOST_SHOWN - 1}"
    assert lines[MOST_SHOWN + 1 :] == [
        "1,007 would be refused",
        "7 more rows have something to say: --json has them all",
    ]
