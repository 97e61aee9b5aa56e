"""Whoever writes a link cannot make this machine knock at its own network, nor wait without end (design, section 11)."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Sequence

import pytest

from bot.adapters.web.bounds import ProbeLimits
from bot.adapters.web.probe import HttpsLinkProbe
from bot.adapters.web.ways import addresses_of
from bot.domain.public_addresses import is_public
from tests.adapters.web.asking import (
    FINE,
    HERE,
    HOST,
    NAMES,
    NO_HEAD,
    Names,
    link_to,
    probe,
    redirecting,
    silent,
    writing,
)
from tests.adapters.x_api.fault_server import FaultServer, Visit
from tests.adapters.x_api.given import RunningClock
from tests.certificates import Certificate, self_signed

HASTY = ProbeLimits(connect=20, link=0.5, altogether=60)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("tls"), NAMES)


def here_or_public(address: str) -> bool:
    """The server of the test stands for a public one."""
    return address == HERE or is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.0.0.0", "100.64.0.1", "169.254.169.254"),
        *("224.0.0.1", "255.255.255.255", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"),
        *("2002:a00:1::1", "::", "ff02::1", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"),
    ],
)
def test_a_name_that_leads_into_an_own_network_is_not_asked(certificate: Certificate, address: str) -> None:
    link = f"https://{HOST}/a"
    asked = probe(certificate, resolve=Names(address), allows=is_public).ask([link])
    assert asked == {link: f"was not asked: it leads to an address that is not public ({address})"}


def test_this_machine_is_not_reached_by_the_rules_of_the_program(certificate: Certificate) -> None:
    with FaultServer(FINE, tls=certificate.server) as server:
        link = link_to(server)
        strict = HttpsLinkProbe(RunningClock(), ca_bundle=certificate.pem, resolve=Names(HERE))
        (fault,) = strict.ask([link]).values()
    assert fault == f"was not asked: it leads to an address that is not public ({HERE})"
    assert server.visits == []


def test_one_private_address_among_public_ones_is_enough(certificate: Certificate) -> None:
    with FaultServer(FINE, tls=certificate.server) as server:
        names = Names(HERE, "10.0.0.1")
        (fault,) = probe(certificate, resolve=names, allows=here_or_public).ask([link_to(server)]).values()
    assert "not public (10.0.0.1)" in fault
    assert server.visits == []


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("https://10.0.0.1/admin", "10.0.0.1"),
        ("https://[::1]/", "::1"),
        ("https://[::ffff:127.0.0.2]:8443/", "::ffff:7f00:2"),
        ("https://169.254.169.254/latest/meta-data/", "169.254.169.254"),
        ("https://0x7f.0.0.2/", "127.0.0.2"),
        ("https://2130706434/", "127.0.0.2"),
        ("https://127.2/", "127.0.0.2"),
        ("https://0177.0.0.2/", "127.0.0.2"),
        ("//10.0.0.1/", "10.0.0.1"),
    ],
)
def test_a_redirect_into_an_own_network_is_not_followed_however_it_is_written(
    certificate: Certificate, to: str, address: str
) -> None:
    def look_up(host: str, port: int) -> Sequence[str]:
        return [HERE] if host == HOST else addresses_of(host, port)

    with FaultServer(redirecting(to), tls=certificate.server) as server:
        asked = probe(certificate, resolve=look_up, allows=here_or_public).ask([link_to(server)])
    (fault,) = asked.values()
    assert fault.startswith("leads to https://")
    assert fault.endswith(f"which was not asked: it leads to an address that is not public ({address})")
    assert len(server.visits) == 1


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(certificate: Certificate) -> None:
    class Rebinding(Names):
        def __call__(self, host: str, port: int) -> Sequence[str]:
            super().__call__(host, port)
            return [HERE] if len(self.asked) == 1 else ["10.0.0.1"]

    names = Rebinding()
    with FaultServer(NO_HEAD, FINE, tls=certificate.server) as server:
        assert probe(certificate, resolve=names, allows=here_or_public).ask([link_to(server)]) == {}
    assert names.asked == [HOST]
    assert len(server.visits) == 2  # both requests went to the address that was judged


def test_each_redirect_is_looked_up_and_judged_anew(certificate: Certificate) -> None:
    class Rebinding(Names):
        def __call__(self, host: str, port: int) -> Sequence[str]:
            super().__call__(host, port)
            return [HERE] if len(self.asked) == 1 else ["10.0.0.1"]

    with FaultServer(redirecting("/again"), tls=certificate.server) as server:
        (fault,) = (
            probe(certificate, resolve=Rebinding(), allows=here_or_public).ask([link_to(server)]).values()
        )
    assert fault.endswith("not public (10.0.0.1)")
    assert len(server.visits) == 1


def test_by_a_proxy_a_name_of_the_own_network_and_a_private_address_are_refused_too(
    certificate: Certificate,
) -> None:
    with FaultServer(FINE) as by:
        proxy = f"http://{HERE}:{by.port}"
        strict = probe(certificate, proxy=proxy, resolve=Names("10.0.0.1"), allows=is_public)
        asked = strict.ask(["https://intranet.example.org/", "https://[::1]/"])
    assert all("an address that is not public" in fault for fault in asked.values())
    assert len(asked) == 2
    assert by.visits == []


@pytest.mark.parametrize("kind", ["endless", "bomb"])
def test_a_body_is_not_read_however_large_or_packed_it_is(certificate: Certificate, kind: str) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    packed = b"Content-Encoding: gzip\r\n" if kind == "bomb" else b""
    page = writing(b"HTTP/1.1 200 OK\r\n" + packed + b"\r\n", endless=bomb)
    with FaultServer(NO_HEAD, page, tls=certificate.server) as server:
        assert probe(certificate).ask([link_to(server)]) == {}
    assert server.requests[1].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\n", b"", b"HTTP/1.1 100 Continue\r\n\r\n"]
)
def test_a_head_without_end_is_given_up(certificate: Certificate, start: bytes) -> None:
    line = b"HTTP/1.1 100 Continue\r\n\r\n" if b"100" in start else b"X-More: " + b"x" * 4000 + b"\r\n"
    with FaultServer(writing(start, endless=line), tls=certificate.server) as server:
        (fault,) = probe(certificate).ask([link_to(server)]).values()
    assert fault in ("answers without an end", "does not answer: the connection broke")


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["status", "header"])
def test_an_answer_that_trickles_has_the_time_of_a_link_and_no_more(
    certificate: Certificate, start: bytes
) -> None:
    def drop(visit: Visit) -> None:
        visit.stop.wait(0.05)

    with FaultServer(writing(start, endless=b"x", pause=drop), tls=certificate.server) as server:
        link = link_to(server)
        asked = probe(certificate, limits=HASTY).ask([link])
    assert asked == {link: "does not answer within 0.5 s"}


@pytest.mark.parametrize("tls", [True, False], ids=["after TLS", "before TLS"])
def test_a_server_that_says_nothing_is_given_up(certificate: Certificate, tls: bool) -> None:
    limits = ProbeLimits(connect=0.3, link=0.6, altogether=60)
    with FaultServer(silent, tls=certificate.server if tls else None) as server:
        (fault,) = probe(certificate, limits=limits).ask([link_to(server)]).values()
    assert fault in ("does not answer within 0.6 s", "does not answer: no connection in time")


def test_no_cookie_comes_back_and_nothing_of_the_way_is_told(certificate: Certificate) -> None:
    moved = redirecting("/moved", **{"Set-Cookie": "visitor=1; Path=/"})
    with FaultServer(moved, FINE, tls=certificate.server) as server:
        assert probe(certificate).ask([link_to(server)]) == {}
    for request in server.requests:
        assert not {"cookie", "authorization", "referer"} & request.headers.keys()


def test_the_environments_proxy_and_passwords_count_for_nothing(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultServer(FINE, tls=certificate.server) as server, FaultServer(FINE) as stranger:
        monkeypatch.setenv("HTTPS_PROXY", stranger.url)
        monkeypatch.setenv("https_proxy", stranger.url)
        assert probe(certificate).ask([link_to(server)]) == {}
    assert stranger.visits == []


@pytest.mark.parametrize(
    "answer",
    [
        b"\xff\xfe\x00 nonsense\r\n\r\n",
        b"HTTP/1.1 999999999999 \r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
        b"HTTP/1.1 302 \r\nLocation: \xff\xfe\x1b[2J\r\n\r\n",
        b"HTTP/1.1 302 \r\nLocation: https://\xff\xff/\r\n\r\n",
        b"HTTP/1.1 302 \r\nLocation: https://other.example.org:99999999/\r\n\r\n",
        b"HTTP/1.1 302 \r\nLocation:\r\n\r\n",
    ],
)
def test_nonsense_ends_in_one_line_and_the_next_link_is_asked(
    certificate: Certificate, answer: bytes
) -> None:
    with (
        FaultServer(writing(answer), tls=certificate.server) as odd,
        FaultServer(FINE, tls=certificate.server) as good,
    ):
        links = [link_to(odd), link_to(good)]
        asked = probe(certificate, limits=ProbeLimits(side_by_side=1)).ask(links)
    assert links[1] not in asked
    assert all(char.isprintable() for char in asked.get(links[0], ""))


def test_what_nobody_foresaw_about_one_link_does_not_keep_the_others_from_being_asked(
    certificate: Certificate,
) -> None:
    def stumbling(address: str) -> bool:
        return 1 / (address != "10.0.0.1") == 1

    with FaultServer(FINE, tls=certificate.server) as server:
        odd, good = "https://10.0.0.1/", link_to(server)
        asked = probe(certificate, allows=stumbling, limits=ProbeLimits(side_by_side=1)).ask([odd, good])
    assert asked == {odd: "could not be asked (ZeroDivisionError): open it yourself"}


def test_threads_that_still_ask_do_not_hold_up_the_end_of_the_program(certificate: Certificate) -> None:
    released = threading.Event()
    look: Callable[[str, int], Sequence[str]] = lambda _h, _p: [HERE] if released.wait(30) else []  # noqa: E731
    probe(certificate, resolve=look, limits=ProbeLimits(connect=0.1, link=1)).ask([f"https://{HOST}/"])
    left = [thread for thread in threading.enumerate() if thread.name in ("links", "look-up")]
    assert all(thread.daemon for thread in left)
    released.set()
