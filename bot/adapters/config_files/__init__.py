"""The files of the schedules folder: `accounts.toml` and one TOML file for each campaign."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from bot.adapters.config_files.accounts import NAME, read_accounts
from bot.adapters.config_files.campaigns import Defaults, read_campaign
from bot.adapters.config_files.table import Table, one_line, read_toml
from bot.adapters.config_files.word_lists import read_word_lists
from bot.application.ports.configuration import Configuration
from bot.domain.account import Account
from bot.domain.campaign import Campaign
from bot.domain.errors import InputError
from bot.domain.lint.house import WordLists

__all__ = ["ConfigurationFilesOnDisk", "Defaults"]

ACCOUNTS_FILE = "accounts.toml"

# A TOML file with one of these wants to be a campaign; others in the folder are somebody else's.
_MARKS = ("template", "account", "hashtag", "slots")


class ConfigurationFilesOnDisk:
    """Reads the schedules folder, merging campaigns with the settings' defaults."""

    def __init__(self, schedules: Path, defaults: Defaults) -> None:
        self._schedules = schedules
        self._defaults = defaults

    def load(self) -> Configuration:
        """Read all of them. Raises InputError (file, key, what to do) for the first that is wrong."""
        files = self._toml_files()
        accounts_file = self._schedules / ACCOUNTS_FILE
        if accounts_file not in files:
            raise InputError(f"{accounts_file} is missing: bot init writes one, or set BOT_SCHEDULES")
        accounts = read_accounts(read_toml(accounts_file))
        campaigns = dict(self._campaigns(path for path in files if path != accounts_file))
        for campaign in campaigns.values():
            self._check_account(campaign, accounts)
        return Configuration(campaigns, accounts)

    def _toml_files(self) -> list[Path]:
        try:
            return sorted(
                path
                for path in self._schedules.iterdir()
                if path.suffix == ".toml" and not path.name.startswith(".")
            )
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise InputError(
                f"the folder {self._schedules} cannot be read ({reason}): bot init makes one, or set BOT_SCHEDULES"
            ) from error

    def _campaigns(self, paths: Iterable[Path]) -> Iterable[tuple[str, Campaign]]:
        @cache
        def read_lists(name: str) -> WordLists:
            return read_word_lists(read_toml(self._schedules / name))

        for path in paths:
            file = read_toml(path)
            if not _is_campaign(file):
                continue
            if not NAME.fullmatch(path.stem):
                raise InputError(
                    f"{file.where}: the name of the file is the campaign's: use letters, digits, - and _"
                )
            yield path.stem, read_campaign(path.stem, file, self._defaults, read_lists)

    def _check_account(self, campaign: Campaign, accounts: dict[str, Account]) -> None:
        if campaign.account in accounts:
            return
        near = get_close_matches(campaign.account, accounts, n=1)
        known = ", ".join(sorted(accounts)) or "none yet"
        advice = f"did you mean '{near[0]}'?" if near else f"there: {known}"
        where = f"{self._schedules.name}/{campaign.name}.toml"
        raise InputError(
            one_line(f"{where}: account: '{campaign.account}' is not in {ACCOUNTS_FILE}: {advice}")
        )


def _is_campaign(file: Table) -> bool:
    return any(key in file or get_close_matches(key, list(file), n=1, cutoff=0.85) for key in _MARKS)
