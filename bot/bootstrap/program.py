"""The deeds, with the adapters in them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from bot.adapters.spool import spool
from bot.bootstrap.parts import Parts

# Each command makes a few of the deeds; loading all of them would take longer than most commands do.
if TYPE_CHECKING:
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
    from bot.application.preview import Previewer
    from bot.application.recurring import Recurring
    from bot.application.report import Report
    from bot.application.settle import Settling
    from bot.application.verify import Verification
    from bot.application.withdraw import Withdrawing
    from bot.application.work import Work


class Program(Parts):
    """Everything that one process of the program does, each deed made when it is first asked for."""

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
