"""Letters that were lost, or read in another encoding than they were written in."""

from __future__ import annotations

import re

MISREAD = re.compile(r"â€|[ÂÃ][\u0080-\u009f\u00a1-\u00ba\u00bc-\u00bf]")
"""What UTF-8 looks like when it is read as Windows-1252."""

MANGLED = re.compile(rf"\ufffd|{MISREAD.pattern}")
