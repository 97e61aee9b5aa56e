"""The judge counts from a file that is written before it answers, and survives its own death."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest

from bot.sandbox.accounts import DEFAULT
from bot.sandbox.server import Sandbox, ask
from tests.sandbox.client import Caller, caller

ROOT = Path(__file__).parents[2]


@contextmanager
def process(state: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], Caller]]:
    """A sandbox in a process of its own."""
    command = [sys.executable, "-m", "bot", "sandbox", "--port", "0", "--state", str(state), *options]
    sandbox = subprocess.Popen(command, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
    assert sandbox.stdout is not None
    found = re.search(r"http://\S+", sandbox.stdout.readline())
    assert found
    try:
        yield sandbox, Caller(found[0], DEFAULT)
    finally:
        sandbox.kill()
        sandbox.wait()
        sandbox.stdout.close()


def test_what_was_answered_is_counted_after_the_sandbox_was_killed(tmp_path: Path) -> None:
    state = tmp_path / "ledger.jsonl"
    with process(state, "--allow-duplicates") as (sandbox, x):
        first = x.posted("Once.")
        for _ in range(2):
            x.posted("Twice.", reply_to=first)
        gone = x.posted("Deleted.")
        x.call("DELETE", f"/2/tweets/{gone}")
        edited = ask(x.url, "hand", {"do": "edit", "id": first, "text": "Once, corrected."})["id"]
        before = (ask(x.url, "stats"), ask(x.url, "posts"), x.texts())
        os.kill(sandbox.pid, signal.SIGKILL)
        sandbox.wait()
    state.write_bytes(state.read_bytes() + b'{"kind": "post", "id": "torn')
    with process(state) as (_, x):
        stats = ask(x.url, "stats")
        assert (stats["accepted"], stats["distinct"], stats["doubled"], stats["deleted"]) == (4, 3, 1, 1)
        assert {name: stats[name] for name in ("accepted", "doubled", "by_account")} == {
            name: before[0][name] for name in ("accepted", "doubled", "by_account")
        }
        assert (ask(x.url, "posts"), x.texts()) == before[1:]
        assert x.create("Once.").status == 403
        assert int(x.posted("After the restart.")) > int(edited)


def test_a_sandbox_that_is_asked_to_end_ends(tmp_path: Path) -> None:
    with (
        process(tmp_path / "ledger.jsonl", "--fault", "no_answer_after:1") as (sandbox, x),
        x.socket() as silent,
    ):
        silent.sendall(b"POST /2/tweets HTTP/1.1\r\n")
        sandbox.terminate()
        assert sandbox.wait(timeout=30) == 0


@pytest.mark.parametrize("fault", ["break_after", "truncated", "exec_delay:1:0"])
def test_a_post_is_in_the_file_though_its_answer_never_came(tmp_path: Path, fault: str) -> None:
    state = tmp_path / "ledger.jsonl"
    with Sandbox(state=state, faults=[fault if ":" in fault else f"{fault}:1"]) as sandbox:
        sent = caller(sandbox)
        if fault.startswith("exec_delay"):
            with sent.socket() as line:
                body = json.dumps({"text": "Taken, not answered."}).encode()
                head = "".join(
                    f"{name}: {value}\r\n" for name, value in sent.headers("POST", "/2/tweets").items()
                )
                start = (
                    f"POST /2/tweets HTTP/1.1\r\nHost: {sandbox.url[7:]}\r\nContent-Length: {len(body)}\r\n"
                )
                line.sendall(start.encode() + head.encode() + b"\r\n" + body)
                while not sandbox.stats()["accepted"]:
                    sandbox.state.stopping.wait(0.02)
        else:
            with pytest.raises((HTTPException, OSError)):
                sent.create("Taken, not answered.")
        assert "Taken, not answered." in state.read_text()
        assert sandbox.stats()["accepted"] == 1


def test_doubles_are_counted_by_account_parent_and_text(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path / "x.jsonl", duplicates=False, fsync=False) as sandbox:
        x = caller(sandbox)
        parent = x.posted("Same.")
        x.posted("Same.", reply_to=parent)
        assert sandbox.stats()["doubled"] == 0
        x.posted("Same.")
        x.posted("Same.", reply_to=parent)
        x.posted("Same.", reply_to=parent)
        stats = sandbox.stats()
        assert (stats["accepted"], stats["distinct"], stats["doubled"]) == (5, 2, 3)
        assert stats["by_account"] == {DEFAULT.user_id: 5}


def test_a_deleted_double_is_still_a_double(tmp_path: Path) -> None:
    with Sandbox(state=tmp_path / "x.jsonl", duplicates=False, fsync=False) as sandbox:
        x = caller(sandbox)
        first = x.posted("Same.")
        x.call("DELETE", f"/2/tweets/{first}")
        x.posted("Same.")
        assert sandbox.stats()["doubled"] == 1


def test_what_people_do_by_hand_is_not_counted_as_ours(x: Caller, sandbox: Sandbox) -> None:
    ours = x.posted("Ours.")
    by_hand = ask(x.url, "hand", {"do": "post", "text": "By hand.", "reply_to": ours})["id"]
    ask(x.url, "hand", {"do": "edit", "id": ours, "text": "Ours, corrected."})
    assert ask(x.url, "hand", {"do": "delete", "id": by_hand}) == {"deleted": True}
    assert ask(x.url, "hand", {"do": "delete", "id": by_hand}) == {"deleted": False}
    assert sandbox.stats()["accepted"] == 1
    assert [post["by_hand"] for post in ask(x.url, "posts")["posts"]] == [False, True, True]


def test_creates_that_were_refused_are_counted_as_received_and_kept_as_they_came(
    x: Caller, sandbox: Sandbox
) -> None:
    x.call("POST", "/2/tweets", {"text": ""})
    x.posted("Taken.")
    stats = sandbox.stats()
    assert (stats["creates_received"], stats["accepted"]) == (2, 1)
    assert list(sandbox.state.counters.bodies) == [b'{"text": ""}', b'{"text": "Taken."}']


def test_a_clock_of_x_that_is_off_shows_in_its_headers_posts_and_ids(x: Caller, sandbox: Sandbox) -> None:
    before = x.posted("By the right clock.")
    ask(x.url, "clock", {"offset": -200})
    after = x.posted("By a clock that is 200 s behind.")
    assert int(after) > int(before)  # ids grow all the same
    first, second = reversed(x.timeline().json["data"])
    assert second["created_at"] < first["created_at"]
    ask(x.url, "clock", {"offset": 200})
    assert int(x.posted("Ahead.")) - int(after) > 190_000 << 22


def test_what_is_asked_of_it_wrongly_is_refused_in_words(x: Caller) -> None:
    for path, wish in [
        ("/_sandbox/hand", {"do": "dance"}),
        ("/_sandbox/hand", {"do": "edit", "id": "1", "text": "x"}),
        ("/_sandbox/faults", {"faults": ["no_such_fault"]}),
        ("/_sandbox/clock", {"offset": "late"}),
    ]:
        answer = x.call("POST", path, wish, headers={})
        assert answer.status == 400
    assert x.call("GET", "/_sandbox/nothing", headers={}).status == 404


def test_the_keys_do_not_show_in_an_accounts_repr() -> None:
    keys = (DEFAULT.api_key, DEFAULT.api_secret, DEFAULT.access_token, DEFAULT.access_token_secret)
    assert DEFAULT.handle in repr(DEFAULT)
    assert not [key for key in keys if key in repr(DEFAULT)]
