"""A folder of files, its queue and the worker: what is out or being sent stays, two syncs double nothing, a watch goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.files.record_folder import RecordFoldersOnDisk
from bot.application.folder_following import FolderFollowing
from bot.application.folder_rows import RecordFolder, Synced, Wish
from bot.application.ports.record_files import FileContent
from bot.domain.errors import BotError
from tests.end_to_end.stage import Stage

WISH = Wish("ann")


@pytest.fixture
def posts(stage: Stage) -> Path:
    folder = stage.folder / "posts"
    folder.mkdir()
    return folder


def folder_of(posts: Path) -> RecordFolder:
    return RecordFolder(posts, "posts", "test")


def actions(synced: Synced) -> dict[str | None, str]:
    """What became of each announcement, those that nothing happened to left out."""
    return {row.key: row.action.value for row in synced.rows if row.action.value != "unchanged"}


def sync(stage: Stage, posts: Path) -> dict[str | None, str]:
    return actions(stage.program().folder_sync.sync(folder_of(posts), WISH))


def schedule(stage: Stage, posts: Path, *texts: str) -> None:
    """Write files a.tweet, b.tweet and so on, sync and approve them, and let it be their time."""
    due = stage.clock.now().replace(microsecond=0) + timedelta(seconds=60)
    names = [f"{letter}.tweet" for letter, _ in zip("abc", texts, strict=False)]
    for name, text in zip(names, texts, strict=True):
        (posts / name).write_text(f"---\nschedule: {due.isoformat().replace('+00:00', 'Z')}\n---\n{text}\n")
    sync(stage, posts)
    program = stage.program()
    for name in names:
        with program.store.reading() as tx:
            card = program.previewer.card(tx.announcements.find(name))
        program.approval.approve(name, card.digest, actor="bob")
    stage.clock.leap(60)


def put_in_doubt(stage: Stage) -> None:
    """X takes the post and its answer is lost; the timeline does not show it yet."""
    work = stage.ready()
    stage.sandbox.set_faults("break_after:1", "lag:100%:600")
    stage.play(work, until=lambda: "in_doubt" in dict(stage.attempts()))
    stage.sandbox.set_faults()


def test_a_published_file_that_is_changed_or_deleted_stays_as_it_went_out(stage: Stage, posts: Path) -> None:
    schedule(stage, posts, "The report is out.", "It has six themes.")
    stage.play()
    (posts / "a.tweet").write_text("The report is out at last.")
    (posts / "b.tweet").unlink()
    assert sync(stage, posts) == {"a.tweet": "refused", "b.tweet": "stays"}
    assert sync(stage, posts) == {"a.tweet": "refused"}
    assert stage.states() == ["published", "published"]
    assert sorted(stage.texts()) == ["It has six themes.", "The report is out."]


def test_a_file_that_is_deleted_while_its_post_is_in_doubt_is_told_and_left_to_be_settled(
    stage: Stage, posts: Path
) -> None:
    schedule(stage, posts, "The report is out.")
    put_in_doubt(stage)
    (posts / "b.tweet").write_text("Another one.")
    (posts / "a.tweet").unlink()
    assert sync(stage, posts) == {"a.tweet": "refused", "b.tweet": "added"}
    assert stage.states()[0] == "publishing"
    stage.play()
    assert sync(stage, posts) == {"a.tweet": "stays"}
    assert stage.counted()[1:] == (1, 0)


def test_one_record_that_the_queue_refuses_leaves_the_others_of_its_file_alone(
    stage: Stage, posts: Path
) -> None:
    schedule(stage, posts, "The report is out.")
    stage.play()
    (posts / "a.tweet").unlink()
    (posts / "all.yaml").write_text("- {key: a.tweet, body: Other.}\n- {key: new, body: New.}\n")
    assert sync(stage, posts) == {"a.tweet": "refused", "new": "added"}
    assert stage.states() == ["published", "draft"]


def test_two_syncs_of_one_folder_at_once_double_nothing(stage: Stage, posts: Path) -> None:
    for number in range(12):
        (posts / f"{number}.tweet").write_text(f"Number {number}.")
    told: list[dict[str | None, str]] = []
    both = [threading.Thread(target=lambda: told.append(sync(stage, posts))) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert stage.states() == ["draft"] * 12
    assert sorted(key for each in told for key in each if key) == sorted(f"{n}.tweet" for n in range(12))


@dataclass
class Meddled(RecordFoldersOnDisk):
    """A folder in which somebody does something as soon as a file was read."""

    inner: RecordFoldersOnDisk
    deed: Callable[[], object]

    def read(self, folder: Path, file: str, *, campaign: str | None = None) -> FileContent:
        content = self.inner.read(folder, file, campaign=campaign)
        self.deed()
        return content


def meddled(stage: Stage, posts: Path, deed: Callable[[], object]) -> dict[str | None, str]:
    """Sync while somebody does something between the reading of the files and the writing to the queue."""
    program = stage.program()
    folders = Meddled(program.record_folders, deed)
    return actions(replace(program.folder_sync, folders=folders).sync(folder_of(posts), WISH))


def test_a_file_that_changes_while_it_is_read_is_left_to_the_next_sync(stage: Stage, posts: Path) -> None:
    (posts / "a.tweet").write_text("Old words.")
    assert meddled(stage, posts, lambda: (posts / "a.tweet").write_text("New words now.")) == {
        None: "refused"
    }
    assert stage.states() == []
    assert sync(stage, posts) == {"a.tweet": "added"}


def test_what_another_sync_brought_meanwhile_is_not_cancelled_by_the_older_look(
    stage: Stage, posts: Path
) -> None:
    (posts / "a.tweet").write_text("One.")
    (posts / "b.tweet").write_text("Two.")
    sync(stage, posts)
    (posts / "b.tweet").unlink()

    def another() -> None:
        (posts / "b.tweet").write_text("Two.")
        (posts / "c.tweet").write_text("Three.")
        sync(stage, posts)

    assert meddled(stage, posts, another) == {None: "refused"}
    assert stage.states() == ["draft"] * 3


@dataclass
class Following:
    """Follows a folder, and does one deed before each wake after the first."""

    stage: Stage
    posts: Path
    deeds: Sequence[Callable[[], object]]
    told: list[dict[str | None, str]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def wakes(self, folder: Path) -> Iterator[None]:
        yield
        for deed in self.deeds:
            deed()
            yield

    def run(self) -> list[dict[str | None, str]]:
        program = self.stage.program()
        following = FolderFollowing(program.folder_sync, program.record_folders, self, self.stage.clock)
        following.follow(folder_of(self.posts), WISH, self._hear, self._hear_of_failure)
        return self.told

    def _hear(self, synced: Synced) -> None:
        self.told.append(actions(synced))

    def _hear_of_failure(self, error: BotError) -> None:
        self.failed.append(str(error))


def nothing() -> None:
    """A wake without a reason."""


def test_a_followed_folder_is_synced_after_each_change_and_told_once(stage: Stage, posts: Path) -> None:
    a = posts / "a.tweet"
    a.write_text("One.")
    deeds = [
        nothing,
        lambda: a.write_text("One more."),
        nothing,
        lambda: (posts / "b.tweet").write_text("Two."),
    ]
    assert Following(stage, posts, deeds).run() == [
        {"a.tweet": "added"},
        {"a.tweet": "changed"},
        {"b.tweet": "added"},
    ]


def test_a_followed_folder_that_goes_is_told_once_and_synced_when_it_is_back(
    stage: Stage, posts: Path
) -> None:
    (posts / "a.tweet").write_text("One.")
    away = posts.with_name("away")
    following = Following(
        stage, posts, [lambda: posts.rename(away), nothing, nothing, lambda: away.rename(posts), nothing]
    )
    assert following.run() == [{"a.tweet": "added"}, {}]
    assert len(following.failed) == 1
    assert stage.states() == ["draft"]


def test_a_file_that_is_away_for_one_look_only_is_not_cancelled(stage: Stage, posts: Path) -> None:
    a, away = posts / "a.tweet", posts / "a.tweet~"
    a.write_text("One.")
    (posts / "b.tweet").write_text("Two.")
    following = Following(
        stage, posts, [lambda: a.rename(away), lambda: away.rename(a), nothing, a.unlink, nothing]
    )
    assert following.run() == [{"a.tweet": "added", "b.tweet": "added"}, {"a.tweet": "cancelled"}]


def test_a_folder_that_is_copied_back_bit_by_bit_loses_nothing(stage: Stage, posts: Path) -> None:
    (posts / "a.tweet").write_text("One.")
    (posts / "b.tweet").write_text("Two.")
    away = posts.with_name("away")

    def begin() -> None:
        posts.mkdir()
        (posts / "a.tweet").write_text("One.")

    deeds = [lambda: posts.rename(away), begin, lambda: (posts / "b.tweet").write_text("Two.")]
    assert Following(stage, posts, deeds).run()[1:] == [{}]
    assert stage.states() == ["draft", "draft"]


def test_nothing_is_looked_at_while_git_puts_other_files_there(stage: Stage, posts: Path) -> None:
    (posts / "a.tweet").write_text("One.")
    (posts / "b.tweet").write_text("Two.")
    lock = stage.folder / ".git" / "index.lock"
    lock.parent.mkdir()

    def begin() -> None:
        lock.touch()
        (posts / "a.tweet").unlink()

    def end() -> None:
        (posts / "a.tweet").write_text("One.")
        lock.unlink()

    assert Following(stage, posts, [begin, nothing, end]).run()[1:] == [{}]
    assert stage.states() == ["draft", "draft"]


def test_a_database_that_is_away_is_told_once_and_asked_again_at_every_wake(
    stage: Stage, posts: Path
) -> None:
    (posts / "a.tweet").write_text("One.")
    database, away = stage.folder / "bot.db", stage.folder / "away.db"

    def go() -> None:
        database.rename(away)
        (posts / "b.tweet").write_text("Two.")

    following = Following(stage, posts, [go, nothing, lambda: away.rename(database)])
    assert following.run() == [{"a.tweet": "added"}, {"b.tweet": "added"}]
    assert len(following.failed) == 1


def test_what_was_too_late_is_tried_again_after_a_minute_though_no_file_changed(
    stage: Stage, posts: Path
) -> None:
    schedule(stage, posts, "The report is out.")
    put_in_doubt(stage)
    (posts / "b.tweet").write_text("Another one.")
    (posts / "a.tweet").unlink()
    following = Following(stage, posts, [nothing, stage.play, lambda: stage.clock.leap(61)])
    assert following.run() == [{"a.tweet": "refused", "b.tweet": "added"}, {"a.tweet": "stays"}]
