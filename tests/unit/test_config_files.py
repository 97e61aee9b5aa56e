"""Campaigns and accounts from the schedules folder: what is read, and one-line errors that name file and key."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults
from bot.domain.account import Access, Account, CreateLimits
from bot.domain.campaign import Approval, Campaign, OnLate, QuietHours, Slot
from bot.domain.errors import InputError
from bot.domain.pricing import Prices
from bot.domain.slots import upcoming_slots
from tests.unit.files.rights import unreadable

SCHEDULES = Path(__file__).parents[2] / "schedules"
ACCOUNTS = '[rso]\nhandle = "baliprocessrso"\nuser_id = "42"\n'
CAMPAIGN = 'account = "rso"\ntemplate = "t.txt.j2"\n'


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    folder = tmp_path / "schedules"
    folder.mkdir()
    (folder / "accounts.toml").write_text(ACCOUNTS, encoding="utf-8")
    return folder


def account(schedules: Path, text: str) -> Account:
    (schedules / "accounts.toml").write_text(text, encoding="utf-8")
    accounts = ConfigurationFilesOnDisk(schedules, Defaults()).load().accounts
    return accounts["rso"]


def campaign(schedules: Path, text: str, defaults: Defaults | None = None) -> Campaign:
    (schedules / "tenyears.toml").write_text(CAMPAIGN + text, encoding="utf-8")
    return ConfigurationFilesOnDisk(schedules, defaults or Defaults()).load().campaign("tenyears")


def test_a_campaign_says_everything_about_itself(schedules: Path) -> None:
    text = """
        hashtag = "#RSOtenyears"
        timezone = "Asia/Bangkok"
        language = "th"
        slots = ["09:00", { days = ["mon", "Friday"], times = ["13:30", 16:30:00] }]
        quiet_hours = "22:00 – 7:00"
        holidays = [2026-12-10, "2026-12-31"]
        late_window = "30m"
        on_late = "skip"
        approval = "two"
        min_gap = "5m"
        [variables]
        office = "Bangkok"
        [handles]
        iom = "@UNmigration"
    """
    assert campaign(schedules, text) == Campaign(
        name="tenyears",
        account="rso",
        template="t.txt.j2",
        timezone="Asia/Bangkok",
        hashtag="RSOtenyears",
        language="th",
        slots=(Slot(time(9)), Slot(time(13, 30), frozenset({0, 4})), Slot(time(16, 30), frozenset({0, 4}))),
        quiet_hours=QuietHours(time(22), time(7)),
        holidays=frozenset({date(2026, 12, 10), date(2026, 12, 31)}),
        late_window=timedelta(minutes=30),
        on_late=OnLate.SKIP,
        approval=Approval.TWO,
        min_gap=timedelta(minutes=5),
        variables={"office": "Bangkok"},
        handles={"iom": "UNmigration"},
    )


def test_a_date_among_the_variables_is_a_text_to_templates(schedules: Path) -> None:
    variables = campaign(schedules, 'variables = { countdown_to = 2026-12-10, office = "Bangkok" }').variables
    assert variables == {"countdown_to": "2026-12-10", "office": "Bangkok"}


def test_what_a_campaign_leaves_out_comes_from_the_settings(schedules: Path) -> None:
    defaults = Defaults(
        timezone="Asia/Tokyo",
        late_window=timedelta(minutes=5),
        on_late=OnLate.PUBLISH,
        approval=Approval.NONE,
        min_gap=timedelta(minutes=3),
    )
    found = campaign(schedules, "", defaults)
    assert (found.timezone, found.late_window, found.on_late, found.approval, found.min_gap) == (
        "Asia/Tokyo",
        timedelta(minutes=5),
        OnLate.PUBLISH,
        Approval.NONE,
        timedelta(minutes=3),
    )
    own = campaign(
        schedules, 'late_window = "2h"\nmin_gap = "0s"\ntimezone = "UTC"\non_late = "hold"', defaults
    )
    assert (own.late_window, own.min_gap, own.timezone) == (timedelta(hours=2), timedelta(0), "UTC")
    assert own.on_late is OnLate.HOLD


@pytest.mark.parametrize(
    ("own", "settings_say", "holds"),
    [("none", "two", "two"), ("two", "none", "two"), ("one", "none", "one"), ("none", "one", "one")],
)
def test_the_stricter_approval_wins(schedules: Path, own: str, settings_say: str, holds: str) -> None:
    found = campaign(schedules, f'approval = "{own}"', Defaults(approval=Approval(settings_say)))
    assert found.approval == holds


def test_an_account_says_everything_about_itself(schedules: Path) -> None:
    text = """
        [rso]
        handle = "@baliprocessrso"
        user_id = "42"
        channel = "x"
        access = "enterprise"
        premium = true
        budget_usd = 12.30
        secrets = "THAI_"
        limits = { per_15_minutes = 10, per_day = 50 }
        [rso.prices]
        as_of = 2027-01-01
        link = 0.3
        read = 0
    """
    assert account(schedules, text) == Account(
        name="rso",
        handle="baliprocessrso",
        user_id="42",
        channel="x",
        access=Access.ENTERPRISE,
        premium=True,
        limits=CreateLimits(per_15_minutes=10, per_day=50),
        budget_usd=Decimal("12.30"),
        secrets="THAI_",
        prices=Prices(as_of=date(2027, 1, 1), link=Decimal("0.3"), read=Decimal(0)),
    )


def test_an_account_needs_a_handle_and_an_id_only(schedules: Path) -> None:
    assert account(schedules, ACCOUNTS) == Account(name="rso", handle="baliprocessrso", user_id="42")


def refusal(schedules: Path) -> str:
    with pytest.raises(InputError) as refused:
        ConfigurationFilesOnDisk(schedules, Defaults()).load()
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('timezon = "UTC"', "timezon: is not known: did you mean 'timezone'?"),
        ("colour = 1", "colour: is not known: known are account, approval,"),
        (
            'timezone = "Asia/Bangkog"',
            "timezone: 'Asia/Bangkog' is not a time zone: did you mean Asia/Bangkok?",
        ),
        ("timezone = 7", "timezone: must be a text: put it in quotes"),
        ('timezone = " "', "timezone: is empty: give it a value"),
        ('hashtag = "RSO ten years"', "hashtag: 'RSO ten years' is not a hashtag: one word"),
        ('hashtag = "2023"', "hashtag: '2023' is not a hashtag: one word"),
        (
            'language = "thai language"',
            "language: 'thai language' is not a language: write a code such as en or th",
        ),
        ('slots = "09:00"', "slots: must be a list: write it in [ ]"),
        ('slots = ["9am"]', "slots[1]: '9am' is not a time of day: write it as \"09:00\""),
        ('slots = ["24:00"]', "slots[1]: '24:00' is not a time of day"),
        ("slots = [9]", "slots[1]: '9' is not a time of day"),
        (
            'slots = [{ days = [], times = ["09:00"] }]',
            "slots[1].days: is empty, so that the slot never comes: name days",
        ),
        ('slots = ["09:00", { times = [] }]', 'slots[2].times: is missing: write times = ["09:00"]'),
        ('slots = [{ at = "09:00" }]', "slots[1].at: is not known: known are dates, days, jitter, times"),
        ('slots = [{ time = ["09:00"] }]', "slots[1].time: is not known: did you mean 'times'?"),
        (
            'slots = [{ days = ["moon"], times = ["09:00"] }]',
            "slots[1].days[1]: 'moon' is not a day: write mon",
        ),
        ('slots = [{ times = ["09:00", "x"] }]', "slots[1].times[2]: 'x' is not a time of day"),
        ('quiet_hours = "22:00"', "quiet_hours: '22:00' is not a span of hours: write it as 22:00-07:00"),
        ('quiet_hours = "22-07"', "quiet_hours: '22' is not a time of day: write it as 09:00"),
        ('quiet_hours = "07:00-07:00"', "quiet_hours: '07:00-07:00' ends when it starts"),
        (
            'quiet_hours = "22:00-07:00"\nslots = ["06:30"]',
            "slots[1]: 06:30 lies in the quiet hours and would never be used: move one of them",
        ),
        (
            "holidays = [2026-12-10T00:00:00]",
            "holidays[1]: '2026-12-10 00:00:00' is not a date: write it as 2026-12-10",
        ),
        (
            'holidays = [2026-12-10, "10/12/2026"]',
            "holidays[2]: '10/12/2026' is not a date: write it as 2026-12-10",
        ),
        (
            'late_window = "1 hour"',
            "late_window: '1 hour' is not a duration: write a number and s, m, h or d",
        ),
        ('late_window = "31d"', "late_window: '31d' is longer than 30d: write less"),
        ('on_late = "pubish"', "on_late: 'pubish' is not known: did you mean publish?"),
        ('approval = "all"', "approval: 'all' is not known: write none or one or two"),
        ("variables = { office = 1 }", "variables.office: must be a text: put it in quotes"),
        ('variables = { "my office" = "x" }', "variables.my office: cannot be a name in a template"),
        ('variables = "x"', "variables: must be a table: write it under [variables]"),
        (
            'handles = { iom = "@UN migration" }',
            "handles.iom: '@UN migration' is not a handle: letters, digits and _",
        ),
    ],
)
def test_a_wrong_campaign_is_refused_naming_file_and_key(schedules: Path, text: str, told: str) -> None:
    (schedules / "tenyears.toml").write_text(CAMPAIGN + text, encoding="utf-8")
    assert refusal(schedules).startswith(f"schedules/tenyears.toml: {told}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "accounts.toml: rso: handle: is missing"),
        ('handle = "a b"', "rso.handle: 'a b' is not a handle: letters, digits and _, at most 15"),
        ('handle = "rso"', 'rso.user_id: is missing: write user_id = "…"'),
        ('handle = "rso"\nuser_id = 42', "rso.user_id: must be a text: put the digits in quotes"),
        (
            'handle = "rso"\nuser_id = "@rso"',
            "rso.user_id: '@rso' is not an id: bot doctor shows whose the keys are",
        ),
        ('channel = "mastodon"', "rso.channel: 'mastodon' is not known: write x"),
        ('access = "self serve"', "rso.access: 'self serve' is not known: did you mean self-serve?"),
        ('premium = "yes"', "rso.premium: must be true or false, without quotes"),
        ('budget = "yes"', "rso.budget: is not known: did you mean 'budget_usd'?"),
        ('budget_usd = "25"', "rso.budget_usd: must be an amount such as 25.00, without quotes"),
        ("budget_usd = inf", "rso.budget_usd: must be an amount"),
        ("budget_usd = -1", "rso.budget_usd: must be an amount"),
        ("budget_usd = true", "rso.budget_usd: must be an amount"),
        ('secrets = "thai"', "rso.secrets: 'thai' is not a prefix: capitals that end with _, such as THAI_"),
        ("limits = { per_day = 0 }", "rso.limits.per_day: must be a whole number of 1 or more"),
        ("limits = { per_day = true }", "rso.limits.per_day: must be a whole number of 1 or more"),
        ("limits = { per_week = 1 }", "rso.limits.per_week: is not known: "),
        ("prices = { create = 0.02 }", "rso.prices.as_of: must be a date such as 2026-04-20, without quotes"),
    ],
)
def test_a_wrong_account_is_refused_naming_file_and_key(schedules: Path, text: str, told: str) -> None:
    rest = "" if "handle" in text or not text else 'handle = "rso"\nuser_id = "1"\n'
    (schedules / "accounts.toml").write_text(f"[rso]\n{rest}{text}", encoding="utf-8")
    assert refusal(schedules).startswith(
        f"schedules/accounts.toml: {told.removeprefix('accounts.toml: ')}".replace(": rso: ", ": rso.")
    )


def test_two_names_for_one_account_are_refused(schedules: Path) -> None:
    (schedules / "accounts.toml").write_text(f'{ACCOUNTS}[other]\nhandle = "Other"\nuser_id = "42"\n')
    assert (
        refusal(schedules)
        == "schedules/accounts.toml: other: is the same account as 'rso': keep one of the two"
    )
    (schedules / "accounts.toml").write_text(
        f'{ACCOUNTS}[other]\nhandle = "BaliProcessRSO"\nuser_id = "43"\n'
    )
    assert "other: is the same account as 'rso'" in refusal(schedules)


def test_a_campaign_of_an_unknown_account_suggests_the_nearest(schedules: Path) -> None:
    (schedules / "tenyears.toml").write_text('account = "rsso"\ntemplate = "t"\n')
    assert refusal(schedules) == (
        "schedules/tenyears.toml: account: 'rsso' is not in accounts.toml: did you mean 'rso'?"
    )


def test_a_campaign_without_a_template_is_refused_and_other_files_are_left_alone(schedules: Path) -> None:
    (schedules / "terms.toml").write_text('[terms]\n"illegal migrant" = "irregular migrant"\n')
    (schedules / "announcements.yaml").write_text("- key: a\n")
    (schedules / ".hidden.toml").write_text("not TOML")
    (schedules / "tenyears.toml").write_text('account = "rso"\ntemplat = "t"\n')
    assert refusal(schedules) == "schedules/tenyears.toml: templat: is not known: did you mean 'template'?"
    (schedules / "tenyears.toml").write_text('account = "rso"\n')
    assert refusal(schedules) == 'schedules/tenyears.toml: template: is missing: write template = "…"'
    (schedules / "tenyears.toml").unlink()
    assert ConfigurationFilesOnDisk(schedules, Defaults()).load().campaigns == {}


def test_a_name_that_cannot_be_typed_is_refused(schedules: Path) -> None:
    (schedules / "ten years.toml").write_text(CAMPAIGN)
    assert "ten years.toml: the name of the file is the campaign's" in refusal(schedules)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"slots = [\n'a'\n", "schedules/tenyears.toml: is not TOML: "),
        (
            b"account = 'a'\n# caf\xe9\n",
            "schedules/tenyears.toml:2: is not UTF-8 text: save the file as UTF-8",
        ),
        (b"x = " + b"[" * 5000, "schedules/tenyears.toml: is nested too deeply"),
        (b"x = " + b"9" * 5000, "schedules/tenyears.toml: is not TOML: "),
        (b"#" * 1_000_001, "schedules/tenyears.toml: is larger than a configuration file can be"),
    ],
    ids=["syntax", "encoding", "depth", "number", "size"],
)
def test_a_file_that_is_no_toml_is_refused(schedules: Path, data: bytes, told: str) -> None:
    (schedules / "tenyears.toml").write_bytes(data)
    assert refusal(schedules).startswith(told)


def test_a_file_that_notepad_saved_is_read(schedules: Path) -> None:
    (schedules / "tenyears.toml").write_bytes(b"\xef\xbb\xbf" + CAMPAIGN.replace("\n", "\r\n").encode())
    assert "tenyears" in ConfigurationFilesOnDisk(schedules, Defaults()).load().campaigns


def test_what_is_not_there_or_may_not_be_read_is_told_with_the_remedy(
    tmp_path: Path, schedules: Path
) -> None:
    assert "none cannot be read (No such file or directory): bot init makes one" in refusal(tmp_path / "none")
    (schedules / "tenyears.toml").write_text(CAMPAIGN)
    with unreadable(schedules):
        assert "cannot be read (Permission denied)" in refusal(schedules)
    (schedules / "accounts.toml").unlink()
    assert "accounts.toml is missing: bot init writes one" in refusal(schedules)


def test_the_campaign_of_the_office_has_slots_on_working_days_only() -> None:
    found = ConfigurationFilesOnDisk(SCHEDULES, Defaults(approval=Approval.NONE)).load()
    office = found.campaign("rsotenyears")
    assert found.account_of(office).handle == "baliprocessrso"
    assert (office.timezone, office.hashtag, office.approval) == ("Asia/Bangkok", "RSOtenyears", Approval.ONE)
    assert (office.late_window, office.min_gap) == (timedelta(hours=1), timedelta(minutes=5))
    year_end = upcoming_slots(office, datetime(2026, 12, 3, tzinfo=UTC), datetime(2026, 12, 12, tzinfo=UTC))
    assert sorted({due.wall.day for due in year_end}) == [3, 4, 8, 9, 11]


def test_the_prices_and_limits_of_the_office_are_those_of_the_program() -> None:
    rso = ConfigurationFilesOnDisk(SCHEDULES, Defaults()).load().accounts["baliprocessrso"]
    assert (rso.prices, rso.limits) == (Prices(), CreateLimits())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary() | st.text(st.characters(codec="utf-8")).map(lambda text: (CAMPAIGN + text).encode()))
@example(data=b"\xff")
@example(data=b"a = 1e999999999999999999999")
@example(data=CAMPAIGN.encode() + b'"a\\nb" = 1')
@example(data=b'account = "a\\nb"\ntemplate = "t"')
@example(data=b"[limits]\n[limits]")
def test_no_file_makes_anything_but_a_campaign_or_an_error(schedules: Path, data: bytes) -> None:
    (schedules / "tenyears.toml").write_bytes(data)
    told = ""
    try:
        ConfigurationFilesOnDisk(schedules, Defaults()).load()
    except InputError as error:
        told = str(error)
    assert told == "" or told.startswith("schedules/tenyears.toml")
    assert "\n" not in told
