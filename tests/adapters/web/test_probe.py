"""Links, asked as servers see it and answered as people read it."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.adapters.web.bounds import ProbeLimits
from bot.domain.errors import SettingsMissing
from tests.adapters.web.asking import (
    FINE,
    HERE,
    HOST,
    NO_HEAD,
    PATIENT,
    Names,
    hanging_up,
    link_to,
    probe,
    redirecting,
    silent,
)
from tests.adapters.x_api.connect_proxy import tunnel
from tests.adapters.x_api.fault_server import Behaviour, FaultServer, Visit, answering_bytes
from tests.certificates import Certificate, self_signed


def said(certificate: Certificate, *behaviours: Behaviour, path: str = "/report") -> str:
    """What is said of a link to a server that behaves so."""
    with FaultServer(*behaviours, tls=certificate.server) as server:
        link = link_to(server, path)
        return probe(certificate).ask([link]).get(link, "").replace(f":{server.port}", "")


def test_a_link_that_answers_is_asked_for_its_head_once_and_nothing_is_said(certificate: Certificate) -> None:
    with FaultServer(FINE, tls=certificate.server) as server:
        link = link_to(server, "/report/2023?lang=en#summary")
        assert probe(certificate).ask([link, link]) == {}
    (request,) = server.requests
    assert (request.method, request.target) == ("HEAD", "/report/2023?lang=en")
    assert dict(request.headers) == {
        "host": f"{HOST}:{server.port}",
        "user-agent": "announcement-bot (asks whether a link answers)",
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
    }


def test_a_link_without_scheme_is_asked_by_https(certificate: Certificate) -> None:
    with FaultServer(FINE, tls=certificate.server) as server:
        link = link_to(server).removeprefix("https://")
        assert probe(certificate).ask([link]) == {}
    assert len(server.requests) == 1


def test_letters_of_other_scripts_travel_as_servers_expect_them(certificate: Certificate) -> None:
    names = Names()
    with FaultServer(FINE, tls=certificate.server) as server:
        link = link_to(server, "/รายงาน?ปี=2566", "münchen.example.org")
        assert probe(certificate, resolve=names).ask([link]) == {}
    assert names.asked == ["xn--mnchen-3ya.example.org"]
    assert server.requests[0].target.startswith("/%E0%B8%A3")
    assert server.requests[0].target.isascii()


@pytest.mark.parametrize("first", [NO_HEAD, answering_bytes(404, b""), answering_bytes(501, b""), hanging_up])
def test_a_server_that_refuses_the_head_alone_is_asked_for_the_page(
    certificate: Certificate, first: Behaviour
) -> None:
    with FaultServer(first, FINE, tls=certificate.server) as server:
        assert probe(certificate).ask([link_to(server)]) == {}
    assert [request.method for request in server.requests] == ["HEAD", "GET"]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "is not there (404)"),
        (410, "is not there (410)"),
        (403, "answers 403, perhaps because a program asks: open it yourself"),
        (503, "answers 503: open it yourself"),
    ],
)
def test_an_answer_that_readers_would_not_want_is_said(
    certificate: Certificate, status: int, words: str
) -> None:
    assert said(certificate, answering_bytes(status, b"")) == words


def test_a_server_that_hangs_up_each_time_does_not_answer(certificate: Certificate) -> None:
    assert said(certificate, hanging_up) == "does not answer: the connection broke"


@pytest.mark.parametrize("to", ["/moved", f"https://www.{HOST}:PORT/moved"])
def test_a_redirect_within_the_host_is_followed_and_nothing_is_said(
    certificate: Certificate, to: str
) -> None:
    assert said(certificate, redirecting(to), FINE) == ""


def test_a_redirect_in_other_letters_leads_where_it_says(certificate: Certificate) -> None:
    with FaultServer(redirecting("/งาน"), FINE, tls=certificate.server) as server:
        assert probe(certificate).ask([link_to(server)]) == {}
    assert server.requests[1].target == "/%E0%B8%87%E0%B8%B2%E0%B8%99"


def test_a_redirect_to_another_host_is_said_without_what_may_be_secret(certificate: Certificate) -> None:
    assert said(certificate, redirecting("https://other.example.org:PORT/landing?token=secret"), FINE) == (
        "leads to another host: https://other.example.org/landing"
    )


@pytest.mark.parametrize(
    ("to", "words"),
    [
        (
            "http://news.example.org/plain",
            "leads to http://news.example.org/plain, which is http: only https is asked,"
            " which nobody reads or changes on its way",
        ),
        (
            "https://user:password@news.example.org/in",
            "leads to https://news.example.org/in, which was not asked: it holds a user's name, perhaps a password",
        ),
        ("https://a b/", "is, or leads to, an address that cannot be read"),
        ("//[", "is, or leads to, an address that cannot be read"),
        ("file:///etc/passwd", "is, or leads to, an address that cannot be read"),
        ("ftp://news.example.org/a", "leads to ftp://news.example.org/a, which is ftp: only https is asked,"
         " which nobody reads or changes on its way"),
    ],
)  # fmt: skip
def test_a_redirect_is_held_to_the_rules_of_a_link(certificate: Certificate, to: str, words: str) -> None:
    with FaultServer(redirecting(to), tls=certificate.server) as server:
        link = link_to(server)
        assert probe(certificate).ask([link]) == {link: words}
    assert len(server.visits) == 1


def test_a_redirect_to_what_is_not_there_says_both(certificate: Certificate) -> None:
    assert said(certificate, redirecting("/gone"), answering_bytes(404, b"")) == (
        f"leads to https://{HOST}/gone, which is not there (404)"
    )


def test_redirects_without_end_are_followed_five_times(certificate: Certificate) -> None:
    with FaultServer(redirecting("/again"), tls=certificate.server) as server:
        link = link_to(server)
        assert probe(certificate).ask([link]) == {link: "redirects more than 5 times"}
    assert len(server.visits) == 6


def test_plain_http_is_not_asked(certificate: Certificate) -> None:
    with FaultServer(FINE) as server:
        link = f"http://{HOST}:{server.port}/report"
        words = "is http: only https is asked, which nobody reads or changes on its way"
        assert probe(certificate).ask([link]) == {link: words}
    assert server.visits == []


def test_a_certificate_that_nobody_vouches_for_is_said(certificate: Certificate) -> None:
    with FaultServer(FINE, tls=certificate.server) as server:
        link = link_to(server)
        assert probe(None).ask([link]) == {
            link: "shows a certificate that is not valid: self-signed certificate"
        }


def test_a_certificate_of_another_host_is_said(certificate: Certificate) -> None:
    with FaultServer(FINE, tls=certificate.server) as server:
        link = link_to(server, host="wrong.example.org")
        (fault,) = probe(certificate).ask([link]).values()
    assert fault.startswith("shows a certificate that is not valid: Hostname mismatch")
    assert server.requests == []


def test_what_is_no_tls_is_said(certificate: Certificate) -> None:
    def shouting(visit: Visit) -> None:
        visit.sock.sendall(b"220 mail.example.org ESMTP\r\n" * 4)
        visit.wait_until_hung_up()

    with FaultServer(shouting) as server:
        link = link_to(server)
        assert probe(certificate).ask([link]) == {link: "does not answer: TLS failed"}


def test_a_name_that_is_not_known_and_a_port_that_is_closed_are_said(certificate: Certificate) -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    link = "https://nowhere.example.org/a"
    assert probe(certificate, resolve=unknown).ask([link]) == {link: "does not answer: its name is not known"}
    with socket.create_server((HERE, 0)) as taken:
        port = taken.getsockname()[1]
    link = f"https://{HOST}:{port}/a"
    assert probe(certificate).ask([link]) == {link: "does not answer: connection refused"}


def test_the_next_address_of_a_name_is_tried_when_the_first_is_closed(certificate: Certificate) -> None:
    with FaultServer(FINE, tls=certificate.server) as server:
        names = Names("127.0.0.2", HERE)
        asked = probe(certificate, resolve=names, allows=lambda _: True).ask([link_to(server)])
    assert asked == {}


def test_links_are_asked_side_by_side_and_not_more_than_a_handful(certificate: Certificate) -> None:
    meeting, most, now, lock = threading.Barrier(2), 0, 0, threading.Lock()

    def met(visit: Visit) -> None:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        meeting.wait(60)
        with lock:
            now -= 1
        FINE(visit)

    with FaultServer(met, tls=certificate.server) as server:
        links = [link_to(server, f"/{number}") for number in range(6)]
        limits = ProbeLimits(connect=60, link=60, altogether=120, side_by_side=2)
        assert probe(certificate, limits=limits).ask(links) == {}
    assert most == 2


def test_what_is_not_asked_in_the_time_for_all_says_so(certificate: Certificate) -> None:
    with FaultServer(silent, tls=certificate.server) as server:
        first, second = link_to(server, "/1"), link_to(server, "/2")
        limits = ProbeLimits(connect=30, link=30, altogether=0.3, side_by_side=1)
        asked = probe(certificate, limits=limits).ask([first, second])
    assert asked[second] == "was not asked: the 0.3 s for all links were over"
    assert first in asked


def test_a_look_up_that_hangs_holds_nothing_up(certificate: Certificate) -> None:
    never = threading.Event()

    def hanging(_host: str, _port: int) -> Sequence[str]:
        never.wait(60)
        return [HERE]

    link = f"https://{HOST}/a"
    limits = ProbeLimits(connect=0.2, link=30)
    asked = probe(certificate, resolve=hanging, limits=limits).ask([link])
    never.set()
    assert asked == {link: "does not answer: its name is not known"}


def test_by_a_proxy_the_name_is_handed_on_with_the_proxys_password(certificate: Certificate) -> None:
    def unknown(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    with FaultServer(FINE, tls=certificate.server) as site, FaultServer(tunnel(to=site.port)) as by:
        proxy = f"http://user:p%40ss@{HERE}:{by.port}"
        asked = probe(certificate, resolve=unknown, proxy=proxy).ask([link_to(site)])
    assert asked == {}
    (connect,) = by.requests
    assert (connect.method, connect.target) == ("CONNECT", f"{HOST}:{site.port}")
    credentials = base64.b64encode(b"user:p@ss").decode()
    assert connect.headers["proxy-authorization"] == f"Basic {credentials}"
    assert "proxy-authorization" not in site.requests[0].headers


def test_a_proxy_that_refuses_is_said_without_its_password(certificate: Certificate) -> None:
    with FaultServer(answering_bytes(403, b"")) as by:
        proxy = f"http://user:password@{HERE}:{by.port}"
        (fault,) = probe(certificate, proxy=proxy).ask([f"https://{HOST}/a"]).values()
    assert fault == "was not asked: the proxy did not connect (it answers 403)"


def test_a_bundle_without_certificates_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    with pytest.raises(SettingsMissing, match=r"^BOT_CA_BUNDLE: .* holds no certificates"):
        probe(Certificate(str(tmp_path / "empty.pem"), self_signed(tmp_path, f"IP:{HERE}").server))


def test_nothing_to_ask_asks_nothing(certificate: Certificate) -> None:
    assert probe(certificate, limits=PATIENT).ask([]) == {}
