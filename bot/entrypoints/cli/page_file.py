"""Writes a page: whole or not at all, for its owner's eyes, and never over something that is not a page of ours."""

from __future__ import annotations

from pathlib import Path

from bot.domain.errors import Refusal
from bot.entrypoints.cli.output_file import is_free, write_whole

MARKER = "<!doctype html>\n<!-- made by bot preview, which may write it anew -->\n"
"""How a page begins that may be written over."""


def write_page(path: Path, page: str, *, force: bool) -> None:
    """Write a page that begins with the marker.

    Raises Refusal if something else lies there, InputError if it cannot be written.
    """
    if not force and not is_free(path, MARKER.encode()):
        raise Refusal(f"{path}: something else lies there; give another name, or --force to write over it")
    write_whole(path, page.encode("utf-8"), what="the page")
