"""Asks links, a handful side by side, each within its time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable

from urllib3 import BaseHTTPResponse
from urllib3.util import Url

from bot.adapters.web.asking import Asker, follow, parsed, redirect_of
from bot.adapters.web.bounds import ProbeLimits, TimeLeft
from bot.adapters.web.faults import LinkFault, NoAnswer, fault_of_status, shown
from bot.adapters.web.ways import Resolve, Ways, addresses_of, tls_context
from bot.application.ports.clock import Clock
from bot.domain.public_addresses import is_public

HEADERS = {
    "User-Agent": "announcement-bot (asks whether a link answers)",
    "Accept": "*/*",
    "Connection": "close",
}
_NO_ANSWER = 0


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
        ways = Ways(tls_context(ca_bundle), proxy, resolve, allows)
        self._asker = Asker(ways, HEADERS, self._limits.connect, self._limits.head_bytes)

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
        first = parsed("", link if "://" in link else f"https://{link}")
        last, _ = follow(first, self._limits.redirects, lambda where: self._ask_one(where, time))
        if _host(last) != _host(first):
            raise LinkFault(f"leads to another host: {shown(last)}")

    def _ask_one(self, where: Url, time: TimeLeft) -> tuple[str | None, int]:
        """Ask for the head; where that is refused, for all, of which the head is read. Raises LinkFault."""
        door = self._asker.at(where, time)
        try:
            location, status = door.ask("HEAD", _head)
        except NoAnswer:
            location, status = None, _NO_ANSWER
        if status == _NO_ANSWER or status >= 400:
            location, status = door.ask("GET", _head)
        if status >= 400:
            raise LinkFault(fault_of_status(status))
        return location, status


def _head(response: BaseHTTPResponse) -> tuple[str | None, int]:
    return redirect_of(response), response.status


def _host(where: Url) -> str:
    return str(where.host).rstrip(".").removeprefix("www.")
