"""What is fetched, from where, and how much of it."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from typing import Any

import pytest

from bot.adapters.web.fetch import FetchLimits, HttpsFetcher
from bot.domain.errors import BotError, InputError, Unreachable
from bot.domain.public_addresses import is_public
from tests.adapters.web.asking import HERE, HOST, Names, hanging_up, link_to, redirecting, silent, writing
from tests.adapters.x_api.connect_proxy import tunnel
from tests.adapters.x_api.fault_server import Behaviour, FaultServer, Visit, answering_bytes
from tests.adapters.x_api.given import RunningClock
from tests.certificates import Certificate

PAGE = b"<title>The report</title>"
MOST = 1000
PATIENT = FetchLimits(connect=20, altogether=40)
HASTY = FetchLimits(connect=5, altogether=0.5)


def fetcher(certificate: Certificate | None, **options: Any) -> HttpsFetcher:
    given: dict[str, Any] = {"limits": PATIENT, "resolve": Names(), "allows": lambda address: address == HERE}
    pem = certificate.pem if certificate else None
    return HttpsFetcher(RunningClock(), ca_bundle=pem, **(given | options))


def fault(certificate: Certificate, *behaviours: Behaviour, **options: Any) -> BotError:
    """What is said of an address whose server behaves so."""
    with (
        FaultServer(*behaviours, tls=certificate.server) as server,
        pytest.raises((InputError, Unreachable)) as caught,
    ):
        fetcher(certificate, **options).fetch(link_to(server, "/feed/?key=secret"), most=MOST)
    assert "secret" not in str(caught.value)
    return caught.value


def typed(media_type: str) -> Behaviour:
    def behave(visit: Visit) -> None:
        visit.read_request()
        visit.answer(200, PAGE, {"Content-Type": media_type})
        visit.wait_until_hung_up()

    return behave


def test_what_lies_at_an_address_comes_with_its_kind(certificate: Certificate) -> None:
    with FaultServer(typed("text/html; charset=tis-620"), tls=certificate.server) as server:
        fetched = fetcher(certificate).fetch(link_to(server, "/news/?id=7#top"), most=MOST)
    assert (fetched.data, fetched.media_type) == (PAGE, "text/html; charset=tis-620")
    assert fetched.address == link_to(server, "/news/?id=7#top")
    (request,) = server.requests
    assert (request.method, request.target) == ("GET", "/news/?id=7")
    assert request.headers["accept-encoding"] == "identity"
    assert not {"cookie", "authorization", "referer"} & request.headers.keys()


@pytest.mark.parametrize("to", ["/moved", "https://other.example.org:PORT/moved"])
def test_a_redirect_is_followed_and_gives_the_last_address(certificate: Certificate, to: str) -> None:
    with FaultServer(redirecting(to), typed("text/html"), tls=certificate.server) as server:
        fetched = fetcher(certificate).fetch(link_to(server), most=MOST)
    assert fetched.data == PAGE
    assert fetched.address.endswith(f":{server.port}/moved")


def test_each_redirect_is_judged_anew_and_a_private_address_is_not_asked(certificate: Certificate) -> None:
    class Rebinding(Names):
        def __call__(self, host: str, port: int) -> Sequence[str]:
            super().__call__(host, port)
            return [HERE] if host == HOST else ["10.0.0.1"]

    judge = lambda address: address == HERE or is_public(address)  # noqa: E731
    elsewhere = redirecting("https://other.example.org/latest/meta-data/")
    told = fault(certificate, elsewhere, resolve=Rebinding(), allows=judge)
    assert isinstance(told, InputError)
    assert "leads to an address that is not public (10.0.0.1)" in str(told)


@pytest.mark.parametrize(
    "to", ["http://news.example.org/", "file:///etc/passwd", "https://u:p@news.example.org/"]
)
def test_a_redirect_to_what_may_not_be_asked_is_not_followed(certificate: Certificate, to: str) -> None:
    assert "leads to" in str(fault(certificate, redirecting(to)))


def test_redirects_without_end_are_given_up(certificate: Certificate) -> None:
    assert str(fault(certificate, redirecting("/again"))).endswith("redirects more than 5 times")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n" + b"x" * 1001,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n",
    ],
)
def test_a_body_that_is_too_large_is_given_up(certificate: Certificate, answer: bytes) -> None:
    assert str(fault(certificate, writing(answer))).endswith(
        "is larger than 0.001 MB, the most that is taken"
    )


@pytest.mark.parametrize("head", [b"", b"Transfer-Encoding: chunked\r\n"])
def test_a_body_without_end_is_given_up(certificate: Certificate, head: bytes) -> None:
    piece = b"1\r\nx\r\n" if head else b"x" * 5000
    told = str(fault(certificate, writing(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n", endless=piece)))
    assert told.endswith(("is larger than 0.001 MB, the most that is taken", "answers without an end"))


def test_a_body_as_large_as_it_may_be_is_whole(certificate: Certificate) -> None:
    body = bytes(range(250)) * 4
    with FaultServer(answering_bytes(200, body), tls=certificate.server) as server:
        assert fetcher(certificate).fetch(link_to(server), most=MOST).data == body


def test_what_comes_packed_is_not_unpacked(certificate: Certificate) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)[:900]
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 900\r\n\r\n" + bomb
    assert "answers packed" in str(fault(certificate, writing(answer)))


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nx"])
def test_what_trickles_has_its_time_and_no_more(certificate: Certificate, start: bytes) -> None:
    def drop(visit: Visit) -> None:
        visit.stop.wait(0.05)

    trickling = writing(start, endless=b"x", pause=drop)
    assert str(fault(certificate, trickling, limits=HASTY)).endswith("does not answer within 0.5 s")


def test_a_body_that_breaks_off_is_not_taken_for_the_whole(certificate: Certificate) -> None:
    def breaking(visit: Visit) -> None:
        visit.read_request()
        visit.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<title>The rep")

    assert isinstance(fault(certificate, breaking), Unreachable)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        (answering_bytes(404, PAGE), "is not there (404)"),
        (answering_bytes(403, PAGE), "answers 403, perhaps because a program asks: open it yourself"),
        (answering_bytes(204, b""), "answers 204, perhaps because a program asks: open it yourself"),
        (answering_bytes(503, PAGE), "answers 503: open it yourself"),
        (hanging_up, "does not answer: the connection broke"),
    ],
)
def test_what_is_no_page_is_said(certificate: Certificate, behaviour: Behaviour, words: str) -> None:
    told = fault(certificate, behaviour)
    assert isinstance(told, Unreachable)
    assert str(told).endswith(words)


def test_a_server_that_says_nothing_is_given_up(certificate: Certificate) -> None:
    assert isinstance(fault(certificate, silent, limits=FetchLimits(connect=5, altogether=0.5)), Unreachable)


@pytest.mark.parametrize(
    "address", ["http://news.example.org/", "ftp://news.example.org/", "https://[", "https://", "x"]
)
def test_an_address_that_is_not_https_or_none_at_all_is_not_asked(address: str) -> None:
    names = Names()
    with pytest.raises((InputError, Unreachable)):
        fetcher(None, resolve=names).fetch(address, most=MOST)
    assert names.asked == []


@pytest.mark.parametrize(
    "address", ["https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://169.254.169.254/latest"]
)
def test_an_address_of_this_machine_or_its_network_is_not_asked(address: str) -> None:
    with pytest.raises(InputError, match="not public"):
        fetcher(None, allows=is_public).fetch(address, most=MOST)


def test_a_proxy_is_asked_where_one_is_set(certificate: Certificate) -> None:
    with (
        FaultServer(answering_bytes(200, PAGE), tls=certificate.server) as server,
        FaultServer(tunnel(to=server.port)) as proxy,
    ):
        by = fetcher(certificate, proxy=f"http://user:word@{HERE}:{proxy.port}")
        assert by.fetch(link_to(server), most=MOST).data == PAGE
    assert len(proxy.visits) == 1
