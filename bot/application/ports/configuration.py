"""Campaigns and accounts as the team keeps them in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from bot.domain.account import Account
from bot.domain.announcement import Record
from bot.domain.campaign import Campaign
from bot.domain.errors import InputError


@dataclass(frozen=True, slots=True)
class Configuration:
    """Every campaign and account, by name."""

    campaigns: Mapping[str, Campaign]
    accounts: Mapping[str, Account]

    def campaign(self, name: str) -> Campaign:
        """Give a campaign. Raises InputError naming those that there are."""
        if name not in self.campaigns:
            known = ", ".join(sorted(self.campaigns)) or "none yet"
            raise InputError(f"campaign '{name}' is not in the schedules folder (there: {known})")
        return self.campaigns[name]

    def account_of(self, campaign: Campaign, record: Record | None = None) -> Account:
        """Give the account of a campaign, or the one that a record names instead. Raises InputError if there is none such."""
        name = (record.account if record else None) or campaign.account
        if name not in self.accounts:
            near = get_close_matches(name, self.accounts, n=1)
            advice = f"did you mean '{near[0]}'?" if near else f"there: {', '.join(sorted(self.accounts))}"
            raise InputError(f"account: '{name}' is not in accounts.toml: {advice}")
        return self.accounts[name]


class ConfigurationFiles(Protocol):
    """Reads `accounts.toml` and the campaign files of the schedules folder."""

    def load(self) -> Configuration:
        """Read all of them. Raises InputError (file, field, what to do) for the first that is wrong."""
        ...
