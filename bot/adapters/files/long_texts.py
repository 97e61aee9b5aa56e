"""Files that are read line by line, so that their length takes no memory: tables and lines of JSON, in UTF-8 or UTF-16."""

from __future__ import annotations

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from contextlib import suppress
from io import TextIOWrapper
from pathlib import PurePath
from typing import IO

from bot.adapters.files.fields import refuse_not_text
from bot.adapters.files.located import Problems, Unreadable
from bot.domain.errors import InputError

LARGEST = 200_000_000
"""Bytes that such a file may have."""

LONGEST_LINE = 1_000_000
"""Characters that one of its lines may have."""

LINES_OF_JSON = (".ndjson", ".jsonl")
SUFFIXES = (".csv", ".tsv", *LINES_OF_JSON)

_HEAD = 4096


class LongText:
    """A file that is open, gone through line by line as often as somebody asks."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        self._file = file
        self._encoding = encoding

    def __iter__(self) -> Iterator[str]:
        """Give the lines with plain ends. Raises Unreadable for one that is too long, and UnicodeDecodeError."""
        self._file.seek(0)
        text = TextIOWrapper(self._file, encoding=self._encoding)
        try:
            number = 1
            while line := text.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    told = f"has more than {LONGEST_LINE:,} characters: are its line ends or quotes lost?"
                    raise Unreadable(number, told)
                yield line
                number += 1
        finally:
            with suppress(ValueError):  # whoever was interrupted closed it already
                text.detach()  # the file stays open

    def is_decodable(self, problems: Problems) -> bool:
        """Go through it once: note each line that is no text, and tell whether it is in its encoding at all."""
        try:
            for number, line in enumerate(self):
                refuse_not_text(line, problems, lines_before=number)
        except UnicodeDecodeError:
            return False
        except Unreadable as error:
            problems.add(error.line, error.message)
        return True


def long_text(file: IO[bytes], path: PurePath, name: str) -> LongText | None:
    """Give a file as a text of lines; None where its format or its encoding need the whole of it.

    Raises InputError for one that is too large.
    """
    if path.suffix.lower() not in SUFFIXES or not file.seekable():
        return None
    if os.fstat(file.fileno()).st_size > LARGEST:
        raise InputError(f"{name}: is larger than {LARGEST // 1_000_000} MB: split it")
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return LongText(file, "utf-16")
    return None if b"\0" in head or head.startswith(b"PK\x03\x04") else LongText(file, "utf-8-sig")
