"""Requests go to the host that is set, by the proxy that is set; the environment has no say."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.adapters.x_api.endpoint import RequestTimes
from bot.domain.errors import SettingsMissing
from bot.domain.outcomes import Accepted, InDoubt, NotSent
from tests.adapters.x_api.conftest import MakeChannel
from tests.adapters.x_api.connect_proxy import tunnel
from tests.adapters.x_api.fault_server import FaultServer, Visit, answering, answering_bytes
from tests.adapters.x_api.given import BODY, HandClock, Recorder, free_to_go
from tests.certificates import Certificate

ACCEPTING = answering(201, {"data": {"id": "1871234"}})


@pytest.mark.parametrize(
    ("base_url", "complaint"),
    [
        ("http://api.x.com", "plain http is for this machine only"),
        ("http://192.0.2.1:8080", "plain http is for this machine only"),
        ("http://127.0.0.1.example.org", "plain http is for this machine only"),
        ("ftp://api.x.com", "must begin with https"),
        ("api.x.com", "not a URL with a host"),
        ("https://", "not a URL with a host"),
        ("https://x:notaport", "not a URL with a host"),
        ("https://api.x.com/2", "scheme, host and port only"),
        ("https://user:password@api.x.com", "scheme, host and port only"),
        ("https://api.x.com?a=b", "scheme, host and port only"),
    ],
)
def test_a_base_url_that_is_not_safe_is_refused_in_one_line(
    make_channel: MakeChannel, base_url: str, complaint: str
) -> None:
    with pytest.raises(SettingsMissing, match=complaint) as raised:
        make_channel(base_url)
    assert str(raised.value).startswith("X_API_BASE_URL: ")
    assert "\n" not in str(raised.value)
    assert "password" not in str(raised.value)


@pytest.mark.parametrize(
    "base_url", ["https://api.x.com", "https://api.x.com/", "http://localhost:9", "http://[::1]:9"]
)
def test_x_itself_and_this_machine_are_taken(make_channel: MakeChannel, base_url: str) -> None:
    make_channel(base_url)


@pytest.mark.parametrize("proxy", ["socks5://user:password@127.0.0.1:1080", "127.0.0.1:3128", "http://"])
def test_a_proxy_that_cannot_be_used_is_refused_without_its_password(
    make_channel: MakeChannel, proxy: str
) -> None:
    with pytest.raises(SettingsMissing, match=r"^BOT_PROXY: ") as raised:
        make_channel("https://api.x.com", proxy=proxy)
    assert "password" not in str(raised.value)


def test_a_ca_bundle_that_cannot_be_read_is_refused(make_channel: MakeChannel, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    for bundle in (empty, tmp_path / "missing.pem"):
        with pytest.raises(SettingsMissing, match=r"^BOT_CA_BUNDLE: "):
            make_channel("https://api.x.com", ca_bundle=str(bundle))


def test_a_ca_bundle_that_vouches_for_the_server_is_enough(
    make_channel: MakeChannel, certificate: Certificate
) -> None:
    with FaultServer(ACCEPTING, tls=certificate.server) as server:
        channel = make_channel(server.url, ca_bundle=certificate.pem)
        assert isinstance(channel.create(BODY, free_to_go), Accepted)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_nowhere(make_channel: MakeChannel, status: int) -> None:
    with FaultServer(ACCEPTING) as elsewhere:
        location = {"Location": f"{elsewhere.url}/2/tweets"}
        with FaultServer(answering_bytes(status, b"", location)) as server:
            outcome = make_channel(server.url).create(BODY, free_to_go)
    assert isinstance(outcome, InDoubt)
    assert (len(server.requests), len(elsewhere.visits)) == (1, 0)


def test_the_body_of_a_redirect_is_no_more_trusted_than_any_other(make_channel: MakeChannel) -> None:
    def endless(visit: Visit) -> None:
        visit.read_request()
        visit.sock.sendall(b"HTTP/1.1 302 Found\r\nLocation: /2/tweets\r\nContent-Length: 99999999\r\n\r\n")
        while not visit.stop.is_set():
            visit.sock.sendall(b" " * 65536)

    with FaultServer(endless) as server:
        outcome = make_channel(server.url).create(BODY, free_to_go)
    assert outcome == InDoubt("the answer is longer than 1048576 bytes", outcome.exchange)
    assert outcome.exchange.status == 302


def test_a_cookie_is_not_given_back(make_channel: MakeChannel) -> None:
    cookie = {"Set-Cookie": "guest_id=1; Path=/"}
    with FaultServer(answering(201, {"data": {"id": "1"}}, cookie)) as server:
        channel = make_channel(server.url)
        channel.create(BODY, free_to_go)
        channel.create(BODY, free_to_go)
    assert [request.headers.get("cookie") for request in server.requests] == [None, None]


@pytest.fixture
def treacherous_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password else\n")
    netrc.chmod(0o600)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nothing.pem"))


@pytest.mark.usefixtures("treacherous_environment")
@pytest.mark.parametrize("over_tls", [False, True], ids=["http", "https"])
def test_proxies_keys_and_certificates_of_the_environment_count_for_nothing(
    make_channel: MakeChannel, certificate: Certificate, over_tls: bool
) -> None:
    with FaultServer(ACCEPTING, tls=certificate.server if over_tls else None) as server:
        channel = make_channel(server.url, ca_bundle=certificate.pem if over_tls else None)
        assert isinstance(channel.create(BODY, free_to_go), Accepted)
    assert server.requests[0].headers["authorization"].startswith("OAuth ")


def test_a_proxy_carries_https_and_sees_nothing_of_it(
    make_channel: MakeChannel, certificate: Certificate, recorder: Recorder
) -> None:
    with (
        FaultServer(ACCEPTING, tls=certificate.server) as server,
        FaultServer(tunnel(to=server.port)) as proxy,
    ):
        proxy_url = proxy.url.replace("http://", "http://team:pass%20word@")
        channel = make_channel(server.url, ca_bundle=certificate.pem, proxy=proxy_url)
        outcome = channel.create(BODY, free_to_go)
    assert isinstance(outcome, Accepted)
    assert [request.body for request in server.requests] == [BODY]
    (connect,) = proxy.requests
    assert (connect.method, connect.target) == ("CONNECT", f"127.0.0.1:{server.port}")
    assert (
        base64.b64decode(connect.headers["proxy-authorization"].removeprefix("Basic ")) == b"team:pass word"
    )
    assert "authorization" not in connect.headers
    assert "proxy-authorization" not in server.requests[0].headers
    assert recorder.steps == ["before guard", "after guard", "before create", "after create"]


def test_a_proxy_that_is_spoken_to_by_tls_does_the_same(
    make_channel: MakeChannel, certificate: Certificate
) -> None:
    with (
        FaultServer(ACCEPTING, tls=certificate.server) as server,
        FaultServer(tunnel(to=server.port), tls=certificate.server) as proxy,
    ):
        outcome = make_channel(server.url, ca_bundle=certificate.pem, proxy=proxy.url).create(
            BODY, free_to_go
        )
    assert isinstance(outcome, Accepted)
    assert [request.body for request in server.requests] == [BODY]


def test_through_a_proxy_too_the_guard_stands_before_the_first_byte(
    make_channel: MakeChannel, certificate: Certificate
) -> None:
    with (
        FaultServer(lambda visit: visit.wait_until_hung_up(), tls=certificate.server) as server,
        FaultServer(tunnel(to=server.port)) as proxy,
    ):
        channel = make_channel(server.url, ca_bundle=certificate.pem, proxy=proxy.url)
        outcome = channel.create(BODY, lambda: "paused meanwhile")
    assert isinstance(outcome, NotSent)
    assert (len(server.visits), server.bytes_read) == (1, 0)


def refusing(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")


def test_a_proxy_that_does_not_connect_is_not_sent(make_channel: MakeChannel, recorder: Recorder) -> None:
    with FaultServer(refusing) as proxy:
        outcome = make_channel("https://api.x.com", proxy=proxy.url).create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "the proxy did not connect: 407 Proxy Authentication Required"
    assert recorder.steps == []


def test_a_proxy_that_is_not_there_is_not_sent(make_channel: MakeChannel) -> None:
    outcome = make_channel("https://api.x.com", proxy="http://127.0.0.1:1").create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "the proxy cannot be reached: the connection failed: Connection refused"


def hanging_up(visit: Visit) -> None:
    visit.read_request()


def test_a_proxy_that_hangs_up_is_not_sent(make_channel: MakeChannel) -> None:
    with FaultServer(hanging_up) as proxy:
        outcome = make_channel("https://api.x.com", proxy=proxy.url).create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)


def test_a_proxy_that_does_not_answer_is_not_sent(make_channel: MakeChannel) -> None:
    def silent(visit: Visit) -> None:
        visit.read_request()
        visit.wait_until_hung_up()

    with FaultServer(silent) as proxy:
        times = RequestTimes(connect=0.3)
        outcome = make_channel("https://api.x.com", proxy=proxy.url, times=times).create(BODY, free_to_go)
    assert outcome == NotSent("no connection within 0.3 s", outcome.exchange, unreachable=True)


def test_a_proxy_whose_answer_trickles_is_given_up(make_channel: MakeChannel) -> None:
    clock, hung_up = HandClock(), []

    def trickle(visit: Visit) -> None:
        visit.read_request()
        visit.sock.sendall(b"HTTP/1.1 200 ")
        clock.forward(11)
        while not visit.hung_up(0.01) and not visit.stop.is_set():
            visit.sock.sendall(b"a")
        hung_up.append(not visit.stop.is_set())

    with FaultServer(trickle) as proxy:
        times = RequestTimes(connect=5)
        channel = make_channel("https://api.x.com", proxy=proxy.url, times=times, clock=clock)
        outcome = channel.create(BODY, free_to_go)
        proxy.wait_for_visits_to_end()
    assert outcome == NotSent("no connection within 5 s", outcome.exchange, unreachable=True)
    assert hung_up == [True]


def test_plain_http_to_this_machine_takes_no_proxy(make_channel: MakeChannel) -> None:
    with FaultServer(ACCEPTING) as server:
        outcome = make_channel(server.url, proxy="http://127.0.0.1:1").create(BODY, free_to_go)
    assert isinstance(outcome, Accepted)
