"""The `[lint]` table of a campaign: a level for each rule, and the files with the team's lists."""

from __future__ import annotations

from collections.abc import Callable

from bot.adapters.config_files.table import Table
from bot.domain.errors import InputError
from bot.domain.lint.catalogue import BY_NAME, RULES
from bot.domain.lint.house import HouseRules, WordLists
from bot.domain.lint.rule import Level

LISTS = "lists"


def read_house_rules(table: Table, read_lists: Callable[[str], WordLists]) -> HouseRules:
    """Read the table. `read_lists` reads a file beside the campaign. Raises InputError for the first key that is wrong."""
    table.refuse_unknown((LISTS, *(rule.name for rule in RULES)))
    levels: dict[str, Level] = {}
    for name in table:
        if name == LISTS:
            continue
        level = table.choice(name, Level, BY_NAME[name].level)
        if BY_NAME[name].fixed:
            raise table.wrong(name, f"is always a {BY_NAME[name].level}: leave it out")
        levels[name] = level
    return HouseRules(levels, _lists(table, read_lists))


def _lists(table: Table, read_lists: Callable[[str], WordLists]) -> WordLists:
    found = WordLists()
    for number, name in enumerate(table.array(LISTS), 1):
        key = f"{LISTS}[{number}]"
        if not isinstance(name, str) or "/" in name or "\\" in name or not name.endswith(".toml"):
            raise table.wrong(key, 'must be a file beside this one: write it as "words.toml"')
        try:
            found = found.joined(read_lists(name))
        except InputError as error:
            raise table.wrong(key, str(error)) from error
    return found
