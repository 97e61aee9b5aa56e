"""What breaks before the first byte was not sent, what breaks after it is in doubt; always after one connection."""

from __future__ import annotations

import socket
import threading

import pytest

from bot.adapters.x_api.endpoint import RequestTimes
from bot.domain.outcomes import Accepted, InDoubt, NotSent
from tests.adapters.x_api.conftest import MakeChannel
from tests.adapters.x_api.fault_server import Behaviour, FaultServer, Visit
from tests.adapters.x_api.given import BODY, HandClock, Recorder, free_to_go
from tests.certificates import Certificate

ACCEPTED = b'{"data":{"id":"1871234"}}'
HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_a_refused_connection_is_not_sent(make_channel: MakeChannel, recorder: Recorder) -> None:
    outcome = make_channel(f"http://127.0.0.1:{closed_port()}").create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "the connection failed: Connection refused"
    assert recorder.steps == []


def test_a_name_that_nobody_knows_is_not_sent(make_channel: MakeChannel) -> None:
    outcome = make_channel("https://api.x.invalid").create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "the host's name cannot be resolved"


def test_a_connection_that_does_not_come_about_in_time_is_not_sent(make_channel: MakeChannel) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [
            socket.socket() for _ in range(4)
        ]  # more than the queue holds: who comes next is left standing
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        outcome = make_channel(url, times=RequestTimes(connect=0.2)).create(BODY, free_to_go)
        for each in waiting:
            each.close()
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "no connection within 0.2 s"


def test_a_certificate_that_nobody_vouches_for_is_not_sent(
    make_channel: MakeChannel, certificate: Certificate, recorder: Recorder
) -> None:
    with FaultServer(lambda visit: visit.wait_until_hung_up(), tls=certificate.server) as server:
        outcome = make_channel(server.url).create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason.startswith("TLS failed: self-signed certificate")
    assert server.bytes_read == 0
    assert recorder.steps == []


def test_a_certificate_for_another_host_is_not_sent(
    make_channel: MakeChannel, certificate: Certificate
) -> None:
    with FaultServer(lambda visit: visit.wait_until_hung_up(), tls=certificate.server) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        outcome = make_channel(url, ca_bundle=certificate.pem).create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason.startswith("TLS failed: Hostname mismatch")
    assert server.bytes_read == 0


def test_a_server_that_speaks_no_tls_is_not_sent(make_channel: MakeChannel) -> None:
    def greet_as_a_mail_server_does(visit: Visit) -> None:
        visit.sock.sendall(b"220 mail.example ESMTP\r\n")
        visit.wait_until_hung_up()

    with FaultServer(greet_as_a_mail_server_does) as server:
        outcome = make_channel(server.url.replace("http:", "https:")).create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason.startswith("TLS failed: ")


def silent_for_long(visit: Visit) -> None:
    """Take what comes, say nothing for ten times as long as the test allows, and hang up."""
    any(visit.hung_up(0.1) for _ in range(30))


def test_a_tls_handshake_that_stands_still_is_not_sent(make_channel: MakeChannel) -> None:
    with FaultServer(silent_for_long) as server:
        url = server.url.replace("http:", "https:")
        outcome = make_channel(url, times=RequestTimes(connect=0.3)).create(BODY, free_to_go)
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "no connection within 0.3 s"


def hang_up_after_the_request(visit: Visit) -> None:
    visit.read_request()


def reset_after_the_request(visit: Visit) -> None:
    visit.read_request()
    visit.reset()


def half_a_status_line(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(b"HTTP/1.1 20")


def half_a_head(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(HEAD + b"X-Half")


def half_a_body(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(HEAD + b"Content-Length: 1000\r\n\r\n" + ACCEPTED)


def half_a_chunk(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1000\r\n" + ACCEPTED)


def no_last_chunk(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(ACCEPTED), ACCEPTED))


def reset_within_the_body(visit: Visit) -> None:
    half_a_body(visit)
    visit.reset()


def not_http(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(b"220 mail.example ESMTP\r\n\r\n")


def a_thousand_headers(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(HEAD + b"X-Pad: 1\r\n" * 1000 + b"Content-Length: 25\r\n\r\n" + ACCEPTED)


def a_header_without_end(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(HEAD + b"X-Pad: " + b"a" * 200_000 + b"\r\n\r\n" + ACCEPTED)


def early_hints_and_then_nothing(visit: Visit) -> None:
    visit.read_request()
    visit.sock.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")


BREAKS = [
    hang_up_after_the_request,
    reset_after_the_request,
    half_a_status_line,
    half_a_head,
    half_a_body,
    half_a_chunk,
    no_last_chunk,
    reset_within_the_body,
    not_http,
    a_thousand_headers,
    a_header_without_end,
    early_hints_and_then_nothing,
]


@pytest.mark.parametrize("behaviour", BREAKS, ids=lambda behaviour: behaviour.__name__)
@pytest.mark.parametrize("over_tls", [False, True], ids=["http", "https"])
def test_a_line_that_breaks_after_the_first_byte_leaves_the_post_in_doubt(
    make_channel: MakeChannel,
    certificate: Certificate,
    recorder: Recorder,
    behaviour: Behaviour,
    over_tls: bool,
) -> None:
    with FaultServer(behaviour, tls=certificate.server if over_tls else None) as server:
        channel = make_channel(server.url, ca_bundle=certificate.pem if over_tls else None)
        outcome = channel.create(BODY, free_to_go)
    assert isinstance(outcome, InDoubt)
    assert outcome.reason
    assert len(server.visits) == 1
    assert len(server.requests) == 1
    assert recorder.steps == ["before guard", "after guard", "before create", "after create"]


def test_a_line_that_broke_while_the_guard_looked_leaves_the_post_in_doubt(make_channel: MakeChannel) -> None:
    """Nothing was read, but that is the server's knowledge and not ours."""
    connected, broken = threading.Event(), threading.Event()

    def break_the_line(visit: Visit) -> None:
        connected.wait(20)
        visit.reset()
        broken.set()

    def look() -> None:
        connected.set()
        assert broken.wait(20)

    with FaultServer(break_the_line) as server:
        outcome = make_channel(server.url).create(BODY, look)
    assert isinstance(outcome, InDoubt)
    assert (len(server.visits), server.bytes_read) == (1, 0)


def test_what_is_known_of_a_broken_answer_is_kept(make_channel: MakeChannel) -> None:
    with FaultServer(half_a_body) as server:
        outcome = make_channel(server.url).create(BODY, free_to_go)
    assert outcome.exchange.status == 201
    assert isinstance(outcome, InDoubt)
    assert outcome.reason == "the connection broke before the whole answer was read after the status 201"


def late(visit: Visit) -> None:
    visit.read_request()
    if not visit.hung_up(3):
        visit.answer(201, ACCEPTED)


def test_no_answer_at_all_is_in_doubt_when_the_time_for_a_piece_is_over(make_channel: MakeChannel) -> None:
    with FaultServer(late) as server:
        times = RequestTimes(connect=10, read=0.2, total=30)
        outcome = make_channel(server.url, times=times).create(BODY, free_to_go)
    assert outcome == InDoubt("no whole answer in time", outcome.exchange)
    assert len(server.requests) == 1


def test_the_last_piece_is_not_waited_for_longer_than_the_whole_answer(make_channel: MakeChannel) -> None:
    with FaultServer(late) as server:
        times = RequestTimes(connect=10, read=20, total=0.2)
        outcome = make_channel(server.url, times=times).create(BODY, free_to_go)
    assert outcome == InDoubt("no whole answer in time", outcome.exchange)


@pytest.mark.parametrize(
    ("head", "pieces"),
    [
        (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
        (HEAD + b"X-Pad: ", b"a"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["body", "head", "continues"],
)
@pytest.mark.parametrize("over_tls", [False, True], ids=["http", "https"])
def test_an_answer_that_trickles_is_given_up_when_the_time_for_all_of_it_is_over(
    make_channel: MakeChannel, certificate: Certificate, over_tls: bool, *, head: bytes, pieces: bytes
) -> None:
    """Each piece comes well within the time for a piece."""
    clock, hung_up = HandClock(), []

    def trickle(visit: Visit) -> None:
        visit.read_request()
        visit.sock.sendall(head + pieces)
        clock.forward(41)
        while not visit.hung_up(0.01) and not visit.stop.is_set():
            visit.sock.sendall(pieces)
        hung_up.append(not visit.stop.is_set())

    with FaultServer(trickle, tls=certificate.server if over_tls else None) as server:
        channel = make_channel(server.url, clock=clock, ca_bundle=certificate.pem if over_tls else None)
        outcome = channel.create(BODY, free_to_go)
        server.wait_for_visits_to_end()
    assert isinstance(outcome, InDoubt)
    assert outcome.reason.startswith("no whole answer in time")
    assert hung_up == [True]


def test_an_answer_in_many_pieces_is_read(make_channel: MakeChannel) -> None:
    def in_single_bytes(visit: Visit) -> None:
        visit.read_request()
        for each in HEAD + b"Content-Length: 25\r\n\r\n" + ACCEPTED:
            visit.sock.sendall(bytes([each]))
        visit.wait_until_hung_up()

    with FaultServer(in_single_bytes) as server:
        outcome = make_channel(server.url).create(BODY, free_to_go)
    assert isinstance(outcome, Accepted)


def test_the_connection_is_gone_when_the_answer_was_given_up(make_channel: MakeChannel) -> None:
    gone = []

    def endless(visit: Visit) -> None:
        visit.read_request()
        visit.sock.settimeout(20)
        visit.sock.sendall(HEAD + b"Content-Length: 99999999\r\n\r\n")
        try:
            while True:
                visit.sock.sendall(b" " * 65536)
        except ConnectionError:
            gone.append(True)

    with FaultServer(endless) as server:
        outcome = make_channel(server.url).create(BODY, free_to_go)
    assert isinstance(outcome, InDoubt)
    assert outcome.reason == "the answer is longer than 1048576 bytes"
    assert gone == [True]
