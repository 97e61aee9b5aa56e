"""The parts of a thread (design, section 7)."""

from __future__ import annotations

import re

_DIVIDER = re.compile(r"^[^\S\r\n]*---[^\S\r\n]*$", re.MULTILINE)
_LINE_END = re.compile(r"\r\n?")


def split_thread(body: str) -> list[str]:
    """Return the posts of a thread: the parts between lines of `---`, without white space around them.

    A text without such a line is one part. A part may be empty (two dividers in a row, one at the start or at
    the end): that is a mistake of the author, which the caller reports with the number of the part.
    """
    return [part.strip() for part in _DIVIDER.split(_LINE_END.sub("\n", body))]
