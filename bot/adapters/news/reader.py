"""Reads pages and feeds: the file, the process that parses it, and the pictures beside it."""

from __future__ import annotations

import base64
import binascii
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from bot.application.ports.news_reader import Document
from bot.domain.errors import InputError
from bot.domain.news import NewsItem, NewsPicture

LARGEST_DOCUMENT = 10_000_000
"""Bytes of a file; a browser can save a page with its pictures written into it."""
LARGEST_PICTURE = 20_000_000

# Isolated (-I), so that neither the working directory nor PYTHON* variables choose what is imported; the package's own
# folder is added last.
_START = (
    "import sys; sys.path.append(sys.argv[1]); from bot.adapters.news.child import main; main(sys.argv[2:])"
)
_PACKAGE_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What one document may take: memory in bytes, processor time and time on the clock in seconds."""

    memory: int = 1_500_000_000
    processor: int = 10
    clock: float = 60.0


class LimitedNewsReader:
    """Parses each document in a process of its own, which ends with it."""

    def __init__(self, limits: ReadLimits | None = None) -> None:
        self._limits = limits or ReadLimits()

    def open(self, path: Path) -> Document:
        """Read a file. Raises InputError."""
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_DOCUMENT + 1)
        except OSError as error:
            raise InputError(
                f"{path}: cannot be read ({error.strerror}): mend its name or its rights"
            ) from error
        except ValueError as error:
            raise InputError(f"{str(path)!r}: is no path: {error}") from error
        if len(data) > LARGEST_DOCUMENT:
            raise InputError(
                f"{path}: is larger than {LARGEST_DOCUMENT // 1_000_000} MB: save it without its pictures in it"
            )
        return Document(str(path), data, path=path)

    def read(self, document: Document) -> Sequence[NewsItem]:
        """Find the news. Raises InputError in one line."""
        limits = self._limits
        given = [str(_PACKAGE_ROOT), str(limits.memory), str(limits.processor)]
        told = json.dumps([document.media_type, document.address]).encode()
        try:
            ended = subprocess.run(  # noqa: S603 - our own interpreter, no shell
                [sys.executable, "-I", "-c", _START, *given],
                input=told + b"\n" + document.data,
                capture_output=True,
                timeout=limits.clock,
                check=False,
                env={},
                cwd="/",
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            raise InputError(
                f"{document.name}: is not read within {limits.clock:g} s, and was given up"
            ) from None
        except OSError as error:
            raise InputError(
                f"{document.name}: the process that reads it does not start: {error.strerror}"
            ) from None
        if ended.returncode != 0:
            raise InputError(f"{document.name}: {self._why(ended.returncode)}")
        answer = json.loads(ended.stdout)
        if "error" in answer:
            raise InputError(f"{document.name}: {answer['error']}")
        return [_item(each) for each in answer["items"]]

    def beside(self, document: Document, picture: NewsPicture) -> bytes | None:
        """Give a picture that was saved with its page. Raises InputError for a way out of the page's folder."""
        if picture.beside.startswith("data:"):
            return _written_in(picture.beside)
        if not picture.beside or document.path is None:
            return None
        folder = document.path.resolve().parent
        try:
            path = (folder / unquote(picture.beside.partition("?")[0])).resolve()
            if not path.is_relative_to(folder):
                raise InputError("it lies outside the page's folder")
            with path.open("rb") as file:
                data = file.read(LARGEST_PICTURE + 1)
        except (OSError, ValueError, RuntimeError):
            return None
        if len(data) > LARGEST_PICTURE:
            raise InputError(f"it is larger than {LARGEST_PICTURE // 1_000_000} MB")
        return data

    def _why(self, code: int) -> str:
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return (
                f"takes more than {self._limits.processor} s of processor time to be read, and was given up"
            )
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return f"cannot be read: the process that reads it ended with {how}"


def _item(fields: dict[str, Any]) -> NewsItem:
    pictures = tuple(NewsPicture(**each) for each in fields.pop("pictures"))
    lists = {name: tuple(fields[name]) for name in ("identities", "notes")}
    return NewsItem(**{**fields, **lists, "pictures": pictures})


def _written_in(address: str) -> bytes | None:
    """Give what a `data:` address holds."""
    head, comma, body = address.partition(",")
    if not comma:
        return None
    if not head.endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode(unquote(body), validate=False)
    except (binascii.Error, ValueError):
        return None
