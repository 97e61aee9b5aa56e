"""What `docs/howto/tables-of-other-tools.md` shows of the tools whose tables are known."""

from __future__ import annotations

import re
from pathlib import Path

from bot.adapters.files.dialects import DIALECTS, Dialect
from bot.application.ports.record_files import DateOrder

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "howto" / "tables-of-other-tools.md"

_COLUMNS = ("tool", "told by", "read as", "left out with a word", "bars a row when filled", "times")
_BLOCK = re.compile(r"(?<=<!-- made: tools -->\n).*?(?=<!-- end -->)", re.DOTALL)


def page(text: str) -> str:
    """Give the page with the table of the tools as they are known now."""
    lines = [_COLUMNS, ("---",) * len(_COLUMNS), *map(_row, DIALECTS)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return _BLOCK.sub(lambda _: f"{table}\n", text)


def _row(dialect: Dialect) -> tuple[str, ...]:
    targets: dict[str, list[str]] = {}
    for name, target in dialect.columns.items():
        targets.setdefault(target, []).append(name)
    read = [f"{_named(names)} → `{target}`" for target, names in targets.items()]
    if dialect.by_place:
        read.append(f"without a header: {', '.join(f'`{each}`' for each in dialect.by_place)}")
    return (
        dialect.tool,
        ", ".join(_named([each] if isinstance(each, str) else list(each)) for each in dialect.told_by)
        or "a time in the first of two or three columns",
        "; ".join(read),
        _named(list(dialect.left_out), ", "),
        _named([*dialect.refused, *dialect.words], ", "),
        "; ".join(_times(dialect)) or "as `--dates` says",
    )


def _times(dialect: Dialect) -> list[str]:
    words = {DateOrder.DMY: "day first", DateOrder.MDY: "month first, unless `--dates` says otherwise"}
    facts = {
        words[dialect.order] if dialect.order else "": dialect.order is not None,
        "UTC": dialect.is_utc,
        "with an offset": dialect.needs_offset,
        f"empty: `{dialect.without_due}`": bool(dialect.without_due),
    }
    return [fact for fact, holds in facts.items() if holds]


def _named(names: list[str], between: str = " or ") -> str:
    return between.join(f"`{name}`" for name in names)
