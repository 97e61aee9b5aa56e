"""A probe whose names all lead to servers of the tests, and behaviours of such servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bot.adapters.web.bounds import ProbeLimits
from bot.adapters.web.probe import HttpsLinkProbe
from tests.adapters.x_api.fault_server import Behaviour, FaultServer, Visit, answering_bytes
from tests.adapters.x_api.given import RunningClock
from tests.certificates import Certificate

HERE = "127.0.0.1"
HOST = "news.example.org"
NAMES = f"IP:{HERE},DNS:{HOST},DNS:www.{HOST},DNS:other.example.org,DNS:xn--mnchen-3ya.example.org"
PATIENT = ProbeLimits(connect=20, link=40, altogether=120)
"""Long, so that a busy machine fails no test."""

FINE = answering_bytes(200, b"")
NO_HEAD = answering_bytes(405, b"")


class Names:
    """A look-up that leads every name to the same addresses, and counts."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses or (HERE,)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.addresses


def probe(certificate: Certificate | None, **options: Any) -> HttpsLinkProbe:
    """A probe that trusts the certificate, and is allowed the address of this machine."""
    given: dict[str, Any] = {"limits": PATIENT, "resolve": Names(), "allows": lambda address: address == HERE}
    return HttpsLinkProbe(
        RunningClock(), ca_bundle=certificate.pem if certificate else None, **(given | options)
    )


def link_to(server: FaultServer, path: str = "/report", host: str = HOST) -> str:
    return f"https://{host}:{server.port}{path}"


def redirecting(to: str, **headers: str) -> Behaviour:
    """A server that points elsewhere; `PORT` in the address is its own."""

    def behave(visit: Visit) -> None:
        visit.read_request()
        target = to.replace("PORT", str(visit.sock.getsockname()[1]))
        visit.answer(302, headers={"Location": target.encode().decode("latin-1"), **headers})
        visit.wait_until_hung_up()

    return behave


def writing(
    *pieces: bytes, endless: bytes = b"", pause: Callable[[Visit], object] = lambda _: None
) -> Behaviour:
    """A server that reads a request and writes these bytes, then others until nobody listens any more."""

    def behave(visit: Visit) -> None:
        visit.read_request()
        for piece in pieces:
            visit.sock.sendall(piece)
        while endless and not visit.stop.is_set():
            visit.sock.sendall(endless)
            pause(visit)
        visit.wait_until_hung_up()

    return behave


def hanging_up(visit: Visit) -> None:
    """A server that reads a request and hangs up."""
    visit.read_request()


def silent(visit: Visit) -> None:
    """A server that says nothing."""
    visit.wait_until_hung_up()
