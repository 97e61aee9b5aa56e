"""Each answer to a create becomes the outcome that the design says, after one request."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot.adapters.x_api.forbidden import KNOWN
from bot.domain.outcomes import Accepted, InDoubt, Outcome, Refused, RefusedKind
from tests.adapters.x_api.conftest import MakeChannel
from tests.adapters.x_api.fault_server import Behaviour, FaultServer, Visit, answering, answering_bytes
from tests.adapters.x_api.given import BODY, CREDENTIALS, free_to_go

PROBLEMS = "https://api.twitter.com/2/problems/"


def create(make_channel: MakeChannel, behaviour: Behaviour) -> Outcome:
    """Send one create to a server that behaves so; see that it got exactly one request."""
    with FaultServer(behaviour) as server:
        outcome = make_channel(server.url).create(BODY, free_to_go)
    assert [request.body for request in server.requests] == [BODY]
    assert len(server.visits) == 1
    return outcome


def test_a_readable_201_is_accepted_with_the_facts_of_the_exchange(make_channel: MakeChannel) -> None:
    headers = {
        "Date": "Tue, 24 Nov 2026 09:00:00 GMT",
        "x-rate-limit-limit": "100",
        "x-rate-limit-remaining": "99",
        "x-rate-limit-reset": "1795510800",
    }
    outcome = create(make_channel, answering(201, {"data": {"id": "1871234", "text": "Ten"}}, headers))
    assert isinstance(outcome, Accepted)
    assert outcome.post_id == "1871234"
    assert outcome.exchange.status == 201
    assert outcome.exchange.server_date == datetime(2026, 11, 24, 9, tzinfo=UTC)
    limit = outcome.exchange.rate_limit
    assert limit is not None
    assert (limit.limit, limit.remaining, limit.reset_at) == (
        100,
        99,
        datetime.fromtimestamp(1795510800, UTC),
    )
    age = outcome.exchange.connection_age
    assert age is not None
    assert age >= 0


def test_a_date_with_utc_written_out_is_understood_as_x_once_sent_it(make_channel: MakeChannel) -> None:
    headers = {"Date": "Tue, 25 Apr 2023 11:28:02 UTC"}
    outcome = create(make_channel, answering(201, {"data": {"id": "1"}}, headers))
    assert outcome.exchange.server_date == datetime(2023, 4, 25, 11, 28, 2, tzinfo=UTC)


def test_a_compressed_201_is_read(make_channel: MakeChannel) -> None:
    body = gzip.compress(b'{"data":{"id":"1871234","text":"Ten"}}')
    outcome = create(make_channel, answering_bytes(201, body, {"Content-Encoding": "gzip"}))
    assert isinstance(outcome, Accepted)


def test_a_201_in_chunks_is_read(make_channel: MakeChannel) -> None:
    def in_chunks(visit: Visit) -> None:
        visit.read_request()
        visit.sock.sendall(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in (b'{"data":{"id"', b':"1871234"}}', b""):
            visit.sock.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        visit.wait_until_hung_up()

    assert isinstance(create(make_channel, in_chunks), Accepted)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>201</html>",
        b"{}",
        b"[]",
        b"null",
        b'{"data":null}',
        b'{"data":[{"id":"1"}]}',
        b'{"data":{"text":"no id"}}',
        b'{"data":{"id":1871234}}',
        b'{"data":{"id":""}}',
        b'{"data":{"id":"18712x"}}',
        '{"data":{"id":"١٢٣"}}'.encode(),
        b'{"data":{"id":"12345678901234567890"}}',
        b'{"errors":null}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_a_201_without_a_readable_id_is_in_doubt(make_channel: MakeChannel, body: bytes) -> None:
    outcome = create(make_channel, answering_bytes(201, body))
    assert isinstance(outcome, InDoubt)
    assert outcome.exchange.status == 201


@pytest.mark.parametrize(
    "status", [200, 202, 204, 301, 302, 303, 307, 308, 404, 405, 408, 410, 418, 425, 451]
)
def test_a_status_that_is_not_on_the_list_is_in_doubt(make_channel: MakeChannel, status: int) -> None:
    document = {"data": {"id": "1871234"}, "detail": "whatever"}
    outcome = create(make_channel, answering(status, document, {"Location": "/2/tweets"}))
    assert isinstance(outcome, InDoubt)
    assert outcome.exchange.status == status
    assert str(status) in outcome.reason


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_server_error_tells_nothing_and_is_in_doubt(make_channel: MakeChannel, status: int) -> None:
    outcome = create(
        make_channel, answering_bytes(status, b"<html>upstream</html>", {"Content-Type": "text/html"})
    )
    assert isinstance(outcome, InDoubt)
    assert not outcome.duplicate


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedKind.INVALID),
        (401, RefusedKind.UNAUTHORISED),
        (402, RefusedKind.NO_CREDIT),
        (429, RefusedKind.RATE_LIMITED),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b'{"title":"No","detail":"in X\'s own words","type":"about:blank","status":400}',
        b'{"errors":[{"code":88,"message":"in X\'s own words"}]}',
        b'{"code":88,"message":"in X\'s own words"}',
        b'[{"message":"in X\'s own words"}]',
        b'{"errors":null}',
        b"<html>no</html>",
        b"",
    ],
)
def test_what_x_refuses_before_it_does_anything_is_refused_in_whatever_shape(
    make_channel: MakeChannel, status: int, kind: RefusedKind, body: bytes
) -> None:
    outcome = create(make_channel, answering_bytes(status, body))
    assert isinstance(outcome, Refused)
    assert outcome.kind is kind
    assert str(status) in outcome.detail
    assert ("in X's own words" in outcome.detail) == (b"own words" in body)


@pytest.mark.parametrize(
    "document",
    [
        {"title": "Client Forbidden", "reason": "client-not-enrolled", "type": PROBLEMS + "client-forbidden"},
        {"title": "Forbidden", "type": "https://api.x.com/2/problems/oauth1-permissions"},
        {"title": "Not Authorized", "type": PROBLEMS + "not-authorized-for-resource"},
        {"errors": [{"detail": "x", "type": PROBLEMS + "client-forbidden"}]},
        {"detail": "Reply to this conversation is not allowed because you have not been mentioned."},
        {"detail": "Quoting this post is not allowed because you have not been mentioned."},
        {"detail": "You attempted to reply to a Tweet that is deleted or not visible to you."},
        {"detail": "Posts are limited to a maximum of one cashtag."},
        {"errors": [{"code": 433, "message": "The original Tweet author restricted who can reply."}]},
        {"errors": [{"code": 326, "message": "This account is temporarily locked."}]},
        {"errors": [{"code": 261, "message": "Application cannot perform write actions."}]},
    ],
)
def test_a_403_that_is_known_is_refused(make_channel: MakeChannel, document: dict[str, Any]) -> None:
    outcome = create(make_channel, answering(403, document))
    assert isinstance(outcome, Refused)
    assert outcome.kind is RefusedKind.FORBIDDEN


def test_every_403_that_is_known_says_where_and_when_it_was_seen() -> None:
    for known in KNOWN:
        assert re.search(r"20[12]\d-\d\d|guide", known.source), known
        assert sum(sign is not None for sign in (known.type_ends, known.says, known.code)) == 1, known


@pytest.mark.parametrize(
    "document",
    [
        {
            "detail": "You are not permitted to perform this action.",
            "type": "about:blank",
            "title": "Forbidden",
        },
        {"detail": "something new", "type": "https://evil.example/client-forbidden.html"},
        {"errors": [{"code": 999, "message": "unheard of"}]},
        {"errors": None},
        [],
        None,
    ],
)
def test_any_other_403_is_in_doubt(make_channel: MakeChannel, document: object) -> None:
    outcome = create(make_channel, answering(403, document))
    assert isinstance(outcome, InDoubt)
    assert not outcome.duplicate


@pytest.mark.parametrize(
    "document",
    [
        {
            "detail": "You are not allowed to create a Tweet with duplicate content.",
            "type": "about:blank",
            "title": "Forbidden",
            "status": 403,
        },
        {"errors": [{"code": 187, "message": "Status is a duplicate."}]},
        {"detail": "Duplicate content.", "type": PROBLEMS + "client-forbidden"},
    ],
)
def test_a_403_for_a_duplicate_is_in_doubt_for_an_earlier_attempt_may_be_the_original(
    make_channel: MakeChannel, document: dict[str, Any]
) -> None:
    outcome = create(make_channel, answering(403, document))
    assert isinstance(outcome, InDoubt)
    assert outcome.duplicate


NOW = datetime.now(UTC)


def at(**later: float) -> str:
    return str(int((NOW + timedelta(**later)).timestamp()))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(minutes=9)}, timedelta(minutes=9)),
        (
            {
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": at(minutes=9),
                "x-user-limit-24hour-remaining": "0",
                "x-user-limit-24hour-reset": at(hours=20),
                "x-app-limit-24hour-remaining": "17",
                "x-app-limit-24hour-reset": at(hours=23),
            },
            timedelta(hours=20),
        ),
        (
            {
                "date": format_datetime(NOW - timedelta(minutes=20)),
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": at(minutes=-13),
            },
            timedelta(minutes=7),
        ),
        ({"x-rate-limit-remaining": "5", "x-rate-limit-reset": at(minutes=9)}, timedelta(minutes=15)),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(hours=26)}, timedelta(minutes=15)),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(hours=-1)}, timedelta(minutes=15)),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "soon"}, timedelta(minutes=15)),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "999999999999999"}, timedelta(minutes=15)),
        ({"x-rate-limit-remaining": "0"}, timedelta(minutes=15)),
        ({}, timedelta(minutes=15)),
    ],
)
def test_a_429_says_until_when_by_xs_own_clock_and_an_absurd_reset_is_ignored(
    make_channel: MakeChannel, headers: dict[str, str], wait: timedelta
) -> None:
    outcome = create(make_channel, answering(429, {"title": "Too Many Requests"}, headers))
    assert isinstance(outcome, Refused)
    assert outcome.kind is RefusedKind.RATE_LIMITED
    assert outcome.until is not None
    assert abs(outcome.until - (NOW + wait)) < timedelta(minutes=4)


def test_only_a_429_says_until_when(make_channel: MakeChannel) -> None:
    headers = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": at(minutes=9)}
    outcome = create(make_channel, answering(402, {"title": "CreditsDepleted"}, headers))
    assert isinstance(outcome, Refused)
    assert outcome.until is None


def test_words_of_x_are_kept_short_on_one_line_and_without_secrets(make_channel: MakeChannel) -> None:
    detail = f"bad\x1b[31m\r\n\u202eline {CREDENTIALS.access_token_secret} \ud800 " + "x" * 5000
    outcome = create(make_channel, answering_bytes(400, json.dumps({"detail": detail}).encode()))
    assert isinstance(outcome, Refused)
    assert outcome.detail.startswith("X answered 400: bad [31m line *** x")
    assert len(outcome.detail) == 300
    outcome.detail.encode()


def test_a_body_beyond_all_measure_is_in_doubt(make_channel: MakeChannel) -> None:
    padding = b" " * (3 << 20)
    outcome = create(make_channel, answering_bytes(201, padding + b'{"data":{"id":"1"}}'))
    assert isinstance(outcome, InDoubt)


def test_a_body_that_grows_beyond_all_measure_when_unpacked_is_in_doubt(make_channel: MakeChannel) -> None:
    packed = gzip.compress(b" " * (50 << 20) + b'{"data":{"id":"1"}}')
    outcome = create(make_channel, answering_bytes(201, packed, {"Content-Encoding": "gzip"}))
    assert isinstance(outcome, InDoubt)


def test_a_body_that_cannot_be_unpacked_is_in_doubt(make_channel: MakeChannel) -> None:
    outcome = create(make_channel, answering_bytes(201, b"not gzip", {"Content-Encoding": "gzip"}))
    assert isinstance(outcome, InDoubt)
