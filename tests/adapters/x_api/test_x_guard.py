"""The guard stands between the connection and the first byte; what leaves then leaves at once, and as it was given."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from bot.adapters.x_api.endpoint import RequestTimes
from bot.domain.outcomes import Accepted, NotSent
from tests.adapters.x_api.conftest import MakeChannel
from tests.adapters.x_api.fault_server import FaultServer, Visit, answering
from tests.adapters.x_api.given import BODY, HandClock, Recorder, free_to_go
from tests.certificates import Certificate

ACCEPTING = answering(201, {"data": {"id": "1871234", "text": "Ten"}})

over_both = pytest.mark.parametrize("over_tls", [False, True], ids=["http", "https"])


@over_both
def test_a_guard_that_says_no_lets_no_byte_out(
    make_channel: MakeChannel, certificate: Certificate, recorder: Recorder, over_tls: bool
) -> None:
    with FaultServer(
        lambda visit: visit.wait_until_hung_up(), tls=certificate.server if over_tls else None
    ) as server:
        channel = make_channel(server.url, ca_bundle=certificate.pem if over_tls else None)
        outcome = channel.create(BODY, lambda: "another process settled the attempt")
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "another process settled the attempt"
    assert (len(server.visits), server.bytes_read) == (1, 0)
    assert recorder.steps == ["before guard", "after guard"]


@over_both
def test_while_the_guard_looks_the_server_has_a_connection_and_not_one_byte(
    make_channel: MakeChannel, certificate: Certificate, over_tls: bool
) -> None:
    connected, silent = threading.Event(), threading.Event()

    def listen_first(visit: Visit) -> None:
        connected.set()
        visit.sock.settimeout(0.3)
        try:
            visit.sock.recv(1)
        except TimeoutError:
            silent.set()
        visit.sock.settimeout(None)
        ACCEPTING(visit)

    def freeze() -> None:
        assert connected.wait(20)
        assert silent.wait(20)

    with FaultServer(listen_first, tls=certificate.server if over_tls else None) as server:
        channel = make_channel(server.url, ca_bundle=certificate.pem if over_tls else None)
        outcome = channel.create(BODY, freeze)
    assert isinstance(outcome, Accepted)
    assert [request.body for request in server.requests] == [BODY]


def test_the_age_of_the_connection_at_the_first_byte_is_told(make_channel: MakeChannel) -> None:
    clock = HandClock()
    with FaultServer(ACCEPTING) as server:
        outcome = make_channel(server.url, clock=clock).create(BODY, lambda: clock.forward(3.5))
    assert outcome.exchange.connection_age == 3.5


@pytest.mark.parametrize(
    "error", [RuntimeError("a bug"), ConnectionResetError("not X's"), TimeoutError("not X's")]
)
def test_what_the_guard_raises_is_raised_with_nothing_sent(
    make_channel: MakeChannel, error: Exception
) -> None:
    def look() -> str | None:
        raise error

    with (
        FaultServer(lambda visit: visit.wait_until_hung_up()) as server,
        pytest.raises(type(error)) as raised,
    ):
        make_channel(server.url).create(BODY, look)
    assert raised.value is error
    assert server.bytes_read == 0


def test_an_interrupt_during_the_look_sends_nothing(make_channel: MakeChannel) -> None:
    def look() -> str | None:
        raise KeyboardInterrupt

    with FaultServer(lambda visit: visit.wait_until_hung_up()) as server, pytest.raises(KeyboardInterrupt):
        make_channel(server.url).create(BODY, look)
    assert server.bytes_read == 0


def test_each_create_has_a_connection_of_its_own_even_if_the_server_would_keep_it(
    make_channel: MakeChannel,
) -> None:
    def keep_alive(visit: Visit) -> None:
        visit.read_request()
        visit.answer_json(
            201, {"data": {"id": "1"}}, {"Connection": "keep-alive", "Keep-Alive": "timeout=600"}
        )
        visit.wait_until_hung_up()

    with FaultServer(keep_alive) as server:
        channel = make_channel(server.url)
        for _ in range(3):
            assert isinstance(channel.create(BODY, free_to_go), Accepted)
    assert [len(visit.requests) for visit in server.visits] == [1, 1, 1]
    assert {request.headers["connection"] for request in server.requests} == {"close"}


def test_creates_of_several_threads_do_not_mix(make_channel: MakeChannel) -> None:
    def echo(visit: Visit) -> None:
        request = visit.read_request()
        visit.answer_json(201, {"data": {"id": request.body.decode()}})
        visit.wait_until_hung_up()

    with FaultServer(echo) as server, ThreadPoolExecutor(8) as pool:
        channel = make_channel(server.url)
        numbers = [str(number) for number in range(64)]
        outcomes = list(pool.map(lambda number: channel.create(number.encode(), free_to_go), numbers))
    assert [getattr(outcome, "post_id", outcome) for outcome in outcomes] == numbers


@pytest.mark.parametrize("body", [BODY, b"{}", b'{ "text" : "spaces stay" }', BODY + b" " * 9000])
def test_the_body_on_the_wire_is_the_given_bytes(make_channel: MakeChannel, body: bytes) -> None:
    with FaultServer(ACCEPTING) as server:
        make_channel(server.url).create(body, free_to_go)
    (request,) = server.requests
    assert request.body == body
    assert (request.method, request.target) == ("POST", "/2/tweets")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == f"127.0.0.1:{server.port}"


@over_both
def test_head_and_body_arrive_in_one_segment(
    make_channel: MakeChannel, certificate: Certificate, over_tls: bool
) -> None:
    counted = threading.Event()
    segments: list[int] = []

    def counting(visit: Visit) -> None:
        before = data_segments_in(visit.sock)
        counted.set()
        visit.read_request()
        segments.append(data_segments_in(visit.sock) - before)
        visit.answer_json(201, {"data": {"id": "1"}})
        visit.wait_until_hung_up()

    def look() -> None:
        assert counted.wait(20)

    with FaultServer(counting, tls=certificate.server if over_tls else None) as server:
        channel = make_channel(server.url, ca_bundle=certificate.pem if over_tls else None)
        outcome = channel.create(BODY, look)
    assert isinstance(outcome, Accepted)
    assert segments == [1]


def data_segments_in(sock: socket.socket) -> int:
    """How many segments with data have come in: `tcpi_data_segs_in` of Linux's struct tcp_info."""
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)
    count: int = struct.unpack_from("I", info, 152)[0]
    return count


def test_the_kernel_sends_at_once_and_nothing_for_the_dead(make_channel: MakeChannel) -> None:
    options: list[tuple[int, tuple[int, int], int]] = []

    def look() -> None:
        for sock in own_sockets(connected_to=server.port):
            with closing(sock):
                linger = struct.unpack("ii", sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
                no_delay = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                timeout = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
                options.append((no_delay, linger, timeout))

    with FaultServer(ACCEPTING) as server:
        make_channel(server.url, times=RequestTimes(connect=10, user_timeout=12.5)).create(BODY, look)
    assert options == [(1, (1, 0), 12_500)]


def own_sockets(*, connected_to: int) -> Iterator[socket.socket]:
    """Copies of this process's sockets that are connected to a port."""
    for number in range(3, 256):
        try:
            sock = socket.socket(fileno=os.dup(number))
        except OSError:
            continue
        try:
            if sock.getpeername()[1] == connected_to:
                yield sock
            else:
                sock.close()
        except (OSError, IndexError):
            sock.close()
