"""`bot queue draft`: news pages and feeds become drafts, once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.media.shelf import NewsPictures
from bot.adapters.news.reader import LimitedNewsReader
from bot.adapters.web.fetch import FetchLimits, HttpsFetcher
from bot.application.draft_news import DraftNews
from bot.entrypoints.cli.session import Session
from tests.adapters.news.reading import ALT, NEWS, PICTURE, TITLE
from tests.adapters.web.asking import HERE, HOST, NAMES, Names
from tests.adapters.x_api.fault_server import FaultServer, Visit
from tests.adapters.x_api.given import RunningClock
from tests.certificates import Certificate, self_signed
from tests.cli.conftest import Bot, Ended

KIND = {".html": "text/html", ".xml": "application/xml", ".jpg": "image/jpeg"}
DESCRIBED = (
    "has published the Outcome Report of its 10th anniversary forum, held in Bangkok on 26–27 October 2022."
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("tls"), NAMES)


@dataclass
class Site:
    """A site with the page, its picture and its feeds; `session` is one whose program finds it."""

    server: FaultServer
    certificate: Certificate

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.server.port}"

    def session(self, *addresses: str) -> Session:
        session = Session()
        program = session.program
        fetcher = HttpsFetcher(
            RunningClock(),
            ca_bundle=self.certificate.pem,
            limits=FetchLimits(connect=20, altogether=40),
            resolve=Names(*addresses),
            allows=lambda address: address == HERE,
        )
        shelf = NewsPictures(program.settings.project)
        program.draft_news = DraftNews(
            program.intake, program.previewer, LimitedNewsReader(), lambda: fetcher, shelf
        )
        return session


@pytest.fixture
def site(certificate: Certificate) -> Iterator[Site]:
    def serve(visit: Visit) -> None:
        target = visit.read_request().target.rpartition("/")[2].partition("?")[0]
        path = NEWS / "saved" / "news_files" / target if target == PICTURE else NEWS / target
        if path.is_file():
            body = path.read_bytes().replace(b"https://www.baliprocess.net/wp", f"{found.url}/wp".encode())
            visit.answer(200, body, {"Content-Type": KIND[path.suffix]})
        else:
            visit.answer(404)

    with FaultServer(serve, tls=certificate.server) as server:
        found = Site(server, certificate)
        yield found


@pytest.fixture
def saved(queue: Path) -> Path:
    """A page beside its folder of pictures, in the project."""
    shutil.copytree(NEWS / "saved", queue / "saved")
    return queue / "saved" / "news.html"


def draft(bot: Bot, source: str | Path, *options: str, session: Session | None = None) -> Ended:
    return bot("queue", "draft", str(source), "--campaign", "rsotenyears", *options, session=session)


def listed(bot: Bot) -> list[dict[str, object]]:
    found: list[dict[str, object]] = bot("queue", "list", "--json").json["announcements"]
    return found


def check_draft(bot: Bot, name: str, *, link: str, says: str) -> None:
    """The draft of the news says what the page says, fits, has the hashtag once, and nobody approved it."""
    (card,) = bot("preview", name, "--json").json["announcements"]
    shown = bot("queue", "show", name, "--json").json["announcement"]
    (post,) = card["posts"]
    assert (card["title"], shown["state"], shown["due_at"], card["language"]) == (
        TITLE,
        "draft",
        None,
        "en-GB",
    )
    assert post["text"].count("#RSOtenyears") == 1
    assert f"\n{link}\n" in post["text"]
    assert post["weighted_length"] <= 280
    body = post["text"].partition("\n")[0]
    assert says in body
    assert body.endswith(".")
    assert not [each for each in card["warnings"] if each["rule"] == "cut"]
    (media,) = post["media"]
    assert (media["path"], media["alt"]) == (f"media/news/{PICTURE}", ALT)
    assert Path(media["path"]).read_bytes() == (NEWS / "saved" / "news_files" / PICTURE).read_bytes()


def test_a_saved_page_becomes_a_draft_with_the_picture_beside_it(bot: Bot, saved: Path) -> None:
    ended = draft(bot, saved)
    assert (ended.code, ended.err) == (0, "")
    assert ended.lines[-1] == "1 added as drafts"
    (row,) = listed(bot)
    check_draft(
        bot, str(row["name"]), link="https://www.baliprocess.net/regional-support-office/", says=DESCRIBED
    )
    assert "News of 2023-03-30 10:00 Asia/Bangkok" in str(bot("queue", "show", "1", "--json").json)


def test_a_page_on_the_network_becomes_a_draft_with_the_picture_fetched(
    bot: Bot, queue: Path, site: Site
) -> None:
    ended = draft(bot, f"{site.url}/news.html?key=secret", "--json", session=site.session())
    (item,) = ended.json["items"]
    assert (ended.code, item["action"], item["published"]) == (0, "added", "2023-03-30T03:00:00Z")
    check_draft(
        bot, item["name"], link="https://www.baliprocess.net/regional-support-office/", says=DESCRIBED
    )
    assert site.server.requests[0].target == "/news.html?key=secret"
    assert "secret" not in ended.out + bot("queue", "show", "1", "--json").out


@pytest.mark.parametrize("feed", ["feed.rss.xml", "feed.atom.xml"])
def test_each_entry_of_a_feed_becomes_a_draft(bot: Bot, queue: Path, site: Site, feed: str) -> None:
    ended = draft(bot, f"{site.url}/{feed}", "--json", session=site.session())
    assert (ended.code, ended.json["added"], ended.err) == (0, 3, "")
    oldest, _, newest = ended.json["items"]
    assert oldest["title"] == "New toolkit for front-line officers"
    check_draft(
        bot,
        newest["name"],
        link="https://www.baliprocess.net/outcome-report/",
        says="forum that marked ten years",
    )


def test_the_same_feed_again_adds_nothing_whatever_became_of_the_drafts(bot: Bot, queue: Path) -> None:
    rss, atom = NEWS / "feed.rss.xml", NEWS / "feed.atom.xml"
    first, second, third = (each["name"] for each in draft(bot, rss, "--no-pictures", "--json").json["items"])
    assert bot("queue", "cancel", first, "--reason", "Not for us.").code == 0
    assert bot("queue", "edit", second, "--body", "In other words.", "--title", "Ours").code == 0
    assert bot("queue", "submit", third).code in (0, 1)
    before = listed(bot)
    for feed in (rss, atom):
        ended = draft(bot, feed, "--no-pictures")
        assert (ended.code, ended.lines[-1]) == (0, "0 added as drafts, 3 known already")
    assert listed(bot) == before


def test_what_was_changed_at_its_source_is_told_and_not_overwritten(bot: Bot, queue: Path) -> None:
    feed = queue / "feed.xml"
    feed.write_text((NEWS / "feed.rss.xml").read_text())
    draft(bot, feed, "--no-pictures")
    before = listed(bot)
    feed.write_text(
        feed.read_text().replace("finished their training in Bangkok", "begun their training in Hanoi")
    )
    ended = draft(bot, feed, "--no-pictures")
    assert ended.lines[-1] == "0 added as drafts, 2 known already, 1 known and changed at their source"
    assert "its source says something else" in ended.err
    assert listed(bot) == before


def test_in_another_campaign_the_same_news_is_news(bot: Bot, saved: Path) -> None:
    text = Path("schedules/rsotenyears.toml").read_text()
    Path("schedules/other.toml").write_text(text.replace("RSOtenyears", "Other"))
    assert draft(bot, saved).lines[-1] == "1 added as drafts"
    ended = bot("queue", "draft", str(saved), "--campaign", "other")
    assert ended.lines[-1] == "1 added as drafts"


def test_a_dry_run_shows_the_drafts_and_changes_nothing(bot: Bot, saved: Path) -> None:
    ended = draft(bot, saved, "--dry-run", "--json")
    (item,) = ended.json["items"]
    assert (item["action"], item["name"]) == ("added", None)
    assert item["body"].endswith(DESCRIBED)
    assert draft(bot, saved, "--dry-run").lines[-1] == "1 would be added"
    assert listed(bot) == []
    assert not Path("media").exists()


def test_the_newest_are_taken_and_the_oldest_of_them_gets_the_first_slot(bot: Bot, queue: Path) -> None:
    ended = draft(bot, NEWS / "feed.rss.xml", "--limit", "2", "--due", "next", "--no-pictures", "--json")
    titles = [item["title"] for item in ended.json["items"]]
    assert titles == ["Training for document examiners concludes", TITLE]
    assert [(row["title"], row["state"]) for row in listed(bot)] == [(title, "draft") for title in titles]


def test_a_picture_without_alt_text_leaves_a_draft_with_that_problem(bot: Bot, saved: Path) -> None:
    saved.write_text(saved.read_text().replace(f'content="{ALT}"', 'content=""').replace(f'alt="{ALT}"', ""))
    draft(bot, saved)
    (card,) = bot("preview", "--json").json["announcements"]
    assert "alt-missing" in [each["rule"] for each in card["problems"]]


def test_without_its_picture_news_is_a_draft_all_the_same_and_it_is_told(
    bot: Bot, queue: Path, site: Site
) -> None:
    page = (NEWS / "news.html").read_text().replace(PICTURE, "gone.jpg")
    Path("page.html").write_text(page.replace('"/wp-content', f'"{site.url}/wp-content'))
    ended = draft(bot, "page.html", session=site.session())
    assert (ended.code, ended.lines[-1]) == (0, "1 added as drafts")
    assert "gone.jpg is not taken: is not there (404)" in ended.err


def test_a_picture_outside_the_saved_page_is_not_taken(bot: Bot, saved: Path) -> None:
    shutil.copy(saved.parent / "news_files" / PICTURE, "private.jpg")
    saved.write_text(saved.read_text().replace(f"./news_files/{PICTURE}", "../private.jpg"))
    ended = draft(bot, saved, "--json")
    assert ended.json["items"][0]["media"] == []
    assert "it lies outside the page's folder" in str(ended.json["items"][0]["notes"])


def test_the_hashtag_of_the_news_itself_stands_once(bot: Bot, queue: Path) -> None:
    Path("page.html").write_text(
        "<title>The report</title><link rel=canonical href=https://www.example.org/report/>"
        "<meta name=description content='Ten years of the forum in one report. Follow #RSOtenyears for more of it.'>"
    )
    draft(bot, "page.html")
    (card,) = bot("preview", "--json").json["announcements"]
    assert card["posts"][0]["text"].count("#RSOtenyears") == 1


@pytest.mark.parametrize(
    ("source", "code", "says"),
    [
        ("http://news.example.org/feed/", 1, "is http: only https is asked"),
        ("https://127.0.0.1/feed/", 1, "an address that is not public (127.0.0.1)"),
        ("https://[::1]/feed/", 1, "an address that is not public (::1)"),
        ("https://user:secret@news.example.org/", 1, "it holds a user's name, perhaps a password"),
        ("no-such.html", 1, "no-such.html: cannot be read (No such file or directory)"),
    ],
)
def test_what_cannot_be_read_is_one_line_and_the_others_are_drafted(
    bot: Bot, saved: Path, source: str, code: int, says: str
) -> None:
    ended = bot("queue", "draft", source, str(saved), "--campaign", "rsotenyears")
    assert ended.code == code
    assert says in ended.err
    assert "secret" not in ended.err
    assert ended.err.count("\n") == 1
    assert ended.lines[-1] == "1 added as drafts"


def test_a_site_that_does_not_answer_ends_with_3(bot: Bot, queue: Path, site: Site) -> None:
    ended = draft(bot, f"{site.url}/gone.xml", session=site.session())
    assert (ended.code, ended.err) == (3, f"error: {site.url}/gone.xml is not there (404)\n")


HOSTILE = {
    "laughs": '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel>&b;</channel></rss>',
    "file": '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&a;</title></item></channel></rss>',
    "cut off": "<rss version='2.0'><channel><item",
    "no page": "%PDF-1.7",
    "empty": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_hostile_or_broken_is_refused_in_one_line(bot: Bot, queue: Path, text: str) -> None:
    Path("feed.xml").write_text(text)
    ended = draft(bot, "feed.xml")
    assert ended.code == 1
    assert ended.err.startswith("error: feed.xml: ")
    assert (ended.err.count("\n"), "root:" in ended.err) == (1, False)
    assert listed(bot) == []


def test_a_page_and_its_entry_in_a_feed_are_one_piece_of_news_in_other_words(bot: Bot, queue: Path) -> None:
    page = (NEWS / "news.html").read_text().replace("/regional-support-office/", "/outcome-report/")
    Path("page.html").write_text(page)
    assert draft(bot, "page.html", "--no-pictures").lines[-1] == "1 added as drafts"
    ended = draft(bot, NEWS / "feed.rss.xml", "--limit", "1", "--no-pictures")
    assert (ended.lines[-1], ended.err) == ("0 added as drafts, 1 known already", "")


def test_a_saved_page_that_does_not_say_where_it_lay_is_told(bot: Bot, queue: Path) -> None:
    Path("page.html").write_text(
        "<title>The report</title><p>The report is out, and everybody who wants to can read it now."
    )
    ended = draft(
        bot, "page.html", "--link", "https://www.example.org/report/", "--language", "en-AU", "--json"
    )
    shown = bot("queue", "show", ended.json["items"][0]["name"], "--json").json["announcement"]
    assert (shown["record"]["link"], shown["record"]["language"]) == (
        "https://www.example.org/report/",
        "en-AU",
    )
    assert draft(bot, "page.html", "--language", "no such").code == 1
    assert draft(bot, "page.html", "page.html", "--link", "https://www.example.org/").code == 2
