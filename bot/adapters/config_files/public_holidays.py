"""`holiday_countries` of a campaign's file, by the calendars of the library `holidays`: the only module that knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from bot.adapters.config_files.table import Table
from bot.domain.holidays import NO_PUBLIC_HOLIDAYS, PublicHolidays

LANGUAGE = "en_US"
"""Of the holidays' names, where the library has them in it; else they come in the country's own."""


@dataclass(frozen=True, slots=True)
class CountryHolidays:
    """The public holidays of some countries, with those given in lieu; a year is worked out when it is first asked for."""

    countries: tuple[str, ...]

    def on(self, day: date) -> Sequence[str]:
        """Name the holidays of a day with their country."""
        return [
            f"{name} ({country})"
            for country in self.countries
            if (name := _of_year(country, day.year).get(day)) is not None
        ]


def read_public_holidays(file: Table) -> PublicHolidays:
    """Read the countries. Raises InputError that suggests the nearest for one that is not known."""
    countries = tuple(dict.fromkeys(_countries(file)))
    return CountryHolidays(countries) if countries else NO_PUBLIC_HOLIDAYS


def _countries(file: Table) -> Iterator[str]:
    for number, value in enumerate(file.array("holiday_countries"), 1):
        key = f"holiday_countries[{number}]"
        if not isinstance(value, str):
            raise file.wrong(key, 'must be a text: write "TH", or "AU-NSW"')
        country, dash, part = value.strip().partition("-")
        country, known = country.upper(), _supported()
        if country not in known:
            advice = _nearest(country, known) or "write the two letters of ISO 3166, such as TH"
            raise file.wrong(key, f"'{value[:40]}' is not a country whose holidays are known: {advice}")
        parts = {each.upper(): f"{country}-{each}" for each in known[country]}
        if dash and part.upper() not in parts:
            raise file.wrong(key, f"'{value[:40]}' is not known: {_advice_on_part(country, part, parts)}")
        yield parts[part.upper()] if dash else country


def _advice_on_part(country: str, part: str, parts: Mapping[str, str]) -> str:
    if not parts:
        return f"{country} has no holidays of its parts: write {country}"
    near = get_close_matches(part.upper(), parts, n=1, cutoff=0.5)
    return f"did you mean {parts[near[0]]}?" if near else f"write one of {', '.join(parts.values())}"


def _nearest(word: str, known: Mapping[str, object]) -> str:
    """Suggest a country by its name, which is what people write, or by letters that are nearly those of one."""
    from holidays.registry import COUNTRIES  # noqa: PLC0415 - start-up time

    by_name = {name.replace("_", " ").upper(): code for name, (_, code, *_) in COUNTRIES.items()}
    near = get_close_matches(word, by_name, n=1, cutoff=0.8)
    by_code = known if len(word) <= 3 else ()
    found = [by_name[near[0]]] if near else get_close_matches(word, by_code, n=1, cutoff=0.5)
    return f"did you mean {found[0]}?" if found else ""


@lru_cache(maxsize=1)
def _supported() -> Mapping[str, Sequence[str]]:
    import holidays  # noqa: PLC0415 - start-up time

    return holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=256)
def _of_year(country: str, year: int) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415 - start-up time

    code, _, part = country.partition("-")
    calendar = holidays.country_holidays(
        code, subdiv=part or None, years=[year], expand=False, language=_language(code)
    )
    return dict(calendar.items())


@lru_cache(maxsize=256)
def _language(code: str) -> str | None:
    import holidays  # noqa: PLC0415 - start-up time

    return LANGUAGE if LANGUAGE in holidays.country_holidays(code).supported_languages else None
