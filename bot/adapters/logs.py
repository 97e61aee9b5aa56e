"""The program's own log: one event a line on standard error, never a secret in it (design, sections 10 and 11)."""

from __future__ import annotations

import json
import logging
import sys
import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import quote

MASK = "***"

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_TALKATIVE = (
    "alembic",
    "apprise",
    "apscheduler",
    "oauthlib",
    "requests",
    "requests_oauthlib",
    "sqlalchemy",
    "tweepy",
    "urllib3",
)
"""Libraries that print requests, signatures or each of their steps when they debug."""


def start_logging(
    level: str, secrets: Collection[str], *, stream: TextIO | None = None, as_json: bool | None = None
) -> None:
    """Send the program's log to a stream (standard error if None): for people on a terminal, as JSON lines elsewhere.

    `as_json` says which of the two outright. Other libraries are heard from WARNING on, whatever the level.
    """
    handler = logging.StreamHandler(stream) if stream else _StandardError()
    if as_json is None:
        as_json = not handler.stream.isatty()
    handler.setFormatter(_JsonLine() if as_json else _Line())
    handler.addFilter(_Masking(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger(name).level))
    # A look at the store that waits for another writer makes the scheduler warn at each poll; that writer is told of elsewhere.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


class Mask:
    """Takes secrets out of texts: as they are, and as they look in a URL or an Authorization header."""

    def __init__(self, secrets: Collection[str]) -> None:
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
        self._forms = sorted(filter(None, forms), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Give the text without secrets."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def value(self, value: Any) -> Any:
        """Give any value as JSON can hold it, without secrets in it."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, dict):
            return {self(str(key)): self.value(each) for key, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(each) for each in value]
        return self(str(value))


class _Masking(logging.Filter):
    """Puts the message together and takes the secrets out of it, of what goes with it, and of the traceback."""

    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__()
        self._mask = Mask(secrets)

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; let it pass."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # a slip in a log call must not end what it reports about
            message = f"{record.msg} {record.args!r}"
        record.msg, record.args = self._mask(message), None
        for name in _fields(record):
            setattr(record, name, self._mask.value(getattr(record, name)))
        if record.exc_info:
            record.exc_text = self._mask(logging.Formatter().formatException(record.exc_info))
        return True


class _JsonLine(logging.Formatter):
    """One JSON object a line, for programs that gather logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one event."""
        event = {
            "at": _at(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.msg,
            "from": record.name,
        }
        if record.exc_text:
            event["traceback"] = record.exc_text
        more = {name: getattr(record, name) for name in _fields(record) if name not in event}
        return json.dumps({**event, **more}, ensure_ascii=False)


class _Line(logging.Formatter):
    """One line for people: the local time, the event, and what goes with it. A traceback follows on lines of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one event."""
        mark = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        detail = getattr(record, "detail", "")
        fields = [f"{name}={getattr(record, name)}" for name in _fields(record) if name != "detail"]
        more = f" ({', '.join(fields)})" if fields else ""
        told = f"{record.msg}{more}" + (f": {detail}" if detail else "")
        line = f"{_at(record).astimezone():%H:%M:%S} {mark}{_on_one_line(told)}"
        return f"{line}\n{record.exc_text}" if record.exc_text else line


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at the moment: a status line on the terminal puts itself in its place."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one event."""
        self.stream = sys.stderr
        super().emit(record)


def _at(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _fields(record: logging.LogRecord) -> list[str]:
    return [name for name in vars(record) if name not in _STANDARD]


def _on_one_line(text: str) -> str:
    """Words from outside must not end the line or move the cursor."""
    return "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
