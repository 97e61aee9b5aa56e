"""Puts adapters into deeds: the only module that knows all of them."""

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
    from bot.application.approve import Approval
    from bot.application.backup import Backup
    from bot.application.campaign_stops import CampaignControl
    from bot.application.compare import Comparison
    from bot.application.control import Control
    from bot.application.correct import Correcting
    from bot.application.draft_news import DraftNews
    from bot.application.embargo import Embargoes
    from bot.application.file_intake import FileIntake
    from bot.application.folder_following import FolderFollowing
    from bot.application.folder_sync import FolderSync
    from bot.application.link_check import LinkCheck
    from bot.application.plan import Planner
    from bot.application.ports.channel import Channel
    from bot.application.ports.checkpoint import Checkpoint
    from bot.application.ports.dispatcher import Dispatcher
    from bot.application.ports.fetcher import Fetcher
    from bot.application.ports.media_files import MediaFiles
    from bot.application.ports.renderer import Renderer
    from bot.application.ports.store import Store
    from bot.application.preview import Previewer
    from bot.application.publishing import Publishing
    from bot.application.recurring import Recurring
    from bot.application.report import Report
    from bot.application.settle import Settling
    from bot.application.verify import Verification
    from bot.application.withdraw import Withdrawing
    from bot.application.work import Work
    from bot.domain.account import Account
    from bot.settings import Settings

STOP_FILE = "PAUSE"
POLL = 1.0
"""Seconds between two looks at whether another process has written to the store."""


class Program:
    """Everything that one process of the program needs, each part made when it is first asked for.

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
    def files(self) -> RecordFilesOnDisk:
        """Reads record files."""
        from bot.adapters.files import COLUMNS_FILE, RecordFilesOnDisk  # noqa: PLC0415 - start-up time

        return RecordFilesOnDisk(self.settings.project, self.settings.schedules / COLUMNS_FILE)

    @cached_property
    def record_folders(self) -> RecordFoldersOnDisk:
        """Looks into folders of record files."""
        from bot.adapters.files.record_folder import RecordFoldersOnDisk  # noqa: PLC0415 - start-up time

        return RecordFoldersOnDisk(self.files)

    @cached_property
    def folder_sync(self) -> FolderSync:
        """Makes a folder of record files and the queue say the same."""
        from bot.application.folder_sync import FolderSync  # noqa: PLC0415 - start-up time

        return FolderSync(self.store, self.record_folders, self.intake, self.control, self.clock)

    @cached_property
    def folder_following(self) -> FolderFollowing:
        """Syncs a folder whenever it changes."""
        from bot.adapters.watched_folder import WatchfilesFolderWatch  # noqa: PLC0415 - start-up time
        from bot.application.folder_following import FolderFollowing  # noqa: PLC0415 - start-up time

        watch = WatchfilesFolderWatch(self.clock)
        return FolderFollowing(self.folder_sync, self.record_folders, watch, self.clock)

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

    @cached_property
    def previewer(self) -> Previewer:
        """Makes cards."""
        from bot.application.preview import Previewer  # noqa: PLC0415 - start-up time

        return Previewer(self.store, self.renderer, self.media, self.clock, self.configuration)

    @cached_property
    def link_check(self) -> LinkCheck:
        """Asks links whether they answer. Raises SettingsMissing if the CA bundle cannot be read."""
        from bot.adapters.web.probe import HttpsLinkProbe  # noqa: PLC0415 - start-up time
        from bot.application.link_check import LinkCheck  # noqa: PLC0415 - start-up time

        settings = self.settings
        probe = HttpsLinkProbe(self.clock, proxy=settings.proxy_url, ca_bundle=settings.ca_bundle_path)
        return LinkCheck(probe, self.configuration)

    def fetcher(self) -> Fetcher:
        """Fetches pages, feeds and pictures. Raises SettingsMissing if the CA bundle cannot be read."""
        from bot.adapters.web.fetch import HttpsFetcher  # noqa: PLC0415 - start-up time

        return HttpsFetcher(self.clock, proxy=self.settings.proxy_url, ca_bundle=self.settings.ca_bundle_path)

    @cached_property
    def draft_news(self) -> DraftNews:
        """Makes drafts of news."""
        from bot.adapters.media.shelf import NewsPictures  # noqa: PLC0415 - start-up time
        from bot.adapters.news.reader import LimitedNewsReader  # noqa: PLC0415 - start-up time
        from bot.application.draft_news import DraftNews  # noqa: PLC0415 - start-up time

        shelf = NewsPictures(self.settings.project)
        return DraftNews(self.intake, self.previewer, LimitedNewsReader(), self.fetcher, shelf)

    @cached_property
    def planner(self) -> Planner:
        """Reads what people write of times."""
        from bot.adapters.date_words import DateparserWords  # noqa: PLC0415 - start-up time
        from bot.application.plan import Planner  # noqa: PLC0415 - start-up time

        return Planner(DateparserWords(), self.clock)

    @cached_property
    def intake(self) -> FileIntake:
        """Takes records in."""
        from bot.application.file_intake import FileIntake  # noqa: PLC0415 - start-up time

        one = (self.store, self.clock, self.configuration, self.planner, self.recurring)
        return FileIntake(*one, spool, self.renderer)

    @cached_property
    def recurring(self) -> Recurring:
        """Makes announcements of what comes again."""
        from bot.adapters.recurrence import DateutilRecurrence  # noqa: PLC0415 - start-up time
        from bot.application.occurrences import SeriesPlanner  # noqa: PLC0415 - start-up time
        from bot.application.recurring import Recurring  # noqa: PLC0415 - start-up time

        planner = SeriesPlanner(self.previewer, DateutilRecurrence(), self.planner, self.configuration)
        return Recurring(self.store, planner, self.clock, self.configuration)

    @cached_property
    def approval(self) -> Approval:
        """Submits, approves, rejects."""
        from bot.application.approve import Approval  # noqa: PLC0415 - start-up time

        return Approval(self.store, self.clock, self.configuration, self.previewer)

    @cached_property
    def correcting(self) -> Correcting:
        """Corrects what is out."""
        from bot.application.correct import Correcting  # noqa: PLC0415 - start-up time

        return Correcting(self.store, self.clock, self.configuration, self.previewer, self.approval)

    @cached_property
    def control(self) -> Control:
        """Another time, cancel, the stop switch."""
        from bot.application.control import Control  # noqa: PLC0415 - start-up time

        return Control(self.store, self.clock, self.configuration, self.planner, self.previewer)

    @cached_property
    def campaign_control(self) -> CampaignControl:
        """The stop switch of one campaign."""
        from bot.application.campaign_stops import CampaignControl  # noqa: PLC0415 - start-up time

        return CampaignControl(self.store, self.clock, self.configuration)

    @cached_property
    def embargoes(self) -> Embargoes:
        """Two people lift an embargo."""
        from bot.application.embargo import Embargoes  # noqa: PLC0415 - start-up time

        return Embargoes(self.store, self.clock)

    @cached_property
    def report(self) -> Report:
        """Status and log."""
        from bot.application.report import Report  # noqa: PLC0415 - start-up time

        return Report(self.store, self.clock, self.configuration, self.locks, self.stop_file, self.profile)

    @cached_property
    def verification(self) -> Verification:
        """Whether the log can be believed."""
        from bot.application.verify import Verification  # noqa: PLC0415 - start-up time

        return Verification(self.store, self.witness, self.configuration)

    @cached_property
    def comparison(self) -> Comparison:
        """Whether an account shows what the log says."""
        from bot.application.compare import Comparison  # noqa: PLC0415 - start-up time

        return Comparison(self.store, self.channel, self.clock, self.profile)

    @cached_property
    def backup(self) -> Backup:
        """Copies of the database."""
        from bot.adapters.store.backup import FileBackups  # noqa: PLC0415 - start-up time
        from bot.application.backup import Backup  # noqa: PLC0415 - start-up time

        backups = FileBackups(self.database, self.checkpoint)
        return Backup(backups, self.store, self.locks, self.clock, self.configuration, self.profile)

    @cached_property
    def witness(self) -> FileWitness:
        """What this host knows of the last intents, beside the database."""
        from bot.adapters.witness import FileWitness  # noqa: PLC0415 - start-up time

        return FileWitness(self.database)

    @cached_property
    def notifier(self) -> AppriseNotifier:
        """Tells people where they read notices."""
        from bot.adapters.notify import AppriseNotifier  # noqa: PLC0415 - start-up time

        url = self.settings.notify_url
        return AppriseNotifier(url.reveal() if url else None)

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

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Wakes the worker's turns."""
        from bot.adapters.dispatch_apscheduler import ApschedulerDispatcher  # noqa: PLC0415 - start-up time

        return ApschedulerDispatcher(self.clock, self.profile, poll=POLL * self.settings.time_scale)

    def settling(self, actor: str) -> Settling:
        """Settles what is in doubt, on somebody's word."""
        from bot.application.settle import Settling  # noqa: PLC0415 - start-up time

        return Settling(self.publishing, actor)

    def withdrawing(self, actor: str) -> Withdrawing:
        """Deletes what is out, on somebody's word."""
        from bot.application.withdraw import Withdrawing  # noqa: PLC0415 - start-up time

        return Withdrawing(self.publishing, actor)

    def work(self) -> Work:
        """The worker's turns. Raises StoreUnavailable where locks do not hold."""
        from bot.application.work import Work  # noqa: PLC0415 - start-up time

        self.locks.probe()
        return Work.over(self.publishing, self.recurring)

    def stop_file(self) -> bool:
        """Tell whether the file PAUSE lies in the project folder."""
        return (self.settings.project / STOP_FILE).exists()

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
