"""The page of `bot preview --html` in a browser: readable in light and dark, by everyone, and it asks nobody for anything."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.conftest import violations

REPO = Path(__file__).parents[2]

NEWS = """
- key: forum
  campaign: rsotenyears
  title: Forum opens
  due: 2035-03-07 10:05
  link: https://www.baliprocess.net/regional-support-office/
  body: "URGENT NOTICE: illegal migrants on Monday, 9 March 2035. XX seats. #stopscams with @UNODC <b>bold</b>"
  media:
    - {path: pictures/exiftool-phone-with-place.jpg, alt: Delegates around a table in Bangkok}
    - {path: pictures/convert.png, alt: A chart of members by year}
- key: themes
  campaign: rsotenyears
  title: Themes
  due: 2035-03-07 11:05
  thread: true
  body: "Three themes stand out.\\n---\\nNew tools.\\n---\\nTrends online, seen early."
- key: arabic
  campaign: rsotenyears
  language: ar
  title: "تقرير المنتدى"
  due: 2035-03-08 09:30
  timezone: Europe/Paris
  link: https://www.baliprocess.net/
  body: "صدر تقرير المنتدى في بانكوك، بحضور 88 مندوباً."
  poll: ["في بانكوك", "في جاكرتا"]
  reply_settings: mentioned
  made_with_ai: true
- key: dari
  campaign: rsotenyears
  language: fa-AF
  due: 2035-03-09 09:30
  body: "گزارش گردهمایی سرحدات منتشر شد."
  media: [{path: pictures/ffmpeg.mp4, alt: "ویدیوی کوتاه از گردهمایی"}]
- key: thai
  campaign: rsotenyears
  language: th
  due: 2035-03-12 09:30
  body: รายงานผลการประชุมครบรอบ 10 ปีว่าด้วยชายแดนและเทคโนโลยีเผยแพร่แล้ว
- key: hostile
  campaign: rsotenyears
  due: 2035-03-13 09:30
  template: plain.txt.j2
  body: "</p><script>document.title = 'taken'</script><img src=https://x.example/a.png> \\u202Eevil REPEATED"
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page with everything on it that a page can show."""
    folder = tmp_path_factory.mktemp("office")
    for name in ("schedules", "templates"):
        shutil.copytree(REPO / name, folder / name)
    shutil.copytree(REPO / "tests" / "data" / "media", folder / "pictures")
    (folder / "templates" / "plain.txt.j2").write_text("{{ body }}\n")
    (folder / ".env").touch(mode=0o600)
    (folder / "news.yaml").write_text(NEWS.replace("REPEATED", "and on and on " * 20), "utf-8")
    for arguments in (["db", "upgrade"], ["preview", "news.yaml", "--html", "week.html"]):
        subprocess.run([sys.executable, "-m", "bot", *arguments], cwd=folder, env={"PYTHONPATH": str(REPO)},
                       capture_output=True, check=False)  # fmt: skip
    return (folder / "week.html").as_uri()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Literal["light", "dark"]:
    found: Literal["light", "dark"] = request.param
    return found


@pytest.fixture
def page(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> Iterator[Page]:
    with browser.new_context(color_scheme=scheme, viewport={"width": 820, "height": 900}) as context:
        page = context.new_page()
        page.goto(address)
        yield page


def test_the_page_breaks_no_rule_of_accessibility(page: Page) -> None:
    assert violations(page) == []


def test_the_rules_of_accessibility_would_find_a_fault(page: Page) -> None:
    page.evaluate("document.querySelector('img').removeAttribute('alt')")
    assert [found.partition(":")[0] for found in violations(page)] == ["image-alt"]


def test_the_page_is_dark_where_people_want_it_dark(page: Page, scheme: str) -> None:
    brightness = Image.open(BytesIO(page.screenshot())).convert("L").crop((5, 5, 6, 6)).tobytes()[0]
    assert (brightness < 64) if scheme == "dark" else (brightness > 192)


def test_nothing_wraps_out_of_a_narrow_window(page: Page) -> None:
    page.set_viewport_size({"width": 340, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 340


def test_the_page_fetches_nothing_runs_nothing_and_breaks_no_rule_of_its_own(
    browser: Browser, address: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.goto(address, wait_until="networkidle")
        assert asked == [address]
        assert said == []
        assert page.title() == "What will go out: 6 announcements"


def test_the_browser_is_told_to_refuse_a_script_that_finds_its_way_in(browser: Browser, address: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.evaluate(
            "const added = document.createElement('script'); added.text = 'document.title = \"taken\"';"
            "document.body.append(added)"
        )
        assert page.title() == "What will go out: 6 announcements"


def test_pictures_are_drawn_the_right_way_up(page: Page) -> None:
    sizes = page.evaluate("[...document.images].map(image => [image.naturalWidth, image.naturalHeight])")
    assert sizes == [[300, 400], [64, 64]]


def test_an_arabic_text_stands_at_the_right_with_its_link_and_tag_as_they_are_read(page: Page) -> None:
    places = page.evaluate(
        """() => {
            const text = document.querySelector('.text[lang=ar]');
            const tag = text.querySelector('.hashtag').firstChild;
            const place = (from, to) => {
                const range = document.createRange();
                range.setStart(tag, from);
                range.setEnd(tag, to);
                return range.getBoundingClientRect();
            };
            const box = text.getBoundingClientRect();
            return [box.right - place(0, tag.length).right, place(1, 2).left - place(0, 1).left];
        }"""
    )
    from_the_right, sign_before_word = places
    assert abs(from_the_right) < 2
    assert sign_before_word > 0


def test_a_text_that_turns_the_direction_turns_nothing_beside_it(page: Page) -> None:
    count = page.locator("section:has-text('hostile') .count span").first
    name = page.locator("section:has-text('hostile') .who b")
    assert "of 280" in count.inner_text()
    boxes = [found.bounding_box() for found in (name, count)]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] < boxes[1]["x"]
