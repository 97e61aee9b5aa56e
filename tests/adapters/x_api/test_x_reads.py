"""Reads and deletes: what counts as an answer, and what is told when there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.x_api.client import XChannel
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.domain.errors import InputError
from bot.domain.outcomes import RefusedKind
from bot.domain.timeline import Identity
from tests.adapters.x_api.conftest import MakeChannel
from tests.adapters.x_api.fault_server import (
    Behaviour,
    FaultServer,
    Request,
    Visit,
    answering,
    answering_bytes,
)

USER = "2244994945"
ID = 1871234567890123456
DATE = {"Date": "Tue, 24 Nov 2026 09:00:00 GMT"}

Read = Callable[[XChannel], object]

READS: dict[str, Read] = {
    "identity": lambda channel: channel.identity(),
    "own_posts": lambda channel: channel.own_posts(USER, since=None),
    "newest_own_post": lambda channel: channel.newest_own_post(USER),
    "look_up": lambda channel: channel.look_up(str(ID)),
    "delete": lambda channel: channel.delete(str(ID)),
}

every_read = pytest.mark.parametrize("read", READS.values(), ids=READS.keys())


def post(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(ID + number), "author_id": USER, "text": f"post {number}"} | more


def page(*posts: dict[str, Any], next_token: str | None = None, **more: Any) -> dict[str, Any]:
    meta: dict[str, Any] = {"result_count": len(posts)} | ({"next_token": next_token} if next_token else {})
    return ({"data": list(posts)} if posts else {}) | {"meta": meta} | more


def query(request: Request) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(request.target).query)


@every_read
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedKind.INVALID),
        (401, RefusedKind.UNAUTHORISED),
        (402, RefusedKind.NO_CREDIT),
        (403, RefusedKind.FORBIDDEN),
        (429, RefusedKind.RATE_LIMITED),
    ],
)
def test_a_refused_read_is_told_with_its_kind_and_a_remedy(
    make_channel: MakeChannel, read: Read, status: int, kind: RefusedKind
) -> None:
    with FaultServer(answering(status, {"detail": "in X's own words"})) as server:
        channel = make_channel(server.url)
        with pytest.raises(ChannelRefused, match=f"X refuses with {status}: in X's own words; .+") as raised:
            read(channel)
    assert (raised.value.kind, raised.value.status) == (kind, status)
    assert "\n" not in str(raised.value)
    assert len(server.requests) == 1


@every_read
@pytest.mark.parametrize("status", [302, 410, 500, 503])
def test_a_read_that_is_not_answered_as_it_should_be_is_told_as_unreachable(
    make_channel: MakeChannel, read: Read, status: int
) -> None:
    location = {"Location": "/2/users/me"}
    with FaultServer(answering_bytes(status, b"<html>", location)) as server:
        channel = make_channel(server.url)
        with pytest.raises(ChannelUnreachable, match=rf"X answers (GET|DELETE) /2/\S+ with {status}"):
            read(channel)
    assert len(server.requests) == 1


def reset(visit: Visit) -> None:
    visit.read_request()
    visit.reset()


@every_read
def test_a_read_whose_line_breaks_is_not_repeated(make_channel: MakeChannel, read: Read) -> None:
    with FaultServer(reset) as server:
        channel = make_channel(server.url)
        with pytest.raises(
            ChannelUnreachable, match=r"X does not answer (GET|DELETE) /2/\S+: the connection broke"
        ):
            read(channel)
    assert len(server.visits) == 1


@every_read
def test_a_read_without_a_connection_says_what_to_look_at(make_channel: MakeChannel, read: Read) -> None:
    channel = make_channel("http://127.0.0.1:1")
    with pytest.raises(
        ChannelUnreachable, match=r"Connection refused; check the network and X's status page"
    ):
        read(channel)


def test_the_identity_is_whom_the_keys_belong_to(make_channel: MakeChannel) -> None:
    me = {"data": {"id": USER, "name": "RSO", "username": "baliprocessrso"}}
    with FaultServer(answering(200, me, DATE)) as server:
        identity = make_channel(server.url).identity()
    assert identity == Identity(USER, "baliprocessrso", datetime(2026, 11, 24, 9, tzinfo=UTC))
    (request,) = server.requests
    assert (request.method, request.target, request.body) == ("GET", "/2/users/me", b"")


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b'{"data":{"id":"x","username":"a"}}', b'{"data":{"id":"1"}}']
)
def test_an_identity_that_cannot_be_read_is_none(make_channel: MakeChannel, body: bytes) -> None:
    with FaultServer(answering_bytes(200, body)) as server:
        channel = make_channel(server.url)
        with pytest.raises(ChannelUnreachable, match="whom the keys belong to"):
            channel.identity()


def test_own_posts_are_read_page_by_page_newest_first_from_a_minute_before(make_channel: MakeChannel) -> None:
    pages = [
        answering(200, page(post(9), post(7), next_token="second"), DATE),
        answering(200, page(next_token="third")),
        answering(200, page(post(7), post(5))),
    ]
    with FaultServer(*pages) as server:
        reading = make_channel(server.url).own_posts(USER, since=str(ID))
    assert (reading.whole, reading.why_not) == (True, "")
    assert [each.text for each in reading.posts] == ["post 9", "post 7", "post 5"]
    assert reading.server_date == datetime(2026, 11, 24, 9, tzinfo=UTC)
    queries = [query(request) for request in server.requests]
    assert {urlsplit(request.target).path for request in server.requests} == {f"/2/users/{USER}/tweets"}
    assert [each.get("pagination_token") for each in queries] == [None, ["second"], ["third"]]
    for each in queries:
        assert each["max_results"] == ["100"]
        assert each["since_id"] == [str(ID - (60_000 << 22))]
        assert set(each["tweet.fields"][0].split(",")) == {
            "attachments",
            "author_id",
            "created_at",
            "edit_history_tweet_ids",
            "entities",
            "note_tweet",
            "referenced_tweets",
        }


@pytest.mark.parametrize("since", [None, "1000001", "20"])
def test_without_an_id_that_carries_a_time_all_posts_are_read(
    make_channel: MakeChannel, since: str | None
) -> None:
    with FaultServer(answering(200, page())) as server:
        reading = make_channel(server.url).own_posts(USER, since=since)
    assert (reading.posts, reading.whole) == ((), True)
    assert "since_id" not in query(server.requests[0])


@pytest.mark.parametrize(
    ("later", "why_not"),
    [
        (answering(503, {"title": "Service Unavailable"}), "did not come"),
        (answering(429, {"title": "Too Many Requests"}), "did not come"),
        (reset, "did not come"),
        (answering_bytes(200, b"<html>"), "not JSON"),
        (answering_bytes(200, b"[]"), "not JSON"),
        (answering(200, {}), "as many posts as it says"),
        (answering(200, {"data": [post(1)]}), "as many posts as it says"),
        (answering(200, page(post(1)) | {"meta": {"result_count": 2}}), "as many posts as it says"),
        (answering(200, page(post(1)) | {"meta": {"result_count": 1, "next_token": 7}}), "next page"),
        (
            answering(200, page(post(1), errors=[{"title": "Not Found", "detail": "a part"}])),
            "errors .*: a part",
        ),
        (answering(200, page(post(1) | {"author_id": "1"})), "another author"),
        (answering(200, page({"id": str(ID), "text": "whose?"})), "without an author"),
        (answering(200, page({"author_id": USER, "text": "which?"})), "without an id"),
        (answering(200, page({"author_id": USER, "id": str(ID)})), "without text"),
        (answering(200, {"data": {"0": post(1)}, "meta": {"result_count": 1}}), "no list"),
        (answering(200, {"data": ["post"], "meta": {"result_count": 1}}), "no object"),
        (answering(200, page(post(1), next_token="second")), "do not come to an end"),
    ],
)
def test_a_reading_with_a_page_that_proves_nothing_is_not_whole(
    make_channel: MakeChannel, later: Behaviour, why_not: str
) -> None:
    with FaultServer(answering(200, page(post(9), next_token="second")), later) as server:
        reading = make_channel(server.url).own_posts(USER, since=None)
    assert not reading.whole
    assert re.search(why_not, reading.why_not)
    assert "post 9" in [each.text for each in reading.posts]
    assert len(server.requests) <= 3


def test_pages_without_end_come_to_an_end(make_channel: MakeChannel) -> None:
    served: list[int] = []

    def endless(visit: Visit) -> None:
        visit.read_request()
        served.append(len(served))
        visit.answer_json(200, page(post(len(served)), next_token=f"token{len(served)}"))
        visit.wait_until_hung_up()

    with FaultServer(endless) as server:
        reading = make_channel(server.url).own_posts(USER, since=None)
    assert not reading.whole
    assert "do not come to an end" in reading.why_not
    assert len(server.requests) == 101


@pytest.mark.parametrize(("pages", "cut"), [(31, False), (32, True)])
def test_a_reading_of_as_many_pages_as_x_ever_shows_may_lack_older_posts(
    make_channel: MakeChannel, pages: int, cut: bool
) -> None:
    shown = [page(post(n), next_token=f"token{n}" if n < pages else None) for n in range(1, pages + 1)]
    with FaultServer(*(answering(200, each) for each in shown)) as server:
        reading = make_channel(server.url).own_posts(USER, since=None)
    assert (reading.whole, reading.cut, len(reading.posts)) == (True, cut, pages)


def test_a_first_page_that_says_nothing_is_not_whole(make_channel: MakeChannel) -> None:
    with FaultServer(answering_bytes(200, b"<html>maintenance</html>")) as server:
        reading = make_channel(server.url).own_posts(USER, since=None)
    assert (reading.posts, reading.whole) == ((), False)


def test_a_page_of_long_posts_is_not_too_long(make_channel: MakeChannel) -> None:
    posts = [post(number, text="ก" * 3000) for number in range(100)]
    with FaultServer(answering(200, page(*posts))) as server:
        reading = make_channel(server.url).own_posts(USER, since=None)
    assert (reading.whole, len(reading.posts)) == (True, 100)


def test_the_newest_own_post_is_read_with_one_small_page(make_channel: MakeChannel) -> None:
    with FaultServer(answering(200, page(post(7), post(9), post(8), next_token="more"))) as server:
        newest = make_channel(server.url).newest_own_post(USER)
    assert newest == str(ID + 9)
    (request,) = server.requests
    assert query(request)["max_results"] == ["5"]


def test_an_account_without_posts_has_no_newest(make_channel: MakeChannel) -> None:
    with FaultServer(answering(200, page())) as server:
        assert make_channel(server.url).newest_own_post(USER) is None


@pytest.mark.parametrize(
    "document", [{}, [], page(errors=[{"detail": "partial"}]), page(post(1) | {"author_id": "1"})]
)
def test_a_newest_post_that_cannot_be_trusted_is_none(make_channel: MakeChannel, document: object) -> None:
    with FaultServer(answering(200, document)) as server:
        channel = make_channel(server.url)
        with pytest.raises(ChannelUnreachable):
            channel.newest_own_post(USER)


NOT_FOUND = {
    "errors": [{"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}]
}


@pytest.mark.parametrize("status", [200, 404])
def test_a_post_that_x_says_is_not_there_is_none(make_channel: MakeChannel, status: int) -> None:
    with FaultServer(answering(status, NOT_FOUND)) as server:
        assert make_channel(server.url).look_up(str(ID)) is None


def test_a_post_that_is_there_is_shown(make_channel: MakeChannel) -> None:
    with FaultServer(answering(200, {"data": post(0)})) as server:
        found = make_channel(server.url).look_up(str(ID))
    assert found is not None
    assert (found.post_id, found.author_id, found.text) == (str(ID), USER, "post 0")
    assert urlsplit(server.requests[0].target).path == f"/2/tweets/{ID}"


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (404, {"title": "Not Found"}),
        (404, "<html>"),
        (200, {"errors": [{"type": "https://api.x.com/2/problems/not-authorized-for-resource"}]}),
    ],
)
def test_a_post_that_may_be_there_is_not_called_absent(
    make_channel: MakeChannel, status: int, document: object
) -> None:
    with FaultServer(answering(status, document)) as server:
        channel = make_channel(server.url)
        with pytest.raises(ChannelRefused):
            channel.look_up(str(ID))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"data":{"id":"1"}}'])
def test_a_post_that_cannot_be_read_is_not_called_absent(make_channel: MakeChannel, body: bytes) -> None:
    with FaultServer(answering_bytes(200, body)) as server:
        channel = make_channel(server.url)
        with pytest.raises(ChannelUnreachable):
            channel.look_up(str(ID))


def test_a_delete_says_whether_there_was_something_to_delete(make_channel: MakeChannel) -> None:
    gone = answering(200, {"data": {"deleted": True}})
    with FaultServer(gone, answering(404, NOT_FOUND)) as server:
        channel = make_channel(server.url)
        assert [channel.delete(str(ID)), channel.delete(str(ID))] == [True, False]
    assert [(each.method, each.target) for each in server.requests] == [("DELETE", f"/2/tweets/{ID}")] * 2


@pytest.mark.parametrize(
    "document", [{}, {"data": {"deleted": False}}, {"data": {"deleted": "yes"}}, [], None]
)
def test_a_delete_that_x_does_not_confirm_is_not_taken_for_done(
    make_channel: MakeChannel, document: object
) -> None:
    with FaultServer(answering(200, document)) as server:
        channel = make_channel(server.url)
        with pytest.raises(ChannelUnreachable):
            channel.delete(str(ID))


@pytest.mark.parametrize("bad", ["", "12/../../users/me", "1?x=y", "-1", "１２", "1" * 20])
def test_nothing_but_an_id_gets_into_an_address(make_channel: MakeChannel, bad: str) -> None:
    channel = make_channel("http://127.0.0.1:1")
    for read in (channel.look_up, channel.delete, channel.newest_own_post):
        with pytest.raises(InputError, match="is not an id of X"):
            read(bad)
