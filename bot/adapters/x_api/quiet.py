"""Keeps the libraries' own logs from telling what they send."""

from __future__ import annotations

import logging

LIBRARIES = ("tweepy", "oauthlib", "requests_oauthlib", "urllib3", "requests")
"""At DEBUG they print Authorization headers, keys and signatures (X API notes, section 11)."""


class _NothingBelowWarning(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_FILTER = _NothingBelowWarning()


def keep_quiet() -> None:
    """Let warnings through and nothing below, even if somebody sets one of their loggers to DEBUG."""
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in LIBRARIES:
            logging.getLogger(name).addFilter(_FILTER)
