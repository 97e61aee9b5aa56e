"""`bot check`: records and texts, without a queue."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from bot.domain.errors import InputError, RecordErrors, RecordProblem, UsageError
from bot.entrypoints.cli.link_answers import asked_links, links_option
from bot.entrypoints.cli.output import one_line, print_json, print_json_line, progress
from bot.entrypoints.cli.session import Session, json_option, pass_session
from bot.entrypoints.cli.told import told_options

if TYPE_CHECKING:
    from bot.adapters.files import RecordFilesOnDisk
    from bot.application.intake_rows import Row
    from bot.application.ports.record_files import FoundRecord, Told
    from bot.bootstrap import Program
    from bot.domain.card import Card, Finding

STANDARD_INPUT = "-"
TEXT_SUFFIX = ".txt"
RECORD_SUFFIXES = (
    ".yaml",
    ".yml",
    ".json",
    ".ndjson",
    ".jsonl",
    ".csv",
    ".tsv",
    ".md",
    ".markdown",
    ".tweet",
    ".xlsx",
)

_RECORDS = re.compile(
    r"""^[-{\["'\s]*campaign["']?\s*:|\A[^\n]*[,;\t]"?campaign\b|\A"?campaign"?[,;\t]""", re.MULTILINE
)
"""What standard input looks like when it holds records: a field `campaign`, or a table with that column."""


@dataclass
class _Text:
    """A text without a record: what it weighs, and what was found about its links if they were asked."""

    where: str
    text: str
    weighed: dict[str, Any]
    warnings: Sequence[Finding] = ()


@dataclass
class _Found:
    """What was found in everything that was given: cards of records, texts, and what could not be read."""

    cards: list[tuple[str, Card]] = field(default_factory=list)
    texts: list[_Text] = field(default_factory=list)
    problems: list[RecordProblem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_faultless(self) -> bool:
        faulty = any(card.problems for _, card in self.cards) or any(
            text.weighed["problems"] for text in self.texts
        )
        return not self.problems and not faulty


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE…|-]")
@click.option("--encoding", help="The files' encoding, where it is not UTF-8 or UTF-16.")
@told_options
@links_option
@json_option
@pass_session
def check(  # noqa: PLR0913 - click gives each option by name
    session: Session,
    files: tuple[str, ...],
    encoding: str | None,
    told: Told,
    links: bool,
    as_json: bool,
) -> int:
    """Check records or texts, without a queue: ends with 1 if anything has a problem.

    Without a FILE: every file with records in the schedules folder. A FILE may be a folder of record files, as for `bot queue
    sync`. A .txt file is one text, and so is standard input (-) unless it holds records. With `--json -`: on each line one JSON
    object with a text in, one with its length and problems out.

    \b
    Example:
      bot check schedules/announcements.yaml --links
      echo '{"text": "The report is out."}' | bot check --json -
    """
    if as_json and STANDARD_INPUT in files:
        if len(files) > 1:
            raise UsageError("with --json give - alone: it is answered line by line")
        if links:
            raise UsageError("--links: texts line by line are weighed only; give a file")
        return _answer_lines()
    found = _Found()
    with _Apart(session) as apart:
        for name in files or _record_files(session.settings.schedules):
            _check_source(apart, name, _Reading(encoding, told), found)
    if links:
        _ask_links(session, found)
    if as_json:
        print_json(_shape(found))
    else:
        _print(found)
    return 0 if found.is_faultless else 1


def _answer_lines() -> int:
    from bot.entrypoints.cli.texts import weigh_lines  # noqa: PLC0415 - start-up time

    faultless = True
    for answer in weigh_lines(sys.stdin.buffer):
        faultless = faultless and answer["valid"]
        print_json_line(answer)
    return 0 if faultless else 1


@dataclass(frozen=True)
class _Reading:
    """How files are read: their encoding if it was given, and what else a person said of them."""

    encoding: str | None
    told: Told


class _Apart:
    """The program on a queue of its own, made when the first record comes and thrown away at the end."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._opened = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @cached_property
    def files(self) -> RecordFilesOnDisk:
        from bot.adapters.files import COLUMNS_FILE, RecordFilesOnDisk  # noqa: PLC0415 - start-up time

        settings = self._session.settings
        return RecordFilesOnDisk(settings.project, settings.schedules / COLUMNS_FILE)

    @cached_property
    def program(self) -> Program:
        from bot.adapters.store.upgrade import upgrade  # noqa: PLC0415 - start-up time
        from bot.bootstrap import Program  # noqa: PLC0415 - start-up time

        self._session.start_log()
        folder = self._opened.enter_context(tempfile.TemporaryDirectory(prefix="bot-check-"))
        settings = replace(self._session.settings, database_url=f"sqlite:///{folder}/queue.db")
        upgrade(settings.database_url)
        return self._opened.enter_context(closing(Program(settings)))


def _record_files(schedules: Path) -> list[str]:
    found = sorted(str(path) for path in schedules.glob("*") if path.suffix.lower() in RECORD_SUFFIXES)
    if not found:
        raise InputError(f"there are no records in {schedules}: give a file, or - for standard input")
    return found


def _check_source(apart: _Apart, name: str, reading: _Reading, found: _Found) -> None:
    encoding = reading.encoding
    try:
        if Path(name).is_dir():
            _check_folder(apart, Path(name), reading, found)
            return
        if name == STANDARD_INPUT:
            data, name = sys.stdin.buffer.read(), "<stdin>"
            if not _RECORDS.search(data.replace(b"\0", b"").decode("latin-1")):  # names of fields are ASCII
                _check_text(_decoded(data, name, encoding), name, found)
                return
            content = apart.files.read_bytes(data, name, encoding=encoding, told=reading.told)
        elif name.lower().endswith(TEXT_SUFFIX):
            _check_text(_decoded(_bytes(Path(name)), name, encoding), name, found)
            return
        else:
            content = apart.files.read(Path(name), encoding=encoding, told=reading.told)
    except RecordErrors as error:
        found.problems += error.problems
        return
    _tell(content.notices)
    _check_records(apart.program, content.records, found)


def _check_folder(apart: _Apart, folder: Path, reading: _Reading, found: _Found) -> None:
    """Check what a sync of the folder would take, the records of all its files together: they may name one another."""
    from bot.application.folder_look import look_into  # noqa: PLC0415 - start-up time
    from bot.application.folder_rows import RecordFolder  # noqa: PLC0415 - start-up time

    look = look_into(RecordFolder(folder, str(folder), reading.told.campaign), apart.program.record_folders)
    if look.is_empty:
        raise InputError(f"{folder}: holds no files with records: name another folder, or a file")
    found.problems += [problem for problems in look.wrong.values() for problem in problems]
    _tell(look.notices)
    _check_records(apart.program, [each for records in look.records.values() for each in records], found)


def _tell(notices: Sequence[str]) -> None:
    for notice in notices:
        click.echo(f"note: {one_line(notice)}", err=True)


def _check_text(text: str, where: str, found: _Found) -> None:
    from bot.entrypoints.cli.texts import weigh  # noqa: PLC0415 - start-up time

    text = text.removesuffix("\n").removesuffix("\r")
    found.texts.append(_Text(where, text, weigh(text)))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}): mend its name or its rights") from error


def _decoded(data: bytes, name: str, encoding: str | None) -> str:
    try:
        return data.decode(encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError):
        raise InputError(
            f"{name}: is not text in {encoding or 'UTF-8'}: give its encoding with --encoding"
        ) from None


def _check_records(program: Program, records: Sequence[FoundRecord], found: _Found) -> None:
    """Queue all that can be queued first: one may reply to another."""
    good = list(records)
    rows: Sequence[Row] = ()
    while good and not rows:
        try:
            rows = program.intake.take_in(good, actor="check")
        except RecordErrors as error:
            found.problems += error.problems
            bad = {problem.where for problem in error.problems}
            good = [each for each in good if each.where not in bad]
    with progress("checking", len(rows)) as step:
        for row in rows:
            with program.store.reading() as tx:
                announcements = [tx.announcements.get(number) for number in row.ids]
            found.cards += [(row.where, program.previewer.card(each)) for each in announcements]
            found.notes += [f"{row.where}: {each}" for each in row.told]
            step()


def _ask_links(session: Session, found: _Found) -> None:
    asked = asked_links(session, [card for _, card in found.cards], [text.text for text in found.texts])
    found.cards = [(where, card) for (where, _), card in zip(found.cards, asked.cards, strict=True)]
    for text, warnings in zip(found.texts, asked.texts, strict=True):
        text.warnings = warnings


def _shape(found: _Found) -> dict[str, Any]:
    from bot.entrypoints.cli import shapes  # noqa: PLC0415 - start-up time

    return {
        "announcements": [{"where": where, **shapes.card(card)} for where, card in found.cards],
        "texts": [
            {"where": text.where, **text.weighed, "warnings": [asdict(each) for each in text.warnings]}
            for text in found.texts
        ],
        "problems": [asdict(problem) for problem in found.problems],
        "notes": found.notes,
    }


def _print(found: _Found) -> None:
    for problem in found.problems:
        click.echo(one_line(f"problem: {problem}"))
    for note in found.notes:
        click.echo(one_line(f"note: {note}"))
    for where, card in found.cards:
        for kind, findings in (("problem", card.problems), ("warning", card.warnings)):
            for finding in findings:
                click.echo(one_line(f"{kind}: {where}: {card.name}: {finding} [{finding.rule}]"))
    for text in found.texts:
        _print_text(text)
    bad = len(found.problems) + sum(bool(card.problems) for _, card in found.cards)
    if found.cards or found.problems:
        count = len(found.cards) + len(found.problems)
        click.echo(f"{count} record{'s' if count > 1 else ''} checked, {bad or 'none'} with problems")


def _print_text(text: _Text) -> None:
    click.echo(f"{text.where}: weighs {text.weighed['weighted_length']} of 280")
    for problem in text.weighed["problems"]:
        click.echo(one_line(f"problem: {text.where}: {problem}"))
    for warning in text.warnings:
        click.echo(one_line(f"warning: {text.where}: {warning.message} [{warning.rule}]"))
