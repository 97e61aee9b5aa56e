"""What every channel does: X by its adapter (against the sandbox), and the fake that the tests of deeds use."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from bot.adapters.media import MediaFolder
from bot.adapters.x_api.client import XChannel
from bot.adapters.x_api.credentials import Credentials
from bot.adapters.x_api.endpoint import RequestTimes
from bot.application.ports.channel import Channel, ChannelRefused, ChannelUnreachable
from bot.domain.announcement import MediaItem
from bot.domain.outcomes import Accepted, InDoubt, NotSent, Outcome, Refused, RefusedKind
from bot.domain.post import request_body
from bot.domain.uploads import MediaUpload
from bot.sandbox.handler import by_hand
from bot.sandbox.server import Sandbox
from tests.adapters.x_api.given import Recorder, RunningClock
from tests.fakes.channel import FakeChannel

HANDLE = "baliprocessrso"
FILES = Path(__file__).parents[1] / "data" / "media"
ABSENT = "1000000000000000000"


class World(Protocol):
    """A channel, and what stands behind it."""

    user_id: str

    @property
    def channel(self) -> Channel: ...

    def misbehave(self, kind: str) -> None:
        """Let the next create end so."""

    def lag(self) -> None:
        """Show nothing that is younger than ten minutes."""

    def be_partial(self) -> None:
        """Let the next reading show errors instead of posts."""

    def go_away(self) -> None:
        """Be out of reach from now on."""

    def hand(self, *, text: str = "", parent: str | None = None, edit: str = "", delete: str = "") -> str:
        """Let a person post, edit or delete; the id of what was made."""

    def texts(self) -> list[str]:
        """What is there, oldest first, as it was posted."""

    def uploads(self) -> dict[str, tuple[bytes, str]]:
        """Bytes and alt text of every upload, by its id."""


class FakeWorld:
    def __init__(self) -> None:
        self.user_id = "1105438219874643968"
        self.channel = FakeChannel(self.user_id, HANDLE, RunningClock())

    def misbehave(self, kind: str) -> None:
        self.channel.script(kind)

    def lag(self) -> None:
        self.channel.lag = 600

    def be_partial(self) -> None:
        self.channel.not_whole = "X reports errors with the timeline"

    def go_away(self) -> None:
        self.channel.unreachable = True

    def hand(self, *, text: str = "", parent: str | None = None, edit: str = "", delete: str = "") -> str:
        if delete:
            self.channel.hand_delete(delete)
            return delete
        return self.channel.hand_edit(edit, text) if edit else self.channel.hand_post(text, parent)

    def texts(self) -> list[str]:
        return [post.text for post in self.channel.posts]

    def uploads(self) -> dict[str, tuple[bytes, str]]:
        return self.channel.uploads


FAULTS = {"duplicate": "dup_no_match:1"}


class SandboxWorld:
    def __init__(self, sandbox: Sandbox) -> None:
        keys = sandbox.credentials(HANDLE)
        self.user_id = keys.user_id
        self._sandbox = sandbox
        self._credentials = Credentials(
            keys.api_key, keys.api_secret, keys.access_token, keys.access_token_secret
        )
        self.channel: Channel = self._channel_to(sandbox.url)

    def _channel_to(self, url: str) -> XChannel:
        return XChannel(
            self._credentials,
            base_url=url,
            times=RequestTimes(connect=10, read=20, total=40),
            clock=RunningClock(),
            checkpoint=Recorder(),
        )

    def misbehave(self, kind: str) -> None:
        self._sandbox.set_faults(FAULTS.get(kind, f"{kind.removeprefix('refuse:')}:1"))

    def lag(self) -> None:
        self._sandbox.set_faults("lag:100%:600")

    def be_partial(self) -> None:
        self._sandbox.set_faults("errors_200:1")

    def go_away(self) -> None:
        self.channel = self._channel_to("http://127.0.0.1:1")

    def hand(self, *, text: str = "", parent: str | None = None, edit: str = "", delete: str = "") -> str:
        wish = {"do": "post", "text": text, "reply_to": parent}
        if edit:
            wish = {"do": "edit", "id": edit, "text": text}
        if delete:
            wish = {"do": "delete", "id": delete}
        made = by_hand(self._sandbox.state, wish)
        return str(made.get("id", delete))

    def texts(self) -> list[str]:
        return [post["text"] for post in self._sandbox.posts() if not post["deleted"]]

    def uploads(self) -> dict[str, tuple[bytes, str]]:
        found = self._sandbox.state.uploads.uploads
        return {each.id: (each.data, each.alt or "") for each in found.values()}


@pytest.fixture(params=["sandbox", "fake"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "fake":
        yield FakeWorld()
        return
    with Sandbox(state=tmp_path / "ledger.jsonl", limits=False, duplicates=False, fsync=False) as sandbox:
        yield SandboxWorld(sandbox)


def create(world: World, text: str = "Ten years of the RSO", reply_to: str | None = None) -> Outcome:
    return world.channel.create(request_body(text, reply_to=reply_to), lambda: None)


def accepted(world: World, text: str = "Ten years of the RSO", reply_to: str | None = None) -> str:
    outcome = create(world, text, reply_to)
    assert isinstance(outcome, Accepted)
    return outcome.post_id


def test_the_keys_belong_to_somebody(world: World) -> None:
    identity = world.channel.identity()
    assert (identity.user_id, identity.handle) == (world.user_id, HANDLE)
    assert identity.server_date is not None


def test_an_accepted_post_is_out_once_and_stands_on_the_timeline(world: World) -> None:
    post_id = accepted(world)
    assert world.texts() == ["Ten years of the RSO"]
    reading = world.channel.own_posts(world.user_id, since=None)
    assert (reading.whole, reading.why_not) == (True, "")
    (post,) = reading.posts
    assert (post.post_id, post.author_id, post.text) == (post_id, world.user_id, "Ten years of the RSO")
    assert (post.parent_id, post.versions) == (None, (post_id,))
    assert post.created_at is not None
    assert post.created_at.tzinfo is not None


def test_the_facts_of_the_exchange_come_with_the_outcome(world: World) -> None:
    exchange = create(world).exchange
    assert exchange.status == 201
    assert exchange.server_date is not None
    assert exchange.connection_age is not None
    assert exchange.connection_age >= 0


@pytest.mark.parametrize(
    "text",
    [
        "Q&A: 1 < 2 > 0 & so on",
        "Already &amp; escaped",
        "ครบรอบ ๑๐ ปี ของ RSO 🎉👩‍👩‍👧",
        "Cafe\u0301 with a decomposed accent",
        "Two lines\n\n#RSOtenyears",
        "See https://rso.baliprocess.net/ten?a=1&copy=2&b=3 & https://rso.baliprocess.net/ten.",
        "\"Quoted\" and 'quoted' \\ backslash",
    ],
)
def test_a_text_comes_back_as_it_was_posted_but_for_entities(world: World, text: str) -> None:
    accepted(world, text)
    (post,) = world.channel.own_posts(world.user_id, since=None).posts
    seen = unicodedata.normalize("NFC", html.unescape(post.text))
    assert seen == unicodedata.normalize("NFC", text)


def test_a_reply_knows_its_parent(world: World) -> None:
    first = accepted(world, "one")
    second = accepted(world, "two", first)
    posts = {post.post_id: post for post in world.channel.own_posts(world.user_id, since=None).posts}
    assert posts[second].parent_id == first
    assert posts[first].parent_id is None


def test_the_guard_looks_once_while_nothing_is_out_yet(world: World) -> None:
    looks: list[list[str]] = []

    def look() -> None:
        looks.append(world.texts())

    world.channel.create(request_body("x", reply_to=None), look)
    assert looks == [[]]
    assert world.texts() == ["x"]


def test_a_guard_that_says_no_keeps_the_post_in(world: World) -> None:
    outcome = world.channel.create(request_body("x", reply_to=None), lambda: "cancelled meanwhile")
    assert isinstance(outcome, NotSent)
    assert outcome.reason == "cancelled meanwhile"
    assert world.texts() == []


def test_what_the_guard_raises_is_raised_and_keeps_the_post_in(world: World) -> None:
    def look() -> str | None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        world.channel.create(request_body("x", reply_to=None), look)
    assert world.texts() == []


@pytest.mark.parametrize(("kind", "out"), [("break_before", []), ("break_after", ["x"])])
def test_a_broken_line_leaves_the_post_in_doubt_whether_it_is_out_or_not(
    world: World, kind: str, out: list[str]
) -> None:
    world.misbehave(kind)
    outcome = create(world, "x")
    assert isinstance(outcome, InDoubt)
    assert not outcome.duplicate
    assert outcome.reason
    assert world.texts() == out


def test_a_duplicate_is_in_doubt_and_marked(world: World) -> None:
    world.misbehave("duplicate")
    outcome = create(world)
    assert isinstance(outcome, InDoubt)
    assert outcome.duplicate
    assert world.texts() == []


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("refuse:400", RefusedKind.INVALID),
        ("refuse:401", RefusedKind.UNAUTHORISED),
        ("refuse:402", RefusedKind.NO_CREDIT),
        ("refuse:429", RefusedKind.RATE_LIMITED),
    ],
)
def test_a_refused_post_is_not_out_and_only_a_rate_limit_says_until_when(
    world: World, kind: str, expected: RefusedKind
) -> None:
    world.misbehave(kind)
    outcome = create(world)
    assert isinstance(outcome, Refused)
    assert outcome.kind is expected
    assert outcome.detail
    assert (outcome.until is not None) == (expected is RefusedKind.RATE_LIMITED)
    assert world.texts() == []


def test_after_a_fault_the_next_post_goes_out(world: World) -> None:
    world.misbehave("refuse:429")
    create(world, "one")
    accepted(world, "two")
    assert world.texts() == ["two"]


def test_a_channel_out_of_reach_sends_nothing_and_says_so(world: World) -> None:
    world.go_away()
    assert isinstance(create(world), NotSent)
    assert world.texts() == []
    for read in (
        lambda: world.channel.identity(),
        lambda: world.channel.own_posts(world.user_id, since=None),
        lambda: world.channel.newest_own_post(world.user_id),
        lambda: world.channel.look_up(ABSENT),
        lambda: world.channel.delete(ABSENT),
    ):
        with pytest.raises(ChannelUnreachable):
            read()


def test_own_posts_come_newest_first_over_all_pages_by_whoever_made_them(world: World) -> None:
    ids = [world.hand(text=f"post {number}") for number in range(230)]
    ids.append(accepted(world, "ours"))
    reading = world.channel.own_posts(world.user_id, since=None)
    assert reading.whole
    assert [post.post_id for post in reading.posts] == ids[::-1]


def test_a_reading_since_a_post_shows_that_post_too(world: World) -> None:
    known = accepted(world, "known")
    later = accepted(world, "later")
    reading = world.channel.own_posts(world.user_id, since=known)
    assert [post.post_id for post in reading.posts] == [later, known]


def test_a_timeline_that_lags_behind_is_whole_all_the_same(world: World) -> None:
    world.lag()
    accepted(world)
    reading = world.channel.own_posts(world.user_id, since=None)
    assert (reading.whole, reading.posts) == (True, ())
    assert world.channel.newest_own_post(world.user_id) is None


def test_a_partial_answer_proves_nothing(world: World) -> None:
    accepted(world)
    world.be_partial()
    reading = world.channel.own_posts(world.user_id, since=None)
    assert not reading.whole
    assert reading.why_not


def test_an_edit_by_hand_is_a_new_post_that_knows_the_old(world: World) -> None:
    old = accepted(world, "with a tpyo")
    new = world.hand(edit=old, text="with a typo")
    (post,) = world.channel.own_posts(world.user_id, since=None).posts
    assert (post.post_id, post.text) == (new, "with a typo")
    assert set(post.versions) == {old, new}


def test_what_a_person_deleted_is_gone(world: World) -> None:
    post_id = accepted(world)
    world.hand(delete=post_id)
    assert world.channel.own_posts(world.user_id, since=None).posts == ()
    assert world.channel.look_up(post_id) is None
    assert world.channel.delete(post_id) is False


def test_the_newest_own_post_is_named_if_there_is_one(world: World) -> None:
    assert world.channel.newest_own_post(world.user_id) is None
    world.hand(text="by hand")
    newest = accepted(world)
    assert world.channel.newest_own_post(world.user_id) == newest


def test_a_single_post_is_shown_as_on_the_timeline(world: World) -> None:
    post_id = accepted(world, "Q&A at https://rso.baliprocess.net/ten?a=1&b=2")
    (post,) = world.channel.own_posts(world.user_id, since=None).posts
    assert world.channel.look_up(post_id) == post
    assert world.channel.look_up(ABSENT) is None


def test_a_delete_says_whether_there_was_something_to_delete(world: World) -> None:
    post_id = accepted(world)
    assert world.channel.delete(post_id) is True
    assert world.channel.delete(post_id) is False
    assert world.texts() == []
    assert world.channel.look_up(post_id) is None


def picture(alt: str = "Delegates around a table") -> MediaUpload:
    media, item = MediaFolder(FILES), MediaItem("convert.jpg")
    facts = media.inspect(item)
    return MediaUpload(facts, alt, lambda size: media.pieces(item, facts, size=min(size, 1000)))


@pytest.mark.parametrize("alt", ["Delegates around a table", ""])
def test_an_upload_brings_every_byte_and_the_alt_text(world: World, alt: str) -> None:
    uploaded = world.channel.upload(picture(alt))
    assert uploaded.ready
    assert uploaded.expires_in > 3600
    assert world.uploads() == {uploaded.media_id: ((FILES / "convert.jpg").read_bytes(), alt)}
    assert world.channel.upload_state(uploaded.media_id).media_id == uploaded.media_id


def test_an_upload_that_the_channel_does_not_know_is_refused(world: World) -> None:
    with pytest.raises(ChannelRefused, match="400"):
        world.channel.upload_state(ABSENT)


def test_an_upload_without_a_network_is_unreachable(world: World) -> None:
    world.go_away()
    with pytest.raises(ChannelUnreachable):
        world.channel.upload(picture())
