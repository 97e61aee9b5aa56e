"""Notices by apprise: mail, chat, whatever a team reads (design, section 5: tell people)."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)

MOST_WAITING = 100
"""Notices that wait for a slow service; what comes beyond is in the log alone."""

LAST_WAIT = 10.0
"""Seconds that the end of the program waits for notices under way."""


class AppriseNotifier:
    """Sends notices in a thread of its own, so that a service that hangs stops nothing; without an address it sends none.

    `url`: one or more addresses as apprise knows them. They hold keys, so that no message of apprise's own is logged.
    """

    def __init__(self, url: str | None, *, most_waiting: int = MOST_WAITING) -> None:
        self._url = url
        self._most_waiting = most_waiting
        self._waiting: deque[tuple[str, str]] = deque()
        self._news = threading.Condition()
        self._ending = False
        self._thread: threading.Thread | None = None

    def tell(self, subject: str, body: str) -> None:
        """Send one notice; never raises."""
        if self._url is None:
            return
        with self._news:
            fits = len(self._waiting) < self._most_waiting
            if fits:
                self._waiting.append((subject, body))
                self._news.notify()
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._send_all, args=[self._url], daemon=True, name="notices"
                )
                self._thread.start()
        if not fits:
            log.error("a notice is not sent: too many wait", extra={"subject": subject})

    def close(self, *, seconds: float = LAST_WAIT) -> None:
        """Send what waits, for so many seconds at most."""
        with self._news:
            self._ending = True
            self._news.notify()
        if self._thread is not None:
            self._thread.join(seconds)
            if self._thread.is_alive():
                log.error("the program ends before its last notices are sent")

    def _send_all(self, url: str) -> None:
        send = _sender(url)
        while (notice := self._next()) is not None:
            subject, body = notice
            if not send(subject, body):
                log.error("a notice could not be sent", extra={"subject": subject})

    def _next(self) -> tuple[str, str] | None:
        """Wait for a notice; None when none comes any more."""
        with self._news:
            while not self._waiting and not self._ending:
                self._news.wait()
            return self._waiting.popleft() if self._waiting else None


def _sender(url: str) -> Callable[[str, str], bool]:
    """Give what sends a notice and tells whether it went out. Whatever a service's plug-in does, it raises nothing."""
    import apprise  # noqa: PLC0415 - start-up time: it loads every service that it knows

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    logging.getLogger("urllib3").setLevel(max(logging.WARNING, logging.getLogger("urllib3").level))
    service = apprise.Apprise()
    try:
        known = service.add(url)
    except Exception as error:
        log.error("apprise cannot be used", extra={"kind": type(error).__name__})
        known = False
    else:
        if not known:
            log.error(
                "BOT_NOTIFY_URL: apprise does not know this address: look it up in its list of services"
            )

    def send(subject: str, body: str) -> bool:
        try:
            return bool(known and service.notify(title=subject, body=body or subject))  # none without a body
        except Exception as error:
            log.error("a service for notices failed", extra={"kind": type(error).__name__})
            return False

    return send
