"""Misbehaviour on demand: what each kind does on the wire, and whether the post is taken."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from http.client import BadStatusLine, HTTPException, IncompleteRead
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.faults import ANY, CREATE, DEFAULT_SECONDS, DELETE, MEDIA, READ, Faults, parse_fault
from bot.sandbox.server import Sandbox, ask
from tests.sandbox.client import Caller, caller

TEXT = "Out or not?"
STATUS = {
    "status_before": (503, False),
    "status_after": (503, True),
    "unreadable_before": (201, False),
    "unreadable": (201, True),
    "no_id": (201, True),
    "redirect_before": (307, False),
    "redirect": (302, True),
    "dup_no_match": (403, False),
    "400": (400, False),
    "401": (401, False),
    "402": (402, False),
    "403": (403, False),
    "429": (429, False),
}
"""Those that answer: the status, and whether the post is taken."""

BROKEN: dict[str, tuple[type[Exception] | tuple[type[Exception], ...], bool]] = {
    "break_before": ((ConnectionError, BadStatusLine), False),
    "break_after": ((ConnectionError, BadStatusLine), True),
    "truncated": ((IncompleteRead, ConnectionError), True),
}
"""Those that break the line."""

SILENT = {"no_answer_before": False, "no_answer_after": True, "exec_delay": True, "trickle": True}
"""Those that do not come to an end in time."""


def wait_for(fact: Callable[[], Any]) -> Any:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if found := fact():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not come true in time")


def begun(x: Caller, text: str = TEXT) -> socket.socket:
    """Send a whole create and do not wait for its answer."""
    body = f'{{"text": "{text}"}}'.encode()
    headers = {
        "Host": x.url.split("//")[1],
        "Content-Length": str(len(body)),
        **x.headers("POST", "/2/tweets"),
    }
    head = "POST /2/tweets HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    line = x.socket()
    line.sendall(head.encode() + b"\r\n" + body)
    return line


REFUSED_DELETIONS = {"delete_503": 503, "delete_429": 429, "delete_401": 401, "delete_402": 402}


@pytest.mark.parametrize("kind", REFUSED_DELETIONS)
def test_a_deletion_that_is_refused_deletes_nothing(x: Caller, sandbox: Sandbox, kind: str) -> None:
    path = f"/2/tweets/{x.create(TEXT).json['data']['id']}"
    sandbox.set_faults(f"{kind}:1")
    assert x.call("DELETE", path).status == REFUSED_DELETIONS[kind]
    assert sandbox.stats()["deleted"] == 0
    assert x.call("DELETE", path).json == {"data": {"deleted": True}}


def test_a_deletion_whose_answer_is_lost_has_deleted_and_one_that_is_never_answered_has_not(
    x: Caller, sandbox: Sandbox
) -> None:
    path = f"/2/tweets/{x.create(TEXT).json['data']['id']}"
    sandbox.set_faults("delete_silence:1")
    head = {"Host": x.url.split("//")[1], **x.headers("DELETE", path)}
    with x.socket() as line:
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        line.sendall(f"DELETE {path} HTTP/1.1\r\n{lines}\r\n".encode())
        wait_for(lambda: sandbox.stats()["faults"])
        assert sandbox.stats()["deleted"] == 0
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            line.recv(1)
    sandbox.set_faults("delete_break:1")
    with pytest.raises(ConnectionError):
        x.call("DELETE", path)
    assert sandbox.stats()["deleted"] == 1
    assert x.call("DELETE", path).status == 404


def test_whoever_deletes_one_version_of_an_edited_post_deletes_all(x: Caller, sandbox: Sandbox) -> None:
    post_id = x.create(TEXT).json["data"]["id"]
    edited = sandbox.state.posts.edit(post_id, "Another wording.").id
    assert x.call("DELETE", f"/2/tweets/{post_id}").status == 200
    assert [post["deleted"] for post in sandbox.posts()] == [True, True]
    assert sandbox.stats()["deleted"] == 1
    assert x.call("DELETE", f"/2/tweets/{edited}").status == 404


def test_every_kind_of_misbehaviour_is_tried_here() -> None:
    assert {*STATUS, *BROKEN, *SILENT} == set(CREATE)
    assert set(READ) == {
        "lag",
        "stale_reading",
        "errors_200",
        "timeline_503",
        "timeline_429",
        "look_up_503",
        "resolved_links",
    }
    assert set(ANY) == {"latency", "silent_close", "identity_401"}
    assert set(MEDIA) == {"upload_503", "upload_break"}  # in test_media
    assert {*REFUSED_DELETIONS, "delete_break", "delete_silence"} == set(DELETE)


@pytest.mark.parametrize("kind", STATUS)
def test_an_answer_that_says_no_or_nothing(x: Caller, sandbox: Sandbox, kind: str) -> None:
    status, taken = STATUS[kind]
    sandbox.set_faults(f"{kind}:1")
    answer = x.create(TEXT)
    assert answer.status == status
    assert sandbox.stats()["accepted"] == taken
    assert sandbox.stats()["faults"] == {kind: 1}
    if kind in ("unreadable", "unreadable_before"):
        assert b"<html>" in answer.body
    if kind == "no_id":
        assert "id" not in answer.json["data"]
    if kind.startswith("redirect"):
        assert answer.headers["location"].startswith("/2/")
    assert x.create("The next one is well.").status == 201


@pytest.mark.parametrize("kind", BROKEN)
def test_a_line_that_breaks(x: Caller, sandbox: Sandbox, kind: str) -> None:
    error, taken = BROKEN[kind]
    sandbox.set_faults(f"{kind}:1")
    with pytest.raises(error):
        x.create(TEXT)
    assert sandbox.stats()["accepted"] == taken
    assert x.create("The next one is well.").status == 201


@pytest.mark.parametrize("kind", SILENT)
def test_an_answer_that_does_not_come(x: Caller, sandbox: Sandbox, kind: str) -> None:
    sandbox.set_faults(f"{kind}:1:0.3")
    with begun(x) as line:
        wait_for(lambda: sandbox.stats()["faults"])
        line.settimeout(0.4)
        if kind == "trickle":
            assert len(line.recv(4096)) == 1
        else:
            with pytest.raises(TimeoutError):
                line.recv(1)
        wait_for(lambda: sandbox.stats()["accepted"] == SILENT[kind])
    assert x.create("The next one is well.").status == 201


def test_a_request_is_carried_out_though_its_client_is_gone(x: Caller, sandbox: Sandbox) -> None:
    sandbox.set_faults("exec_delay:1:0.4")
    sent = sandbox.state.posts.clock()
    begun(x).close()
    wait_for(lambda: sandbox.stats()["accepted"] == 1)
    assert sandbox.posts()[0]["at"] - sent > 0.4


def test_a_429_says_until_when(x: Caller, sandbox: Sandbox) -> None:
    sandbox.set_faults("429:1:120")
    headers = x.create(TEXT).headers
    assert headers["x-rate-limit-remaining"] == "0"
    assert 110 <= int(headers["x-rate-limit-reset"]) - time.time() <= 122


def test_a_count_ends_and_a_share_is_drawn_the_same_by_the_same_seed() -> None:
    few = Faults(["break_after:2"], seed=1)
    assert [fault is not None for fault in (few.draw(CREATE) for _ in range(4))] == [True, True, False, False]

    def drawn(seed: int) -> list[str]:
        faults = Faults(["break_after:10%", "status_before:20%"], seed)
        return [fault.kind if fault else "" for fault in (faults.draw(CREATE) for _ in range(1000))]

    assert drawn(3) == drawn(3) != drawn(4)
    assert 70 < drawn(3).count("break_after") < 130
    assert 160 < drawn(3).count("status_before") < 240


def test_a_fault_of_one_kind_of_request_does_not_strike_another(x: Caller, sandbox: Sandbox) -> None:
    sandbox.set_faults("timeline_503:1", "identity_401:1", "look_up_503:1")
    created = x.create(TEXT)
    assert created.status == 201
    look_up = f"/2/tweets/{created.json['data']['id']}"
    assert [x.call("GET", look_up).status for _ in range(2)] == [503, 200]
    assert x.timeline().status == 503
    assert x.call("GET", "/2/users/me").status == 401
    assert (x.timeline().status, x.call("GET", "/2/users/me").status) == (200, 200)


def test_faults_are_set_from_outside(x: Caller) -> None:
    ask(x.url, "faults", {"faults": ["400:1"]})
    assert [x.create(f"Number {number}.").status for number in range(2)] == [400, 201]


def test_a_post_is_kept_out_no_more_often_than_the_sandbox_has_mercy(tmp_path: Path) -> None:
    faults = ["status_before:100%"]
    with Sandbox(state=tmp_path / "x.jsonl", faults=faults, limits=False, mercy=2, fsync=False) as sandbox:
        x = caller(sandbox)
        assert [x.create(TEXT).status for _ in range(3)] == [503, 503, 201]
        assert x.create("Another has its own share.").status == 503
        sandbox.set_faults("status_after:100%")
        assert x.create("What is taken needs no mercy.").status == 503
        assert sandbox.stats()["accepted"] == 2


@pytest.mark.parametrize("text", ["no_such:1", "lag:x", "lag:1:y", "429:5%:soon", ""])
def test_a_fault_that_is_written_wrongly_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]+\Z"):
        parse_fault(text)


def test_a_fault_is_a_kind_a_count_or_a_share_and_seconds() -> None:
    assert parse_fault("lag") == parse_fault(f"lag:100%:{DEFAULT_SECONDS['lag']}")
    assert (parse_fault("429:3:60").left, parse_fault("429:3:60").seconds) == (3, 60.0)
    assert parse_fault("break_after:30%").probability == pytest.approx(0.3)


# What readings show


def test_a_lag_hides_what_is_young(x: Caller, sandbox: Sandbox) -> None:
    old = x.posted("Old.")
    sandbox.state.posts.posts[old].executed -= 100
    x.posted("Young.")
    sandbox.set_faults("lag:100%:50")
    assert x.texts() == ["Old."]
    sandbox.set_faults("lag:1:50")
    assert [x.texts(), x.texts()] == [["Old."], ["Young.", "Old."]]


def test_a_lag_shows_the_old_version_of_what_was_edited_just_now(x: Caller, sandbox: Sandbox) -> None:
    old = x.posted("Befor.")
    sandbox.state.posts.posts[old].executed -= 100
    sandbox.state.posts.edit(old, "Before.")
    sandbox.set_faults("lag:1:50")
    assert [x.texts(), x.texts()] == [["Befor."], ["Before."]]


def test_a_stale_reading_is_how_it_was(x: Caller, sandbox: Sandbox) -> None:
    gone = x.posted("Deleted since.")
    sandbox.state.posts.posts[gone].executed -= 100
    x.call("DELETE", f"/2/tweets/{gone}")
    x.posted("New.")
    sandbox.set_faults("stale_reading:1:50")
    assert [x.texts(), x.texts()] == [["Deleted since."], ["New."]]


def test_errors_in_a_200_stand_in_the_place_of_posts(x: Caller, sandbox: Sandbox) -> None:
    x.posted("There.")
    sandbox.set_faults("errors_200:1")
    answer = x.timeline()
    assert (answer.status, "data" in answer.json, bool(answer.json["errors"])) == (200, False, True)


def test_a_timeline_may_be_limited(x: Caller, sandbox: Sandbox) -> None:
    sandbox.set_faults("timeline_429:1")
    assert [x.timeline().status for _ in range(2)] == [429, 200]


def test_links_may_be_shown_as_what_they_lead_to(x: Caller, sandbox: Sandbox) -> None:
    x.posted("See https://example.org/a")
    sandbox.set_faults("resolved_links:1")
    shown = [x.timeline().json["data"][0]["entities"]["urls"][0]["expanded_url"] for _ in range(2)]
    assert shown == ["https://example.org/a/resolved", "https://example.org/a"]


def test_latency_delays_the_answer(x: Caller, sandbox: Sandbox) -> None:
    sandbox.set_faults("latency:1:0.3")
    sent = sandbox.state.posts.clock()
    assert x.create(TEXT).status == 201
    assert sandbox.posts()[0]["at"] - sent > 0.3
    assert sandbox.stats()["faults"] == {"latency": 1}


def test_a_broken_line_leaves_nobody_else_waiting(x: Caller, sandbox: Sandbox) -> None:
    sandbox.set_faults("no_answer_before:1")
    with begun(x, "Silent."):
        wait_for(lambda: sandbox.stats()["faults"])
        assert x.create("Another connection is served.").status == 201


def test_an_answer_to_somebody_who_is_gone_is_no_fault_of_the_sandbox(
    x: Caller, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.set_faults("latency:1:0.2")
    begun(x).close()
    wait_for(lambda: sandbox.stats()["accepted"] == 1)
    sandbox.set_faults("break_after:1")
    with pytest.raises((HTTPException, OSError)):
        x.create("Broken on purpose.")
    assert "Traceback" not in capfd.readouterr().err
