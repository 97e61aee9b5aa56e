"""The harness sees what is wrong on a page, and lets pass what is right."""

from __future__ import annotations

import errno
import socket
import sys
import time
from pathlib import Path

import pytest

from tests.docs.console import Mismatch, follow


def page(*lines: str) -> str:
    return "# A page\n\n```console\n" + "\n".join(lines) + "\n```\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("$ echo one; echo two", "one", "two"),
        ("$ echo one; echo two; echo three", "one", "...", "three"),
        ("$ echo posted 1871234", "posted ..."),
        ("$ echo anything",),
        ("$ sh -c 'echo no; exit 3'", "no", "[exit 3]"),
        ("$ echo to the error stream >&2", "to the error stream"),
        ("$ cd / && export WORD=kept", "$ echo $PWD $WORD", "/ kept"),
        ("$ echo one \\", ">   two", "one two"),
        ("$ cat", "$ echo a command has no input", "a command has no input"),
        (
            "$ git clone https://example.org/bot.git && cd bot",
            "$ make test",
            "...",
            "$ echo still here",
            "still here",
        ),
    ],
)
def test_what_happens_as_shown_passes(lines: tuple[str, ...], tmp_path: Path) -> None:
    assert follow(page(*lines), tmp_path) >= 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("$ echo one", "two"), r"line 4: \$ echo one\n(.|\n)*- two"),
        (("$ echo one", "one", "$ echo two", "three"), r"line 6: \$ echo two"),
        (("$ echo one; echo two", "one"), r"\+ two"),
        (("$ sh -c 'echo no; exit 3'", "no"), "ended with 3, not 0; it printed:\nno"),
        (("$ true", "[exit 1]"), "ended with 0, not 1"),
        (("$ no-such-command",), "ended with 127"),
        (("echo without a prompt",), "begins with a command"),
        (("$ if true",), "the shell ended"),
    ],
)
def test_what_happens_otherwise_is_told_with_its_line(
    lines: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Mismatch, match=said):
        follow(page(*lines), tmp_path)


def test_a_block_with_a_title_is_a_file_for_the_commands_below(tmp_path: Path) -> None:
    text = '```toml title="schedules/news.toml"\nname = "news"\n```\n\n' + page(
        "$ cat schedules/*", 'name = "news"'
    )
    assert follow(text, tmp_path) == 1


def test_what_an_earlier_page_did_can_be_done_out_of_sight(tmp_path: Path) -> None:
    assert follow("<!-- console\n$ touch bot.db\n-->\n\n" + page("$ ls", "bot.db"), tmp_path) == 2


def test_a_server_is_waited_for_and_ends_with_its_page(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    server = f"{sys.executable} -u -m http.server --bind 127.0.0.1 0"
    assert follow(page(f"$ {server} &", "Serving HTTP on ..."), folder) == 1
    said = (tmp_path / "project.output" / "1").read_text(encoding="utf-8")
    port = int(said.partition(" port ")[2].split()[0])
    deadline = time.monotonic() + 10  # the kernel closes what a dead process held a moment after its end
    while knock(port) != errno.ECONNREFUSED:
        assert time.monotonic() < deadline, "the server outlived its page"


def knock(port: int) -> int:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port))


def test_a_reader_has_none_of_the_settings_of_the_machine_that_tests(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_APPROVAL", "none")
    assert follow(page("$ env | grep BOT_", "[exit 1]"), tmp_path) == 1
