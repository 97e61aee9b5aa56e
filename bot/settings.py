"""Settings: the only reader of the environment (design, section 8).

The project folder is the nearest one, from the working directory upwards, that holds a `.env`; relative paths are relative
to it. The real environment wins over `.env`.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import unquote, urlsplit

from dotenv.parser import parse_stream

from bot import setting_values as values
from bot.domain.account import Account
from bot.domain.campaign import Approval, OnLate
from bot.domain.errors import InputError, SettingsMissing
from bot.domain.walltime import zone_rules

T = TypeVar("T")

DEFAULTS = {
    "BOT_DATABASE_URL": "sqlite:///bot.db",
    "BOT_TEMPLATES": "templates",
    "BOT_SCHEDULES": "schedules",
    "BOT_TIMEZONE": "UTC",
    "BOT_DISPATCHER": "apscheduler",
    "BOT_LATE_WINDOW": "60m",
    "BOT_ON_LATE": "hold",
    "BOT_SETTLING_TIME": "120s",
    "BOT_MIN_GAP": "0s",
    "BOT_APPROVAL": "one",
    "BOT_LOG_LEVEL": "info",
    "BOT_NOTIFY_URL": "",
    "BOT_PROXY": "",
    "BOT_CA_BUNDLE": "",
    "BOT_TIME_SCALE": "1",
    "X_API_BASE_URL": "https://api.x.com",
}
"""Every setting that is no secret of an account, with the value that holds where none is given."""

SECRET_NAMES = ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
"""The keys of an account; a second account has the same names with the prefix that `accounts.toml` gives."""

SETTING_NAMES = (*DEFAULTS, *SECRET_NAMES)

PROJECT_VARIABLE = "BOT_PROJECT"
"""The environment's form of the option `--project`; no setting, because it says where the settings are."""

_SECRET = re.compile(rf"(?:[A-Z][A-Z0-9_]*_)?(?:{'|'.join(SECRET_NAMES)})")
_OURS = re.compile(r"BOT_|(?:[A-Z0-9_]+_)?X_(?:API|ACCESS)_")
_MASKABLE = 4


class Secret:
    """A text that no repr, log line or pickle shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the text itself."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


@dataclass(frozen=True, slots=True)
class Credentials:
    """The four keys of OAuth 1.0a."""

    api_key: Secret
    api_secret: Secret
    access_token: Secret
    access_token_secret: Secret


@dataclass(frozen=True, slots=True)
class Settings:
    """What `.env` and the environment say, checked; paths are absolute, secrets hidden from `repr`.

    `time_scale` is what every time of the publishing protocol is multiplied by: 1, or less against a loopback sandbox.
    """

    project: Path
    env_file: Path | None
    database_url: str = field(repr=False)
    templates: Path
    schedules: Path
    timezone: str
    dispatcher: str
    late_window: timedelta
    on_late: OnLate
    settling_time: timedelta
    min_gap: timedelta
    approval: Approval
    log_level: str
    notify_url: Secret | None
    proxy: Secret | None
    ca_bundle: Path | None
    x_api_base_url: str
    time_scale: float
    secrets: Mapping[str, Secret] = field(repr=False)

    @property
    def database_path(self) -> Path | None:
        """The file of an SQLite database, None for PostgreSQL."""
        scheme, _, rest = self.database_url.partition(":///")
        return Path(rest.partition("?")[0]) if scheme.startswith("sqlite") else None

    @property
    def proxy_url(self) -> str | None:
        """The proxy's address, with its password if it has one."""
        return self.proxy.reveal() if self.proxy else None

    @property
    def ca_bundle_path(self) -> str | None:
        """The file of the certificates that servers are known by, as libraries take it."""
        return str(self.ca_bundle) if self.ca_bundle else None

    def secrets_of(self, account: Account) -> Credentials:
        """Give the keys of an account. Raises SettingsMissing naming every one that is not set."""
        names = [account.secrets + name for name in SECRET_NAMES]
        missing = [name for name in names if name not in self.secrets]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            raise SettingsMissing(
                f"{', '.join(missing)} {verb} not set: account '{account.name}' needs its keys in "
                f"{self.env_file or self.project / '.env'} or the environment"
            )
        return Credentials(*(self.secrets[name] for name in names))

    def secret_values(self) -> frozenset[str]:
        """Give every text that must not appear in a log: keys, passwords in URLs, the URL that notices go to."""
        urls = [self.database_url, *(secret.reveal() for secret in (self.notify_url, self.proxy) if secret)]
        found = {secret.reveal() for secret in self.secrets.values()}
        found |= {self.notify_url.reveal()} if self.notify_url else set()
        for password in filter(None, map(values.password_of, urls)):
            found |= {password, unquote(password)}
        return frozenset(value for value in found if len(value) >= _MASKABLE)


@dataclass(frozen=True, slots=True)
class _Given:
    """A value and where it was written."""

    value: str
    where: str


def load_settings(
    start: Path, *, project: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings for a command that was started in the folder `start`.

    `project` names the project folder outright (the option `--project`); `environ` stands in for the real environment.
    Raises SettingsMissing, in one line that says where and what to do, for a value that is wrong, a name that is unknown,
    or a `.env` with secrets that everybody may read.
    """
    folder = _project_folder(start, project)
    env_file = folder / ".env"
    given = _read_env_file(env_file)
    real = os.environ if environ is None else environ
    for name, value in real.items():
        if name in DEFAULTS or _SECRET.fullmatch(name):
            given[name] = _Given(value.strip(), "environment")
        elif name.startswith(("BOT_", "X_")) and name != PROJECT_VARIABLE:
            _refuse_slip(name)
    return _settings(folder, env_file if env_file.exists() else None, given)


def _project_folder(start: Path, project: Path | None) -> Path:
    if project is None:
        here = start.resolve()
        return next((folder for folder in (here, *here.parents) if _has_env_file(folder)), here)
    folder = (start / project).resolve()
    try:
        if folder.is_dir():
            return folder
    except OSError:  # may not be entered: no better than none
        pass
    raise SettingsMissing(f"{folder} is no folder that can be read: give the project folder to --project")


def _has_env_file(folder: Path) -> bool:
    try:
        return (folder / ".env").is_file()
    except OSError:  # a parent that we may not enter is not ours
        return False


def _read_env_file(path: Path) -> dict[str, _Given]:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise SettingsMissing(f"{path}: is not UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        raise SettingsMissing(f"{path}: cannot be read ({error.strerror}): mend its rights") from error
    found: dict[str, _Given] = {}
    for binding in parse_stream(StringIO(text)):
        source = binding.original
        blank_lines = source.string[: len(source.string) - len(source.string.lstrip())].count("\n")
        where = f"{path}:{source.line + blank_lines}"
        if binding.error:
            raise SettingsMissing(f"{where}: cannot be read: write NAME=value")
        if binding.key is not None:
            _check_name(binding.key, where)
            found[binding.key] = _Given((binding.value or "").strip(), where)
    # A fresh copy of .env.example holds nothing to protect, and must work.
    if mode & (stat.S_IROTH | stat.S_IWOTH) and any(map(_holds_secret, found, found.values())):
        raise SettingsMissing(
            f"{path}: holds secrets and is open to everybody on this machine: run chmod 600 {path}"
        )
    return found


def _check_name(name: str, where: str) -> None:
    if name in DEFAULTS or _SECRET.fullmatch(name) or not _OURS.match(name):
        return
    if name == PROJECT_VARIABLE:
        raise SettingsMissing(f"{where}: {name} says where this file is: set it outside, or give --project")
    near = get_close_matches(name, SETTING_NAMES, n=1)
    advice = f"did you mean {near[0]}?" if near else ".env.example lists those that there are"
    raise SettingsMissing(f"{where}: {name} is not a setting: {advice}")


def _refuse_slip(name: str) -> None:
    # Other programs have a BOT_TOKEN, too: in the environment only what nearly is one of ours is taken for a slip.
    near = get_close_matches(name, SETTING_NAMES, n=1, cutoff=0.8)
    if near:
        raise SettingsMissing(f"environment: {name} is not a setting: did you mean {near[0]}?")


def _holds_secret(name: str, given: _Given) -> bool:
    if name == "BOT_NOTIFY_URL" or _SECRET.fullmatch(name):
        return bool(given.value)
    return name in DEFAULTS and values.password_of(given.value) is not None


def _settings(folder: Path, env_file: Path | None, given: Mapping[str, _Given]) -> Settings:
    def take(name: str, read: Callable[[str], T]) -> T:
        return _take(given, name, read)

    base_url = take("X_API_BASE_URL", values.base_url)
    loopback = values.is_loopback(urlsplit(base_url).hostname)
    return Settings(
        project=folder,
        env_file=env_file,
        database_url=take("BOT_DATABASE_URL", lambda text: values.database_url(text, folder)),
        templates=take("BOT_TEMPLATES", folder.joinpath),
        schedules=take("BOT_SCHEDULES", folder.joinpath),
        timezone=take("BOT_TIMEZONE", lambda text: zone_rules(text).key),
        dispatcher=take("BOT_DISPATCHER", values.one_of("apscheduler", "procrastinate")),
        late_window=take("BOT_LATE_WINDOW", values.duration),
        on_late=OnLate(take("BOT_ON_LATE", values.one_of(*OnLate))),
        settling_time=take("BOT_SETTLING_TIME", lambda text: values.settling_time(text, loopback=loopback)),
        min_gap=take("BOT_MIN_GAP", values.duration),
        approval=Approval(take("BOT_APPROVAL", values.one_of(*Approval))),
        log_level=take("BOT_LOG_LEVEL", values.one_of("debug", "info", "warning", "error")).upper(),
        notify_url=take("BOT_NOTIFY_URL", values.optional(Secret)),
        proxy=take("BOT_PROXY", values.optional(lambda text: Secret(values.proxy_url(text)))),
        ca_bundle=take("BOT_CA_BUNDLE", values.optional(lambda text: values.readable_file(folder / text))),
        x_api_base_url=base_url,
        time_scale=take("BOT_TIME_SCALE", lambda text: values.time_scale(text, loopback=loopback)),
        secrets={
            name: _key(name, got) for name, got in given.items() if _SECRET.fullmatch(name) and got.value
        },
    )


def _take(given: Mapping[str, _Given], name: str, read: Callable[[str], T]) -> T:
    got = given.get(name, _Given("", "default"))
    try:
        return read(got.value or DEFAULTS[name])
    except InputError as error:
        message = " ".join(str(error).split())  # one line, whatever the value that it quotes
        raise SettingsMissing(f"{got.where}: {name}: {message}") from error


def _key(name: str, given: _Given) -> Secret:
    if not re.fullmatch(r"[!-~]+", given.value):
        raise SettingsMissing(
            f"{given.where}: {name}: has a space or a character that no key has: copy it again"
        )
    return Secret(given.value)
