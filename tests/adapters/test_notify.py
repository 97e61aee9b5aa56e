"""Notices, as the service that receives them sees them."""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.adapters.notify import AppriseNotifier

PATIENCE = 30.0

# Apprise loads a module that Python will drop, when it loads its mail service.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class Service(ThreadingHTTPServer):
    """Receives notices. While `open` is not set, it takes requests and does not answer; `status` is its answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiver)
        self.notices: queue.Queue[dict[str, Any]] = queue.Queue()
        self.open = threading.Event()
        self.open.set()
        self.status = 200

    @property
    def address(self) -> str:
        return f"json://user:hidden-key@127.0.0.1:{self.server_address[1]}/hidden-path"


class Receiver(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.notices.put(json.loads(body))
        self.server.open.wait(PATIENCE)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Be quiet."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as service:
        thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield service
        service.open.set()
        service.shutdown()
        thread.join()


def test_a_notice_arrives_with_its_subject_and_its_words(service: Service) -> None:
    notifier = AppriseNotifier(service.address)
    notifier.tell("rso is paused", "See `bot status`.")
    notice = service.notices.get(timeout=PATIENCE)
    notifier.close()
    assert (notice["title"], notice["message"]) == ("rso is paused", "See `bot status`.")


def test_what_waits_is_sent_before_the_program_ends(service: Service) -> None:
    notifier = AppriseNotifier(service.address)
    for number in range(5):
        notifier.tell(f"notice {number}", "")
    notifier.close()
    assert [service.notices.get(timeout=0)["title"] for _ in range(5)] == [f"notice {n}" for n in range(5)]


def test_without_an_address_nobody_is_contacted(service: Service) -> None:
    before = threading.enumerate()
    notifier = AppriseNotifier(None)
    notifier.tell("rso is paused", "")
    assert threading.enumerate() == before
    notifier.close()
    assert service.notices.empty()


def test_a_service_that_hangs_holds_up_neither_the_teller_nor_the_end(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.open.clear()
    notifier = AppriseNotifier(service.address, most_waiting=2)
    notifier.tell("first", "")
    service.notices.get(timeout=PATIENCE)
    for number in range(3):
        notifier.tell(f"notice {number}", "")
    notifier.close(seconds=0.01)
    told = [(record.getMessage(), getattr(record, "subject", None)) for record in caplog.records]
    assert ("a notice is not sent: too many wait", "notice 2") in told
    assert told[-1] == ("the program ends before its last notices are sent", None)


@pytest.mark.parametrize("fault", ["refused", "nobody there", "unknown address"])
def test_a_notice_that_is_lost_is_logged_without_the_keys_of_the_address(
    service: Service, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    caplog.set_level(logging.DEBUG)
    address = service.address
    if fault == "refused":
        service.status = 500
    elif fault == "nobody there":
        address = "json://user:hidden-key@127.0.0.1:1/hidden-path"
    else:
        address = "no-such-service://hidden-key/hidden-path"
    notifier = AppriseNotifier(address)
    notifier.tell("rso is paused", "")
    notifier.close()
    told = [(record.getMessage(), getattr(record, "subject", None)) for record in caplog.records]
    assert ("a notice could not be sent", "rso is paused") in told
    assert "hidden" not in caplog.text
