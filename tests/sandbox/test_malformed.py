"""What is not well formed is refused in words: a line that breaks would look to a client as if its post were in doubt."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from bot.sandbox.faults import parse_fault
from bot.sandbox.server import Sandbox, ask
from tests.sandbox.client import Caller


@pytest.mark.parametrize(
    "document",
    [
        b'{"text": "half a pair: \\ud83d"}',
        {"text": 5},
        {"text": None},
        {"text": "x", "reply": {"in_reply_to_tweet_id": 5}},
        {"text": "x", "reply": {"in_reply_to_tweet_id": "²"}},
        {"text": "x", "reply": "5"},
        {"text": "x", "reply": None},
    ],
    ids=["surrogate", "number", "null", "parent number", "parent superscript", "reply text", "reply null"],
)
def test_a_create_of_the_wrong_kinds_is_refused_with_400(x: Caller, sandbox: Sandbox, document: Any) -> None:
    assert x.call("POST", "/2/tweets", document).status == 400
    assert sandbox.stats()["accepted"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "since_id=last",
        "until_id=first",
        "start_time=soon",
        "start_time=2026-01-01T00:00:00",
        "end_time=1",
        "pagination_token=another",
        "pagination_token=p-5",
    ],
)
def test_a_timeline_that_is_asked_for_wrongly_is_refused_with_400(x: Caller, query: str) -> None:
    assert x.timeline(query).status == 400
    x.posted("There.")
    assert x.timeline(query).status == 400
    assert x.texts() == ["There."]


@pytest.mark.parametrize("ids", ["first", "1,,2", "1,last", ",".join(map(str, range(1, 102)))])
def test_a_look_up_takes_1_to_100_numbers(x: Caller, ids: str) -> None:
    assert x.call("GET", f"/2/tweets?ids={ids}").status == 400
    hundred = ",".join(map(str, range(1, 101)))
    assert len(x.call("GET", f"/2/tweets?ids={hundred}").json["errors"]) == 100


def test_a_request_without_a_nonce_is_refused(x: Caller, sandbox: Sandbox) -> None:
    assert x.call("POST", "/2/tweets", {"text": "Replayable."}, nonce="").status == 401
    assert sandbox.stats()["accepted"] == 0


@pytest.mark.parametrize("length", ["ten", "-1", "1.5"])
def test_a_length_that_is_no_number_is_answered_with_400_and_the_end_of_the_line(
    x: Caller, sandbox: Sandbox, length: str
) -> None:
    with x.socket() as line:
        line.sendall(f"POST /2/tweets HTTP/1.1\r\nContent-Length: {length}\r\n\r\n".encode())
        with line.makefile("rb") as answer:
            assert answer.read().startswith(b"HTTP/1.1 400 ")
    assert sandbox.stats()["creates_received"] == 0


@pytest.mark.parametrize(
    "text",
    [
        "lag:-1",
        "lag:150%",
        "lag:-5%",
        "lag:nan%",
        "lag:1:-2",
        "lag:1:inf",
        "lag:1:2:3",
        "no\nsuch",
        "lag:1\n:x",
    ],
)
def test_a_fault_that_could_not_strike_as_written_is_told_in_one_line(text: str) -> None:
    with pytest.raises(ValueError, match=r"\Afault '[^\n]+\Z"):
        parse_fault(text)


def test_faults_that_are_refused_leave_those_that_there_were(x: Caller) -> None:
    ask(x.url, "faults", {"faults": ["400:1"]})
    assert x.call("POST", "/_sandbox/faults", {"faults": ["403:1", "brake"]}, headers={}).status == 400
    assert [x.create(f"Number {number}.").status for number in range(2)] == [400, 201]


def test_an_edit_by_hand_is_kept_in_nfc_too_and_has_to_be_a_text(x: Caller) -> None:
    old = x.posted("Cafe.")
    new = ask(x.url, "hand", {"do": "edit", "id": old, "text": unicodedata.normalize("NFD", "Café.")})["id"]
    assert x.texts() == [unicodedata.normalize("NFC", "Café.")]
    assert x.call("POST", "/_sandbox/hand", {"do": "edit", "id": new, "text": 5}, headers={}).status == 400
    assert x.texts() == [unicodedata.normalize("NFC", "Café.")]
