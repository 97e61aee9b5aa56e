"""The adapters: what the deeds need from outside, each made when it is first asked for."""

from __future__ import annotations

import os
import socket
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.checkpoint import NoCheckpoint
from bot.adapters.clock import SystemClock
from bot.adapters.spool import spool
from bot.domain.errors import SettingsMissing
from bot.domain.notice import Notice
from bot.domain.profile import Profile

# Each command makes a few of the parts; loading all of them would take longer than most commands do.
if TYPE_CHECKING:
    from bot.adapters.files import RecordFilesOnDisk
    from bot.adapters.files.record_folder import RecordFoldersOnDisk
    from bot.adapters.locks import FileSenderLocks
    from bot.adapters.notify import AppriseNotifier
    from bot.adapters.watched_configuration import WatchedConfiguration
    from bot.adapters.witness import FileWitness
    from bot.application.ports.channel import Channel
    from bot.application.ports.checkpoint import Checkpoint
    from bot.application.ports.dispatcher import Dispatcher
    from bot.application.ports.fetcher import Fetcher
    from bot.application.ports.media_files import MediaFiles
    from bot.application.ports.renderer import Renderer
    from bot.application.ports.store import Store
    from bot.application.publishing import Publishing
    from bot.domain.account import Account
    from bot.settings import Settings

STOP_FILE = "PAUSE"
POLL = 1.0
"""Seconds between two looks at whether another process has written to the store."""


class Parts:
    """What one process of the program has of the outside.

    `checkpoint` stands at every commit and network call of the protocol; the crash tests hand in one that kills.
    """

    def __init__(
        self, settings: Settings, *, clock: SystemClock | None = None, checkpoint: Checkpoint | None = None
    ) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.checkpoint = checkpoint or NoCheckpoint()
        self.worker = f"{socket.gethostname()}:{os.getpid()}"
        self._channels: dict[str, tuple[Account, Channel]] = {}

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
            raise SettingsMissing("BOT_DISPATCHER: this version knows apscheduler only; write apscheduler")
        return path

    @cached_property
    def store(self) -> Store:
        """The store; its first use raises StoreUnavailable if there is none, or it is of another version."""
        from bot.adapters.store.store import SqlStore  # noqa: PLC0415 - start-up time

        _ = self.database
        return SqlStore(self.settings.database_url, self.checkpoint)

    @cached_property
    def configuration(self) -> WatchedConfiguration:
        """Gives campaigns and accounts, as the files are now."""
        from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults  # noqa: PLC0415 - start-up time
        from bot.adapters.watched_configuration import WatchedConfiguration  # noqa: PLC0415 - start-up time

        settings = self.settings
        defaults = Defaults(
            timezone=settings.timezone,
            late_window=settings.late_window,
            on_late=settings.on_late,
            approval=settings.approval,
            min_gap=settings.min_gap,
        )
        files = ConfigurationFilesOnDisk(settings.schedules, defaults)
        return WatchedConfiguration(settings.schedules, files, self.clock, tell=self._tell_of_wrong_schedules)

    def _tell_of_wrong_schedules(self, what: str) -> None:
        body = f"{what}. Until it is mended, the worker goes by what held before."
        self.publishing.tell([Notice("the changed schedules are wrong; those before hold", body)])

    @cached_property
    def locks(self) -> FileSenderLocks:
        """The sender locks, beside the database."""
        from bot.adapters.locks import FileSenderLocks  # noqa: PLC0415 - start-up time

        return FileSenderLocks(self.database, self.clock)

    @cached_property
    def witness(self) -> FileWitness:
        """What this host knows of the last intents, beside the database."""
        from bot.adapters.witness import FileWitness  # noqa: PLC0415 - start-up time

        return FileWitness(self.database)

    @cached_property
    def files(self) -> RecordFilesOnDisk:
        """Reads record files."""
        from bot.adapters.files import COLUMNS_FILE, RecordFilesOnDisk  # noqa: PLC0415 - start-up time

        return RecordFilesOnDisk(self.settings.project, self.settings.schedules / COLUMNS_FILE, spool)

    @cached_property
    def record_folders(self) -> RecordFoldersOnDisk:
        """Looks into folders of record files."""
        from bot.adapters.files.record_folder import RecordFoldersOnDisk  # noqa: PLC0415 - start-up time

        return RecordFoldersOnDisk(self.files)

    @cached_property
    def renderer(self) -> Renderer:
        """Renders templates in a process of its own."""
        from bot.adapters.templates.renderer import LimitedRenderer  # noqa: PLC0415 - start-up time

        return LimitedRenderer(self.settings.templates)

    def template_names(self) -> list[str]:
        """Name the templates that a campaign or a record may use."""
        from bot.adapters.templates.folder import templates_in  # noqa: PLC0415 - start-up time

        return templates_in(self.settings.templates)

    @cached_property
    def media(self) -> MediaFiles:
        """Reads pictures and films of the project folder."""
        from bot.adapters.media import MediaFolder  # noqa: PLC0415 - start-up time

        return MediaFolder(self.settings.project)

    def fetcher(self) -> Fetcher:
        """Fetches pages, feeds and pictures. Raises SettingsMissing if the CA bundle cannot be read."""
        from bot.adapters.web.fetch import HttpsFetcher  # noqa: PLC0415 - start-up time

        return HttpsFetcher(self.clock, proxy=self.settings.proxy_url, ca_bundle=self.settings.ca_bundle_path)

    @cached_property
    def notifier(self) -> AppriseNotifier:
        """Tells people where they read notices."""
        from bot.adapters.notify import AppriseNotifier  # noqa: PLC0415 - start-up time

        url = self.settings.notify_url
        return AppriseNotifier(url.reveal() if url else None)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Wakes the worker's turns."""
        from bot.adapters.dispatch_apscheduler import ApschedulerDispatcher  # noqa: PLC0415 - start-up time

        return ApschedulerDispatcher(self.clock, self.profile, poll=POLL * self.settings.time_scale)

    def stop_file(self) -> bool:
        """Tell whether the file PAUSE lies in the project folder."""
        return (self.settings.project / STOP_FILE).exists()

    @cached_property
    def publishing(self) -> Publishing:
        """The ports of the publishing protocol."""
        from bot.application.publishing import Publishing  # noqa: PLC0415 - start-up time

        return Publishing(
            store=self.store,
            locks=self.locks,
            witness=self.witness,
            clock=self.clock,
            checkpoint=self.checkpoint,
            notifier=self.notifier,
            channel=self.channel,
            media=self.media,
            configuration=self.configuration,
            stop_file=self.stop_file,
            profile=self.profile,
            worker=self.worker,
        )

    def channel(self, account: Account) -> Channel:
        """Give the channel of an account. Raises SettingsMissing if its keys are not set."""
        known = self._channels.get(account.name)
        if known and known[0] == account:
            return known[1]
        channel = self._new_channel(account)
        self._channels[account.name] = (account, channel)
        return channel

    def _new_channel(self, account: Account) -> Channel:
        from bot.adapters.x_api.client import XChannel  # noqa: PLC0415 - start-up time
        from bot.adapters.x_api.credentials import Credentials  # noqa: PLC0415 - start-up time
        from bot.adapters.x_api.endpoint import RequestTimes  # noqa: PLC0415 - start-up time

        keys, settings = self.settings.secrets_of(account), self.settings
        secrets = (keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret)
        return XChannel(
            Credentials(*(secret.reveal() for secret in secrets)),
            base_url=settings.x_api_base_url,
            times=RequestTimes.of(self.profile),
            clock=self.clock,
            checkpoint=self.checkpoint,
            proxy=settings.proxy_url,
            ca_bundle=settings.ca_bundle_path,
        )

    def close(self) -> None:
        """Let go of what was opened."""
        for name in ("renderer", "notifier", "store"):
            if name in self.__dict__:
                getattr(self, name).close()
