"""The checks of `bot doctor`: each tells whether a thing is well, and if not what to do."""

from __future__ import annotations

import shutil
import stat
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from bot.adapters.store import upgrade as upgrading
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable
from bot.application.template_check import Finding, check_template
from bot.domain.durations import format_duration
from bot.domain.errors import BotError, SettingsMissing
from bot.domain.outcomes import RefusedKind
from bot.domain.profile import CLOCK_AGREES

if TYPE_CHECKING:
    from bot.bootstrap import Program
    from bot.domain.account import Account

LEAST_FREE = 100_000_000
"""Bytes on the database's disk below which people are told."""


class Ill(IntEnum):
    """How a check that fails ends the command (design, section 8)."""

    PROBLEM = 1
    UNREACHABLE = 3
    MISSING = 4


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `remedy` is empty when it is well."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""
    ill: Ill = Ill.PROBLEM


def diagnose(program: Program) -> Iterator[Check]:
    """Look at everything, the local things first; a check that others rest on ends those that cannot be made."""
    yield _settings_file(program)
    yield from _configuration(program)
    yield from _templates(program)
    yield from _database(program)
    yield _stop_file(program)
    yield _time_zones()
    try:
        accounts = program.configuration().accounts.values()
    except BotError:
        return
    for account in accounts:
        yield from _account(program, account)


def _well(name: str, look: Callable[[], str], remedy: str) -> Check:
    """Make a check of something that raises in one line when it is not well."""
    try:
        return Check(name, ok=True, detail=look())
    except SettingsMissing as error:
        return Check(name, ok=False, detail=str(error), remedy=remedy, ill=Ill.MISSING)
    except BotError as error:
        return Check(name, ok=False, detail=str(error), remedy=remedy)


def _settings_file(program: Program) -> Check:
    path = program.settings.env_file
    if path is None:
        where = program.settings.project / ".env"
        return Check(
            "settings", ok=False, detail=f"there is no {where}", remedy="run `bot init`", ill=Ill.MISSING
        )
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Check(
            "settings", ok=False, detail=f"{path} is open to others ({mode:o})", remedy=f"chmod 600 {path}"
        )
    return Check("settings", ok=True, detail=f"{path}, for your eyes only")


def _configuration(program: Program) -> Iterator[Check]:
    def look() -> str:
        found = program.configuration()
        return f"{len(found.campaigns)} campaigns, {len(found.accounts)} accounts"

    yield _well("campaigns and accounts", look, "mend the file that the line names")


def _templates(program: Program) -> Iterator[Check]:
    try:
        configuration = program.configuration()
    except BotError:
        return
    for campaign in configuration.campaigns.values():
        account = configuration.account_of(campaign)
        found = check_template(program.renderer, campaign.template, campaign, account)
        wrong = [finding for finding in found if finding.is_problem]
        name = f"template of {campaign.name}"
        if wrong:
            remedy = f"bot template check {campaign.template}"
            yield Check(
                name, ok=False, detail=f"{campaign.template}: {_what_is_wrong(wrong[0])}", remedy=remedy
            )
        else:
            yield Check(name, ok=True, detail=f"{campaign.template} renders")


def _what_is_wrong(finding: Finding) -> str:
    if finding.error:
        return finding.error
    return f"the {finding.sample} sample is too long ({finding.weighted_length} of {finding.limit})"


def _database(program: Program) -> Iterator[Check]:
    def look() -> str:
        problems = upgrading.check(program.settings.database_url)
        if problems:
            raise BotError(problems[0])
        with program.store.writing():
            return f"{program.database} is whole and can be written"

    check = _well("database", look, "bot db upgrade makes or upgrades it; bot db check says more")
    yield check
    if not check.ok:
        return
    free = shutil.disk_usage(program.database.parent).free
    detail = f"{free // 1_000_000:,} MB free"
    if free < LEAST_FREE:
        yield Check("disk", ok=False, detail=detail, remedy=f"make room on the disk of {program.database}")
    else:
        yield Check("disk", ok=True, detail=detail)

    def locks() -> str:
        program.locks.probe()
        return "a second opening of a held lock fails, as it must"

    yield _well("locks", locks, "move the database to a local disk: this file system does not honour locks")
    yield from _holders(program)
    yield _worker(program)


def _holders(program: Program) -> Iterator[Check]:
    """Who holds a sender lock; one that is held for long belongs to a process that is frozen, and nobody else sends."""
    try:
        accounts = program.report.status().accounts
    except BotError:  # the next check says why
        return
    for each in accounts:
        if each.holder is None:
            continue
        who = f"process {each.holder.pid} on {each.holder.host}"
        detail = f"held by {who} for {format_duration(timedelta(seconds=each.held_for))}"
        remedy = f"it seems frozen: look at it; if it does nothing, end it: kill -9 {each.holder.pid}"
        name = f"sender lock of {each.account.name}"
        yield Check(name, ok=not each.frozen, detail=detail, remedy=remedy if each.frozen else "")


def _worker(program: Program) -> Check:
    try:
        status = program.report.status()
    except BotError as error:
        return Check("worker", ok=False, detail=str(error), remedy="mend what the line names")
    if status.worker_alive:
        return Check("worker", ok=True, detail=f"{status.workers[0].name} is alive")
    if status.upcoming or status.late:
        remedy = "start one: `bot run`, best as a service of the system"
        return Check(
            "worker", ok=False, detail="announcements are scheduled and no worker runs", remedy=remedy
        )
    return Check("worker", ok=True, detail="none runs, and nothing is scheduled")


def _stop_file(program: Program) -> Check:
    if program.stop_file():
        detail = "the file PAUSE lies in the project folder: nothing is published"
        return Check(
            "stop switch", ok=False, detail=detail, remedy=f"remove {program.settings.project / 'PAUSE'}"
        )
    return Check("stop switch", ok=True, detail="off")


def _time_zones() -> Check:
    count = len(zoneinfo.available_timezones())
    if count < 400:  # the whole of IANA's list has some 600
        remedy = "install the package tzdata anew"
        return Check("time zones", ok=False, detail=f"only {count} time zones are known", remedy=remedy)
    return Check("time zones", ok=True, detail=f"{count} known")


def _account(program: Program, account: Account) -> Iterator[Check]:
    """Ask X whose keys these are: that shows reach, keys, identity and clock in one request."""
    name = f"account {account.name}"
    try:
        identity = program.channel(account).identity()
    except SettingsMissing as error:
        yield Check(name, ok=False, detail=str(error), remedy="put the four keys into .env", ill=Ill.MISSING)
        return
    except ChannelRefused as error:
        remedy = "see docs/howto/real-account.md: keys of an app with the permission Read and write"
        ill = Ill.MISSING if error.kind is RefusedKind.UNAUTHORISED else Ill.UNREACHABLE
        yield Check(name, ok=False, detail=str(error), remedy=remedy, ill=ill)
        return
    except ChannelUnreachable as error:
        remedy = "check the network, BOT_PROXY, BOT_CA_BUNDLE and X_API_BASE_URL"
        yield Check(name, ok=False, detail=str(error), remedy=remedy, ill=Ill.UNREACHABLE)
        return
    if identity.user_id != account.user_id:
        detail = f"the keys belong to @{identity.handle}, id {identity.user_id}; accounts.toml expects {account.user_id}"
        remedy = f'put user_id = "{identity.user_id}" into accounts.toml if @{identity.handle} is the right account'
        yield Check(name, ok=False, detail=detail, remedy=remedy)
    elif identity.handle.lower() != account.handle.lower():
        detail = f"the account is called @{identity.handle} now, accounts.toml says @{account.handle}"
        yield Check(
            name, ok=False, detail=detail, remedy=f'put handle = "{identity.handle}" into accounts.toml'
        )
    else:
        detail = (
            f"the keys belong to @{identity.handle}; whether they may write is not tried without --live-trial"
        )
        yield Check(name, ok=True, detail=detail)
    if identity.server_date is not None:
        yield _clock(account, (identity.server_date - program.clock.now()).total_seconds())


def _clock(account: Account, off: float) -> Check:
    name = f"clock against X ({account.name})"
    if abs(off) > CLOCK_AGREES:
        detail = f"this machine's clock is {abs(off):.0f} s {'behind' if off > 0 else 'ahead'}"
        remedy = "set it right: timedatectl set-ntp true"
        return Check(name, ok=False, detail=detail, remedy=remedy)
    return Check(name, ok=True, detail=f"{abs(off):.0f} s apart")
