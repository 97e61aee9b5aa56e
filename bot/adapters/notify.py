"""Notices by apprise: mail, chat, whatever a team reads."""

from __future__ import annotations

import logging
import queue
import threading

log = logging.getLogger(__name__)

WAITING = 100
"""Notices that wait for a slow service; what comes beyond is in the log alone."""


class AppriseNotifier:
    """Sends notices in a thread of its own, so that a service that hangs stops nothing; without an address it sends none."""

    def __init__(self, url: str | None) -> None:
        self._url = url
        self._queue: queue.Queue[tuple[str, str] | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None

    def tell(self, subject: str, body: str) -> None:
        """Send one notice; never raises."""
        if self._url is None:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._send_all, daemon=True, name="notices")
            self._thread.start()
        try:
            self._queue.put_nowait((subject, body))
        except queue.Full:
            log.error("a notice could not be sent: too many wait", extra={"subject": subject})

    def close(self) -> None:
        """Send what waits, for ten seconds at most."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(timeout=10)

    def _send_all(self) -> None:
        import apprise  # noqa: PLC0415 - it takes long to load, and most processes tell nobody anything

        service = apprise.Apprise()
        known = service.add(self._url or "")
        if not known:
            log.error("BOT_NOTIFY_URL is no address that apprise knows")
        while (notice := self._queue.get()) is not None:
            subject, body = notice
            try:
                sent = known and service.notify(title=subject, body=body)
            except Exception:  # a notice must stop nothing, whatever the service's plug-in does
                sent = False
            if not sent:
                log.error("a notice could not be sent", extra={"subject": subject})
