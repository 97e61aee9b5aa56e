"""Puts adapters into deeds: the only module that knows all of them."""

from __future__ import annotations

import logging
import os
import socket
from functools import cached_property
from pathlib import Path

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.clock import SystemClock
from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults
from bot.adapters.dispatch_apscheduler import ApschedulerDispatcher
from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.locks import FileSenderLocks
from bot.adapters.notify import AppriseNotifier
from bot.adapters.store.store import SqlStore
from bot.adapters.templates.renderer import LimitedRenderer
from bot.adapters.witness import FileWitness
from bot.adapters.x_api.client import XChannel
from bot.adapters.x_api.credentials import Credentials
from bot.adapters.x_api.endpoint import RequestTimes
from bot.application.approve import Approval
from bot.application.control import Control
from bot.application.intake import Intake
from bot.application.ports.channel import Channel
from bot.application.ports.checkpoint import Checkpoint
from bot.application.ports.configuration import Configuration
from bot.application.preview import Previewer
from bot.application.publishing import Publishing
from bot.application.report import Report
from bot.application.settle import Settling
from bot.application.work import Work
from bot.domain.account import Account
from bot.domain.errors import InputError, SettingsMissing
from bot.domain.profile import Profile
from bot.settings import Settings

log = logging.getLogger(__name__)

STOP_FILE = "PAUSE"


class Program:
    """Everything that one process of the program needs, made when it is first asked for.

    `checkpoint` stands at every commit and network call of the protocol; the crash tests hand in one that kills.
    """

    def __init__(self, settings: Settings, *, checkpoint: Checkpoint | None = None) -> None:
        self.settings = settings
        self.checkpoint = checkpoint or NoCheckpoint()
        self.clock = SystemClock()
        self.worker = f"{socket.gethostname()}:{os.getpid()}"
        self._channels: dict[str, tuple[Account, XChannel]] = {}

    @cached_property
    def profile(self) -> Profile:
        """Every time of the publishing protocol, as the settings scale it."""
        settling = self.settings.settling_time.total_seconds()
        return Profile().with_settling(settling).scaled(self.settings.time_scale)

    @cached_property
    def database(self) -> Path:
        """The database's file. Raises SettingsMissing for a database that this version cannot use."""
        path = self.settings.database_path
        if path is None:
            raise SettingsMissing(
                "BOT_DATABASE_URL: this version keeps its queue in SQLite; write sqlite:///bot.db"
            )
        if self.settings.dispatcher != "apscheduler":
            raise SettingsMissing("BOT_DISPATCHER: this version knows apscheduler only")
        return path

    @cached_property
    def store(self) -> SqlStore:
        """The store. Raises StoreUnavailable if there is none, or it is of another version."""
        _ = self.database
        return SqlStore(self.settings.database_url, self.checkpoint)

    @cached_property
    def configuration(self) -> WatchedConfiguration:
        """Gives campaigns and accounts, as the files are now."""
        settings = self.settings
        defaults = Defaults(
            timezone=settings.timezone,
            late_window=settings.late_window,
            on_late=settings.on_late,
            approval=settings.approval,
            min_gap=settings.min_gap,
        )
        return WatchedConfiguration(
            settings.schedules, ConfigurationFilesOnDisk(settings.schedules, defaults)
        )

    @cached_property
    def locks(self) -> FileSenderLocks:
        """The sender locks, beside the database."""
        return FileSenderLocks(self.database, self.clock)

    @cached_property
    def files(self) -> RecordFilesOnDisk:
        """Reads record files."""
        return RecordFilesOnDisk()

    @cached_property
    def renderer(self) -> LimitedRenderer:
        """Renders templates in a process of its own."""
        return LimitedRenderer(self.settings.templates)

    @cached_property
    def previewer(self) -> Previewer:
        """Makes cards."""
        return Previewer(self.store, self.renderer, self.clock, self.configuration)

    @cached_property
    def intake(self) -> Intake:
        """Takes records in."""
        return Intake(self.store, self.clock, self.configuration)

    @cached_property
    def approval(self) -> Approval:
        """Submits, approves, rejects."""
        return Approval(self.store, self.clock, self.configuration, self.previewer)

    @cached_property
    def control(self) -> Control:
        """Another time, cancel, the stop switch, withdraw."""
        return Control(self.store, self.clock, self.configuration, self.channel)

    @cached_property
    def report(self) -> Report:
        """Status, log, verification."""
        return Report(self.store, self.clock, self.configuration, self.locks, self.stop_file, self.profile)

    @cached_property
    def notifier(self) -> AppriseNotifier:
        """Tells people where they read notices."""
        url = self.settings.notify_url
        return AppriseNotifier(url.reveal() if url else None)

    @cached_property
    def publishing(self) -> Publishing:
        """The ports of the publishing protocol."""
        return Publishing(
            store=self.store,
            locks=self.locks,
            witness=FileWitness(self.database),
            clock=self.clock,
            checkpoint=self.checkpoint,
            notifier=self.notifier,
            channel=self.channel,
            configuration=self.configuration,
            stop_file=self.stop_file,
            profile=self.profile,
            worker=self.worker,
        )

    @cached_property
    def dispatcher(self) -> ApschedulerDispatcher:
        """Wakes the worker's turns."""
        return ApschedulerDispatcher(self.clock, self.profile)

    def settling(self, actor: str) -> Settling:
        """Settles what is in doubt, on somebody's word."""
        return Settling(self.publishing, actor)

    def work(self) -> Work:
        """The worker's turns. Raises StoreUnavailable where locks do not hold."""
        self.locks.probe()
        return Work.over(self.publishing)

    def stop_file(self) -> bool:
        """Tell whether the file PAUSE lies in the project folder."""
        return (self.settings.project / STOP_FILE).exists()

    def channel(self, account: Account) -> Channel:
        """Give the channel of an account. Raises SettingsMissing if its keys are."""
        known = self._channels.get(account.name)
        if known and known[0] == account:
            return known[1]
        keys = self.settings.secrets_of(account)
        profile = self.profile
        channel = XChannel(
            Credentials(
                keys.api_key.reveal(),
                keys.api_secret.reveal(),
                keys.access_token.reveal(),
                keys.access_token_secret.reveal(),
            ),
            base_url=self.settings.x_api_base_url,
            times=RequestTimes(
                connect=profile.connect,
                read=profile.read,
                total=profile.total,
                user_timeout=profile.user_timeout,
            ),
            clock=self.clock,
            checkpoint=self.checkpoint,
            proxy=self.settings.proxy.reveal() if self.settings.proxy else None,
            ca_bundle=str(self.settings.ca_bundle) if self.settings.ca_bundle else None,
        )
        self._channels[account.name] = (account, channel)
        return channel

    def close(self) -> None:
        """Let go of what was opened."""
        for name in ("renderer", "notifier", "store"):
            if name in self.__dict__:
                getattr(self, name).close()


class WatchedConfiguration:
    """Campaigns and accounts, read again when a file of the folder changed; while the new ones are wrong the old ones hold."""

    def __init__(self, folder: Path, files: ConfigurationFilesOnDisk) -> None:
        self._folder = folder
        self._files = files
        self._seen: object = None
        self._configuration: Configuration | None = None

    def __call__(self) -> Configuration:
        """Give what holds now. Raises InputError if the very first reading is wrong."""
        seen = self._fingerprint()
        if self._configuration is not None and seen == self._seen:
            return self._configuration
        try:
            self._configuration = self._files.load()
        except InputError as error:
            if self._configuration is None:
                raise
            log.error("the new schedules are wrong; the old ones hold", extra={"detail": str(error)})
        self._seen = seen
        return self._configuration

    def forget(self) -> None:
        """Read the files again at the next call, whether they changed or not."""
        self._seen = None

    def _fingerprint(self) -> object:
        try:
            return [
                (path.name, path.stat().st_mtime_ns, path.stat().st_size)
                for path in sorted(self._folder.glob("*.toml"))
            ]
        except OSError:
            return None
