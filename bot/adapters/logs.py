"""The program's own log: one event a line on standard error, never a secret in it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Collection
from datetime import UTC, datetime
from typing import TextIO

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
MASK = "***"


class _Scrubbed(logging.Formatter):
    """Takes the secrets out of whatever a formatter made."""

    def __init__(self, secrets: Collection[str], *, as_json: bool) -> None:
        super().__init__()
        self._secrets = sorted(secrets, key=len, reverse=True)
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """Write one event as one line."""
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        line = self._json(record, at, fields) if self._as_json else self._text(record, at, fields)
        for secret in self._secrets:
            line = line.replace(secret, MASK)
        return line

    def _json(self, record: logging.LogRecord, at: str, fields: dict[str, object]) -> str:
        event = {
            "at": at,
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "from": record.name,
            **fields,
        }
        return json.dumps(event, ensure_ascii=False, default=str)

    def _text(self, record: logging.LogRecord, at: str, fields: dict[str, object]) -> str:
        shown = " ".join(f"{name}={value}" for name, value in fields.items())
        mark = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        return " ".join(part for part in (at[11:19], f"{mark}{record.getMessage()}", shown) if part).replace(
            "\n", " ⏎ "
        )


def start_logging(level: str, secrets: Collection[str], *, stream: TextIO | None = None) -> None:
    """Send the program's log to a stream: for people on a terminal, as JSON lines elsewhere.

    Libraries that print requests or keys when they debug are held to warnings, whatever the level.
    """
    out = stream or sys.stderr
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Scrubbed(secrets, as_json=not out.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
