"""The process that parses: its standard input is a line of JSON and a document, its standard output a line of JSON.

It runs isolated and with an empty environment (reader.py); the kernel bounds its memory and its processor time.
"""

from __future__ import annotations

import json
import math
import re
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from bot.adapters.news.decoding import decoded
from bot.adapters.news.feed import read_feed
from bot.adapters.news.page import NoNews, read_page
from bot.domain.news import NewsItem

_START = re.compile(
    r"<(?:(rss|feed|rdf:RDF|channel)|(html|head|body|!doctype\s+html|[a-z][a-z0-9]*))\b", re.IGNORECASE
)
_LOOKED_AT = 16_384


def main(arguments: Sequence[str]) -> None:
    """Run: the arguments are the most memory (bytes) and processor time (seconds) that it may take."""
    memory, seconds = map(int, arguments)
    # An address may hold a key, and arguments can be seen by everybody on this machine.
    media_type, address = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    bound_the_process(memory, seconds)
    sys.stdout.write(json.dumps(_answer(data, media_type, address)))


def bound_the_process(memory: int, seconds: int) -> None:
    """Ask the kernel to end this process when it takes more than that from now on."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # macOS knows this limit and refuses it; there the processor time is the only bound.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    used = math.ceil(time.process_time()) + seconds
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (used, used))


def news_in(data: bytes, media_type: str, address: str) -> list[NewsItem]:
    """Find the news in a page or a feed, which is told by its first element. Raises NoNews."""
    text, note = decoded(data, media_type)
    found = _START.search(text[:_LOOKED_AT])
    if found is None:
        raise NoNews("is neither a page nor a feed")
    items = read_feed(text, address) if found[1] else [read_page(text, address)]
    return [replace(each, notes=(*each.notes, note)) for each in items] if note else items


def _answer(data: bytes, media_type: str, address: str) -> dict[str, Any]:
    try:
        return {"items": [asdict(item) for item in news_in(data, media_type, address)]}
    except NoNews as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "needs too much memory to be read"}
    except RecursionError:
        return {"error": "is nested too deeply to be read"}
