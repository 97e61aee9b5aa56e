"""The lists that a team keeps beside its campaigns: acronyms, words, tags, handles, terms, blackouts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.adapters.config_files.accounts import read_handle
from bot.adapters.config_files.table import Table
from bot.domain.lint.house import Blackout, Term, WordLists

KEYS = ("acronyms", "words", "tags", "handles", "terms", "blackouts")
TERM_KEYS = ("language", "avoid", "use", "source")
BLACKOUT_KEYS = ("from", "to", "why")


def read_word_lists(file: Table) -> WordLists:
    """Read one file of lists. Raises InputError for the first key that is wrong."""
    file.refuse_unknown(KEYS)
    return WordLists(
        acronyms=_by_language(file.table("acronyms")),
        words=_by_language(file.table("words")),
        tags=frozenset(tag.removeprefix("#") for tag in _texts(file, "tags")),
        handles=frozenset(_handles(file)),
        terms=tuple(_term(table) for table in _tables(file, "terms")),
        blackouts=tuple(_blackout(table) for table in _tables(file, "blackouts")),
    )


def _by_language(table: Table) -> dict[str, frozenset[str]]:
    return {language.lower(): frozenset(_texts(table, language)) for language in table}


def _texts(table: Table, key: str) -> list[str]:
    found: list[str] = []
    for number, value in enumerate(table.array(key), 1):
        if not isinstance(value, str) or not value.strip():
            raise table.wrong(f"{key}[{number}]", "must be a text: put it in quotes")
        found.append(value.strip())
    return found


def _handles(file: Table) -> Iterator[str]:
    for number, text in enumerate(_texts(file, "handles"), 1):
        one = Table({"handle": text}, where=file.where, prefix=f"handles[{number}].")
        yield one.parsed("handle", read_handle, "").lower()


def _tables(file: Table, key: str) -> Iterator[Table]:
    for number, value in enumerate(file.array(key), 1):
        if not isinstance(value, dict):
            raise file.wrong(f"{key}[{number}]", f"must be a table: write it under [[{key}]]")
        yield Table(value, where=file.where, prefix=f"{key}[{number}].")


def _term(table: Table) -> Term:
    table.refuse_unknown(TERM_KEYS)
    avoid = _texts(table, "avoid")
    if not avoid:
        raise table.wrong("avoid", 'is missing: write avoid = ["…"]')
    if any(not words.rstrip("*").strip() for words in avoid):
        raise table.wrong("avoid", "holds a * alone, which is every word: write the word before it")
    return Term(table.text("language").lower(), tuple(avoid), table.text("use"), table.text("source", ""))


def _blackout(table: Table) -> Blackout:
    table.refuse_unknown(BLACKOUT_KEYS)
    start, end = _moment(table, "from"), _moment(table, "to", whole_day=True)
    if end <= start:
        raise table.wrong("to", "must be later than from")
    return Blackout(start, end, table.text("why"))


def _moment(table: Table, key: str, *, whole_day: bool = False) -> datetime:
    """Give a wall time; of a date alone the beginning, or with `whole_day` its end."""
    value = table.raw(key)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time()) + timedelta(days=int(whole_day))
    raise table.wrong(
        key, "must be a date or a time of the campaign's clock: write 2027-05-01 or 2027-11-11T10:55:00"
    )
