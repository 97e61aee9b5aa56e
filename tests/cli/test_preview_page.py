"""`bot preview --html`: one page to mail around, from which nothing leaks and in which nothing runs."""

from __future__ import annotations

import base64
import json
import shutil
import stat
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.entrypoints.cli.direction import direction_of
from tests.cli.conftest import Bot

FILES = Path(__file__).parents[1] / "data" / "media"
ALT = "Delegates around a table"
PHONE = f"  media: [{{path: pictures/exiftool-phone-with-place.jpg, alt: {ALT}}}]\n"
VOID = {"meta", "img", "rect"}


class Page(HTMLParser):
    """What a browser would make of a page: every tag with its attributes, and the text below each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")
        if tag not in VOID:
            self._open.append(len(self.tags) - 1)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            closed = self._open.pop()
            assert self.tags[closed][0] == tag, f"<{self.tags[closed][0]}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        for at in self._open:
            self.texts[at] += data

    def of(self, tag: str, **wanted: str) -> list[tuple[dict[str, str], str]]:
        """Attributes and text of each tag whose attributes begin like these."""
        return [
            (attributes, text)
            for (name, attributes), text in zip(self.tags, self.texts, strict=True)
            if name == tag and all(attributes.get(key, "").startswith(each) for key, each in wanted.items())
        ]

    def shown(self, tag: str, **wanted: str) -> list[str]:
        return [text for _, text in self.of(tag, **wanted)]


def made(bot: Bot, *records: str, name: str = "week.html") -> Page:
    Path("news.yaml").write_text("".join(records), "utf-8")
    done = bot("preview", "news.yaml", "--html", name)
    assert done.err == ""
    return Page(Path(name).read_text("utf-8"))


def record(body: str, *more: str, key: str = "news", due: str = "2035-03-07 10:05") -> str:
    return f"- key: {key}\n  campaign: rsotenyears\n  due: {due}\n  body: {json.dumps(body)}\n" + "".join(
        more
    )


@pytest.fixture
def pictures(queue: Path) -> Path:
    shutil.copytree(FILES, queue / "pictures")
    return queue


def test_the_page_shows_for_each_post_the_text_that_the_json_gives(queue: Path, bot: Bot) -> None:
    thread = "  thread: true\n"
    page = made(bot, record("First & last <b>.\n---\nSecond “post”.", thread), record("Another.", key="b"))
    cards = bot("preview", "news.yaml", "--json").json["announcements"]
    assert page.shown("p", **{"class": "text"}) == [post["text"] for card in cards for post in card["posts"]]
    assert [text.strip().split(" of ") for text in page.shown("p", **{"class": "count"})] == [
        [str(post["weighted_length"]), f"{post['limit']} ${post['cost_usd']:.3f}"]
        for card in cards
        for post in card["posts"]
    ]
    assert page.shown("code")[0] == cards[0]["digest"]


def test_links_tags_and_mentions_are_marked_and_nothing_else(queue: Path, bot: Bot) -> None:
    page = made(bot, record("With @UNODC at www.baliprocess.net/x on #BorderForum, a@b.c."))
    links = page.of("a", **{"class": "link"})
    assert [(found["href"], text) for found, text in links] == [
        ("https://www.baliprocess.net/x", "www.baliprocess.net/x")
    ]
    assert page.shown("span", **{"class": "tag"}) == ["@UNODC", "#BorderForum", "#RSOtenyears"]


def test_what_a_finding_is_about_is_marked_in_the_text_and_its_rule_and_place_are_told(
    queue: Path, bot: Bot
) -> None:
    page = made(bot, record("It is on Monday, 9 March 2035, near XX."))
    assert page.shown("mark", **{"class": "problem"}) == ["Monday, 9 March 2035", "XX"]
    told = " ".join(page.shown("li", **{"class": "problem"}))
    assert "2035-03-09 is a Friday weekday characters 10 to 29" in told
    assert "placeholder characters 37 to 38" in told
    targets = {found["href"] for found, _ in page.of("a", href="#")}
    assert targets == {f"#{found['id']}" for found, _ in page.of("li", **{"class": "post"})}


def test_the_time_is_told_in_the_campaigns_zone_and_in_utc(queue: Path, bot: Bot) -> None:
    page = made(bot, record("News.", "  timezone: Europe/Paris\n", due="2035-03-07 09:30"))
    (due,) = [text for text in page.shown("time") if "Bangkok" in text]
    assert due == "09:30 Europe/Paris, that is Wed 7 Mar 2035 15:30 Asia/Bangkok (08:30 UTC)"


@pytest.mark.parametrize(
    ("language", "body", "direction"),
    [
        ("ar", "صدر تقرير المنتدى.", "rtl"),
        ("fa-AF", "گزارش منتشر شد.", "rtl"),
        ("prs", "گزارش منتشر شد.", "rtl"),
        ("th", "รายงานเผยแพร่แล้ว", "ltr"),
        ("en", "The report is out.", "ltr"),
    ],
)
def test_a_text_has_its_language_and_direction(
    queue: Path, bot: Bot, language: str, body: str, direction: str
) -> None:
    page = made(bot, record(body, f"  language: {language}\n"))
    ((found, _),) = page.of("p", **{"class": "text"})
    assert (found["lang"], found["dir"]) == (language, direction)


@pytest.mark.parametrize(
    ("language", "direction"), [("ar-Latn", "ltr"), ("az-Arab", "rtl"), ("uz_Arab", "rtl"), ('"><b>', "ltr")]
)
def test_a_script_decides_the_direction_before_the_language_does(language: str, direction: str) -> None:
    assert direction_of(language) == direction


def test_whatever_a_record_says_stays_text(queue: Path, bot: Bot) -> None:
    hostile = '</p><script>alert(1)</script><img src=x onerror="alert(2)"> {{ 7*7 }} \u202eevil'
    page = made(bot, record(hostile, f"  title: {json.dumps(hostile)}\n"))
    assert {tag for tag, _ in page.tags} & {"script", "iframe", "object", "form", "link", "img"} == set()
    assert not [name for _, found in page.tags for name in found if name.startswith("on") or name == "style"]
    (text,) = page.shown("p", **{"class": "text"})
    assert text.startswith(hostile)
    assert hostile in page.shown("h2")[0]


def test_nothing_is_fetched_and_nothing_runs(pictures: Path, bot: Bot) -> None:
    page = made(bot, record("News at https://www.baliprocess.net/.", PHONE))
    policy = page.of("meta", **{"http-equiv": "Content-Security-Policy"})[0][0]["content"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    sources = [found["src"] for _, found in page.tags if "src" in found]
    assert sources
    assert all(source.startswith("data:image/") for source in sources)
    assert "url(" not in page.shown("style")[0]


def test_a_picture_is_shown_small_without_its_place_beside_its_alt_text(pictures: Path, bot: Bot) -> None:
    page = made(bot, record("News.", PHONE))
    ((found, _),) = page.of("img")
    assert found["alt"] == ALT
    data = base64.b64decode(found["src"].partition("base64,")[2])
    picture = Image.open(BytesIO(data))
    assert picture.size == (300, 400)  # the phone was held upright
    assert dict(picture.getexif()) == {}
    assert b"Exif" not in data
    assert ALT in page.shown("div", **{"class": "about"})[0]
    assert "place removed" in page.shown("p", **{"class": "facts"})[0]


def test_a_large_picture_becomes_a_small_one_and_a_see_through_one_stays_so(pictures: Path, bot: Bot) -> None:
    Image.new("RGBA", (3000, 1500), (0, 90, 160, 120)).save("pictures/large.png")
    page = made(bot, record("News.", "  media: [{path: pictures/large.png, alt: A map}]\n"))
    ((found, _),) = page.of("img")
    picture = Image.open(BytesIO(base64.b64decode(found["src"].partition("base64,")[2])))
    assert (picture.size, picture.mode) == ((480, 240), "RGBA")


def test_of_a_film_its_facts_are_shown(pictures: Path, bot: Bot) -> None:
    page = made(bot, record("News.", "  media: [{path: pictures/ffmpeg.mp4, alt: The opening}]\n"))
    assert page.of("img") == []
    assert page.shown("p", **{"class": "nopicture"}) == ["film"]
    assert "video 320×240, 1 s" in page.shown("p", **{"class": "facts"})[0]
    assert "The opening" in page.shown("div", **{"class": "about"})[0]


def test_a_picture_that_is_another_by_now_is_not_shown_for_the_approved_one(pictures: Path, bot: Bot) -> None:
    Path("news.yaml").write_text(record("News.", PHONE))
    assert bot("queue", "import", "news.yaml", "--approve", "--yes").code == 0
    shutil.copy(FILES / "convert.jpg", pictures / "pictures" / "exiftool-phone-with-place.jpg")
    bot("preview", "news", "--html", "week.html")
    page = Page(Path("week.html").read_text("utf-8"))
    assert page.of("img") == []
    assert "changed after it was approved" in page.shown("p", **{"class": "nopicture"})[0]
    assert page.shown("span", **{"class": "frozen"}) == ["approved: frozen"]


def test_a_text_that_is_too_long_has_a_full_bar_that_says_so(queue: Path, bot: Bot) -> None:
    Path("templates/plain.txt.j2").write_text("{{ body }}\n")
    page = made(bot, record("long " * 60 + "end.", "  template: plain.txt.j2\n"))
    assert "of 280, too long" in page.shown("p", **{"class": "count over"})[0]
    assert [found["width"] for found, _ in page.of("rect", **{"class": "filled"})] == ["100"]


def test_a_record_that_does_not_render_is_on_the_page_with_its_problem(queue: Path, bot: Bot) -> None:
    Path("templates/broken.txt.j2").write_text("{{ titel }}\n")
    page = made(bot, record("News.", "  template: broken.txt.j2\n"))
    assert "'titel' is not known here" in page.shown("li", **{"class": "problem"})[0]
    assert page.shown("p", **{"class": "nothing"}) == ["There is no text: see the problem above."]


def test_an_empty_queue_gives_a_page_that_says_so(queue: Path, bot: Bot) -> None:
    assert bot("preview", "--html", "week.html").code == 0
    assert Page(Path("week.html").read_text("utf-8")).shown("p", **{"class": "nothing"}) == [
        "Nothing is queued."
    ]


def test_problems_end_with_1_and_the_page_is_written_all_the_same(queue: Path, bot: Bot) -> None:
    Path("news.yaml").write_text(record("Near XX."))
    done = bot("preview", "news.yaml", "--html", "week.html")
    assert (done.code, done.out) == (1, "week.html shows 1 announcement\n")
    assert bot("preview", "news.yaml", "--html", "week.html", "--json").json["announcements"]


def test_a_page_is_its_owners_and_may_be_made_anew(queue: Path, bot: Bot) -> None:
    made(bot, record("First."))
    assert stat.S_IMODE(Path("week.html").stat().st_mode) == 0o600
    assert made(bot, record("Second.")).shown("p", **{"class": "text"})[0].startswith("Second.")
    assert list(Path().glob(".preview*")) == []


def test_what_is_no_preview_is_not_written_over_unless_asked_to(queue: Path, bot: Bot) -> None:
    Path("mine.html").write_text("<p>Mine.</p>")
    refused = bot("preview", "--html", "mine.html")
    assert refused.code == 1
    assert "something else lies there" in refused.err
    assert Path("mine.html").read_text() == "<p>Mine.</p>"
    assert bot("preview", "--html", "mine.html", "--force").code == 0
    assert Path("mine.html").read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("place", ["nowhere/week.html", "schedules"])
def test_a_page_that_cannot_be_written_is_one_line_and_leaves_nothing(
    queue: Path, bot: Bot, place: str
) -> None:
    before = sorted(Path().iterdir())
    failed = bot("preview", "--html", place, "--force")
    assert failed.code == 1
    assert failed.err.startswith(f"error: {place}: the page cannot be written")
    assert failed.err.count("\n") == 1
    assert sorted(Path().iterdir()) == before
