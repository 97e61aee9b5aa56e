"""Texts by themselves, without a record: what each weighs on X, and what X would refuse about it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.account import Access, Account
from bot.domain.channel_rules import problems_of_post
from bot.domain.text.weighted import LIMIT, parse

_ANY_ACCOUNT = Account("any", "any", "0", access=Access.ENTERPRISE)
"""The rules of some accounts only say nothing of a text by itself."""

_WRITE = 'write {"text": "…"}'


def weigh(text: str) -> dict[str, Any]:
    """Give the shape of one text: the names and numbers are those of X's counting library (UTF-16 units, inclusive end)."""
    parsed = parse(text)
    problems = (
        [] if parsed.valid else [finding.message for finding in problems_of_post(text, _ANY_ACCOUNT, 1)]
    )
    if not parsed.valid and not problems:
        problems = [f"too long unless X counts a newer emoji as one character (limit {LIMIT})"]
    return {
        "weighted_length": parsed.weighted_length,
        "valid": parsed.valid,
        "permillage": parsed.permillage,
        "valid_range": list(parsed.valid_range),
        "problems": problems,
    }


def weigh_lines(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Give the shape of each text of an NDJSON stream, in order and one at a time; empty lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield _weigh_line(line, number)


def _weigh_line(line: bytes, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return _unreadable(f"line {number}: is not JSON in UTF-8: {_WRITE}")
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):
        return _unreadable(f"line {number}: has no text: {_WRITE}")
    return weigh(text)


def _unreadable(problem: str) -> dict[str, Any]:
    return {
        "weighted_length": 0,
        "valid": False,
        "permillage": 0,
        "valid_range": [0, 0],
        "problems": [problem],
    }
