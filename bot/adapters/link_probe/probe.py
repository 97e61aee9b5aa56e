"""Asks links, a handful side by side, each within its time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast
from urllib.parse import urljoin

from urllib3 import HTTPSConnectionPool, Timeout
from urllib3 import exceptions as urllib3
from urllib3.util import Url, parse_url

from bot.adapters.link_probe.bounds import BoundedConnection, ProbeLimits, TimeLeft
from bot.adapters.link_probe.faults import LinkFault, described, fault_of_status, shown
from bot.adapters.link_probe.ways import Resolve, Way, Ways, addresses_of, tls_context
from bot.application.ports.clock import Clock
from bot.domain.public_addresses import is_public

HEADERS = {
    "User-Agent": "announcement-bot (asks whether a link answers)",
    "Accept": "*/*",
    "Connection": "close",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came back: a status, and where it redirects to."""

    status: int
    location: str | None = None


class HttpsLinkProbe:
    """Asks links by https, at public addresses only. `resolve` looks names up, and `allows` judges each address."""

    def __init__(  # noqa: PLR0913 - what a connection needs, and the two rules that a test may replace
        self,
        clock: Clock,
        *,
        proxy: str | None = None,
        ca_bundle: str | None = None,
        limits: ProbeLimits | None = None,
        resolve: Resolve = addresses_of,
        allows: Callable[[str], bool] = is_public,
    ) -> None:
        self._clock = clock
        self._limits = limits or ProbeLimits()
        self._ways = Ways(tls_context(ca_bundle), proxy, resolve, allows)

    def ask(self, links: Iterable[str]) -> dict[str, str]:
        """Ask each link once; give what is wrong with those that do not answer as they should."""
        wanted = list(dict.fromkeys(links))
        waiting, faults = deque(wanted), dict[str, str]()
        end = self._clock.running() + self._limits.altogether

        def work() -> None:
            while waiting and self._clock.running() < end:
                try:
                    link = waiting.popleft()
                except IndexError:  # another thread took the last one
                    return
                faults[link] = self._fault_of(link, end)

        # Daemons, so that one that hangs does not hold up the end of the program.
        count = min(len(wanted), self._limits.side_by_side)
        threads = [threading.Thread(target=work, daemon=True, name="links") for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, end - self._clock.running()))
        known = dict(faults)
        late = f"was not asked: the {self._limits.altogether:g} s for all links were over"
        return {link: fault for link in wanted if (fault := known.get(link, late))}

    def _fault_of(self, link: str, end: float) -> str:
        deadline = min(end, self._clock.running() + self._limits.link)
        try:
            self._follow(link, TimeLeft(self._clock, deadline, self._limits.link))
        except LinkFault as fault:
            return str(fault)
        except Exception as error:
            # A server can answer anything; the link after it must be asked all the same.
            return f"could not be asked ({type(error).__name__}): open it yourself"
        return ""

    def _follow(self, link: str, time: TimeLeft) -> None:
        """Ask, and go where the answers point. Raises LinkFault for whatever readers would not want."""
        first = where = _parsed("", link if "://" in link else f"https://{link}")
        for _ in range(self._limits.redirects + 1):
            try:
                answer = self._ask_one(where, time)
            except LinkFault as fault:
                if where is first:
                    raise
                raise LinkFault(f"leads to {shown(where)}, which {fault}") from None
            if answer.location is None:
                if _host(where) != _host(first):
                    raise LinkFault(f"leads to another host: {shown(where)}")
                return
            where = _parsed(where.url, answer.location)
        raise LinkFault(f"redirects more than {self._limits.redirects} times")

    def _ask_one(self, where: Url, time: TimeLeft) -> _Answer:
        """Ask for the head; where that is refused, for all, of which the head is read. Raises LinkFault."""
        ways = self._ways.to(where, min(time.seconds(), self._limits.connect))
        answer = self._by_the_first_way("HEAD", where, ways, time)
        if answer.status == _NO_ANSWER or answer.status >= 400:
            answer = self._by_the_first_way("GET", where, ways, time)
        if answer.status == _NO_ANSWER:
            raise LinkFault("does not answer: the connection broke")
        if answer.status >= 400:
            raise LinkFault(fault_of_status(answer.status))
        return answer

    def _by_the_first_way(self, method: str, where: Url, ways: Sequence[Way], time: TimeLeft) -> _Answer:
        """Ask where a connection stands first. Raises LinkFault if none does."""
        fault = LinkFault("does not answer")
        for way in ways:
            try:
                with way() as pool:
                    return self._exchange(pool, method, where, time)
            except (urllib3.NewConnectionError, urllib3.ConnectTimeoutError) as error:
                fault = LinkFault(described(error))
            except urllib3.ProtocolError:  # it hung up, or wrote what is no answer
                return _Answer(_NO_ANSWER)
            except (urllib3.HTTPError, OSError) as error:
                raise LinkFault(described(error)) from None
        raise fault

    def _exchange(self, pool: HTTPSConnectionPool, method: str, where: Url, time: TimeLeft) -> _Answer:
        connection = partial(BoundedConnection, time=time, head_bytes=self._limits.head_bytes)
        pool.ConnectionCls = cast("Any", connection)  # called, never subclassed
        response = pool.urlopen(
            method,
            where.request_uri,
            headers={**HEADERS, "Host": where.netloc or ""},
            timeout=Timeout(connect=min(self._limits.connect, time.seconds()), read=time.seconds()),
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
        )
        response.close()
        location = response.headers.get("Location") if response.status in _REDIRECTS else None
        return _Answer(response.status, None if location is None else _utf8(location))


def _parsed(base: str, link: str) -> Url:
    """Read an address, if need be as seen from another. Raises LinkFault."""
    try:
        found = parse_url(urljoin(base, link))
    except (urllib3.LocationParseError, ValueError):
        found = Url()
    if not found.host or not found.scheme:
        raise LinkFault("is, or leads to, an address that cannot be read")
    return found


def _host(where: Url) -> str:
    return str(where.host).rstrip(".").removeprefix("www.")


def _utf8(location: str) -> str:
    """Headers are read as Latin-1; what is not ASCII in an address is UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location
