"""What is found in pages, as sites serve them and as browsers save them."""

from __future__ import annotations

import pytest

from bot.adapters.news.page import NoNews
from bot.domain.news import NewsPicture
from tests.adapters.news.reading import ALT, NEWS, PICTURE, SITE, TEXT, TITLE, items, page

ARTICLE = f"<article><h1>The report is out</h1><p>{TEXT}</p></article>"
THAI = "รายงานผลการประชุมครบรอบสิบปีเผยแพร่แล้ว"
THAI_TEXT = "สำนักงานสนับสนุนระดับภูมิภาคได้เผยแพร่รายงานผลการประชุมครบรอบสิบปี การประชุมจัดขึ้นที่กรุงเทพมหานครเมื่อเดือนตุลาคม"


def test_a_page_says_title_date_picture_language_link_and_a_summary() -> None:
    item = page((NEWS / "news.html").read_bytes(), address="https://www.baliprocess.net/outcome-report/")
    picture = f"https://www.baliprocess.net/wp-content/uploads/2023/03/{PICTURE}"
    assert (item.title, item.published, item.language) == (TITLE, "2023-03-30T10:00:00+07:00", "en-GB")
    assert item.link == "https://www.baliprocess.net/regional-support-office/"
    assert item.pictures == (NewsPicture(picture, "", ALT),)
    assert item.summary == (
        "The Regional Support Office has published the Outcome Report of its 10th anniversary forum, "
        "held in Bangkok on 26–27 October 2022."
    )


def test_a_saved_page_names_the_picture_beside_it() -> None:
    item = page((NEWS / "saved" / "news.html").read_bytes(), address="")
    assert (item.title, item.published[:10]) == (TITLE, "2023-03-30")
    (picture,) = item.pictures
    assert (picture.beside, picture.alt) == (f"./news_files/{PICTURE}", ALT)
    assert picture.address == f"https://www.baliprocess.net/wp-content/uploads/2023/03/{PICTURE}"


def test_the_address_in_chromes_comment_is_the_pages_where_it_names_no_other() -> None:
    item = page(f"<!DOCTYPE html>\n<!-- saved from url=(0037){SITE} -->\n<html>{ARTICLE}", address="")
    assert item.link == SITE


def test_a_page_without_any_metadata_gives_heading_text_and_the_time_in_it() -> None:
    item = page(
        "<html lang=fr><title>The report is out | The Office</title><body>"
        "<div class=cookie>We use cookies to understand how this site is used by everybody.</div>"
        "<nav><a href=/>Home</a><img src=/logo.png alt=Logo></nav>"
        f"<article><h1>The report is out</h1><time datetime=2023-03-30>30 March</time><p>{TEXT}</p>"
        "<img src=../forum.jpg alt='A full hall'></article>"
        "<aside><h2>Related</h2><p>Training for document examiners concludes with many certificates.</p></aside>"
    )
    assert (item.title, item.summary) == ("The report is out", TEXT)
    assert (item.published, item.language, item.link) == ("2023-03-30", "fr", SITE)
    assert item.pictures == (
        NewsPicture("https://news.example.org/2023/forum.jpg", "../forum.jpg", "A full hall"),
    )


def test_of_several_articles_the_one_with_the_heading_counts() -> None:
    teaser = "<article><time datetime=2020-01-01></time><img src=old.jpg alt=Old><h2>Older</h2><p>Short.</p></article>"
    item = page(
        f"<html><body>{teaser}<article><h1>The report is out</h1><time datetime=2023-03-30></time>"
        f"<img src=new.jpg alt=New><p>{TEXT}</p></article>{teaser}"
    )
    assert (item.title, item.published) == ("The report is out", "2023-03-30")
    assert [picture.alt for picture in item.pictures] == ["New"]


def test_json_ld_says_what_no_other_metadata_say() -> None:
    item = page(
        """<html><title>News</title><script type="application/ld+json">
        {"@graph": [{"@type": "WebSite", "name": "The Office"},
          {"@type": ["NewsArticle"], "headline": "The report is out", "datePublished": "2023-03-30T03:00:00Z",
           "description": "Ten years of the forum in one report, for everybody to read.", "inLanguage": "th",
           "image": {"@type": "ImageObject", "url": "/forum.jpg"}}]}</script><p>x"""
    )
    assert (item.title, item.published, item.language) == (
        "The report is out",
        "2023-03-30T03:00:00+00:00",
        "th",
    )
    assert item.summary == "Ten years of the forum in one report, for everybody to read."
    assert item.pictures[0].address == "https://news.example.org/forum.jpg"


@pytest.mark.parametrize(
    "words", ["[]", "{", "[" * 100_000, '{"@type": "Article", "headline": 7, "image": [[]]}', '"x"']
)
def test_json_ld_that_is_odd_is_passed_over(words: str) -> None:
    item = page(f'<title>The report</title><script type="application/ld+json">{words}</script><p>{TEXT}')
    assert item.title == "The report"


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("The report is out – The Office", "<h1>The report is out</h1>"),
        ("The report is out | The Office", "<meta property=og:site_name content='The Office'>"),
        ("The Office: The report is out", "<meta property=og:site_name content='The Office'>"),
        ("The report is out | NEWS.example.org", ""),
        ("The report is out - The Office", "<h1>The report is out</h1><h1>Another heading</h1>"),
    ],
)
def test_the_sites_name_is_no_part_of_the_title(title: str, rest: str) -> None:
    title = title.replace(":", " :")
    assert page(f"<title>{title}</title>{rest}<p>{TEXT}").title == "The report is out"


def test_a_description_that_was_cut_off_gives_way_to_the_text() -> None:
    item = page(
        f"<meta name=description content='The Outcome Report of the forum is now available to […]'>{ARTICLE}"
    )
    assert item.summary == TEXT


def test_of_a_description_that_was_cut_off_and_no_text_the_whole_sentences_are_kept() -> None:
    item = page(
        "<title>The report</title><meta name=description content='It is out. Eighty-eight delegates from …'>"
    )
    assert item.summary == "It is out."


@pytest.mark.parametrize(
    ("encoding", "declared", "media_type"),
    [
        ("windows-1252", "<meta charset=windows-1252>", ""),
        ("windows-1252", "<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-1'>", ""),
        ("windows-1252", "", "text/html; charset=latin1"),
        ("windows-1252", "", ""),
        ("windows-1252", "<meta charset=utf-8>", "text/html; charset=windows-1252"),
        ("utf-8", "<meta charset=no-such>", ""),
        ("utf-16", "", ""),
        ("utf-8-sig", "<meta charset=windows-1252>", ""),
    ],
)
def test_letters_are_read_as_browsers_read_them(encoding: str, declared: str, media_type: str) -> None:
    text = f"<html><head>{declared}<title>L’été – “déjà vu” à 5 €</title></head><p>{TEXT}"
    assert page(text.encode(encoding), media_type=media_type).title == "L’été – “déjà vu” à 5 €"


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp874", "tis-620"), ("cp874", "windows-874"), ("utf-8", "utf-8")]
)
def test_a_thai_page_is_read_in_its_old_and_new_encodings(encoding: str, name: str) -> None:
    text = f"<html lang=th><meta charset={name}><title>{THAI}</title><article><h1>{THAI}</h1><p>{THAI_TEXT}</p></article>"
    item = page(text.encode(encoding))
    assert (item.title, item.language, item.summary) == (THAI, "th", THAI_TEXT)


SEEN = f"data:image/png;base64,{'A' * 3000}"


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("src=/a/b.jpg", "https://news.example.org/a/b.jpg"),
        ("src=b.jpg", "https://news.example.org/2023/report/b.jpg"),
        ("src='//cdn.example.org/b.jpg'", "https://cdn.example.org/b.jpg"),
        ("src='data:image/gif;base64,R0lGOD' data-src=/b.jpg", "https://news.example.org/b.jpg"),
        ("src=/img/placeholder.png data-lazy-src=/b.jpg", "https://news.example.org/b.jpg"),
        ("data-srcset='/s.jpg 300w, /b.jpg 1200w, /m.jpg 600w'", "https://news.example.org/b.jpg"),
        ("srcset='/s.jpg 1x, /b.jpg 2x'", "https://news.example.org/b.jpg"),
        (f"src='{SEEN}'", ""),
    ],
)  # fmt: skip
def test_a_picture_is_found_however_a_page_refers_to_it(image: str, address: str) -> None:
    (picture,) = page(
        f"<article><h1>The report</h1><img {image} alt='A hall'><p>{TEXT}</p></article>"
    ).pictures
    assert (picture.address, picture.alt) == (address, "A hall")
    assert address or picture.beside == SEEN


@pytest.mark.parametrize(
    "image",
    [
        "src=p.gif width=1 height=1",
        "src=/i/blank.jpg",
        "src='data:image/gif;base64,R0lGOD'",
        "src=javascript:alert(1)",
        "src='http://['",
        "",
    ],
)
def test_what_is_no_picture_of_the_news_is_passed_over(image: str) -> None:
    assert page(f"<article><h1>The report</h1><img {image}><p>{TEXT}</p></article>").pictures == ()


def test_the_declared_picture_takes_its_alt_text_from_where_it_is_shown_in_another_size() -> None:
    item = page(
        "<meta property=og:image content=/u/forum-scaled.jpg>"
        f"<article><h1>The report</h1><img src=/u/forum-300x157.jpg alt='{ALT}'><p>{TEXT}</p></article>"
    )
    assert item.pictures == (NewsPicture("https://news.example.org/u/forum-scaled.jpg", "", ALT),)


@pytest.mark.parametrize(
    "canonical",
    [
        "https://www.news.example.org/2023/report",
        "http://news.example.org/2023/report/?utm_source=feed&amp;utm_medium=rss#top",
        "/2023/report/",
    ],
)
def test_however_its_address_is_written_a_page_is_known_by_it(canonical: str) -> None:
    other = page(f"<link rel=canonical href='{canonical}'>{ARTICLE}", address="https://news.example.org/?p=7")
    assert other.keys == page(ARTICLE).keys
    assert "utm_" not in other.link


@pytest.mark.parametrize(
    "canonical", ["javascript:alert(1)", "https://user:secret@news.example.org/", "http://[", "ftp://x/"]
)
def test_an_address_that_nobody_may_follow_is_no_link(canonical: str) -> None:
    assert page(f"<link rel=canonical href='{canonical}'>{ARTICLE}").link == SITE


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 \x00\x01", b"\x89PNG\r\n", b"just words", b"<!-- -->", b"<html></html>"]
)
def test_what_is_no_page_says_so(content: bytes) -> None:
    with pytest.raises(NoNews):
        items(content)


def test_texts_come_clean_and_no_longer_than_a_record_may_have_them() -> None:
    item = page(
        f"<title>Re\xadport\x1b[31m \x85 of\u0000 {'long ' * 200}</title><meta name=description content='{'word ' * 2000}'>"
    )
    assert item.title.startswith("Report[31m of long")
    assert len(item.title) <= 300
    assert len(item.summary) <= 2000


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2023-03-30T10:00:00+0700", "2023-03-30T10:00:00+07:00"),
        ("2023-03-30T03:00:00.000Z", "2023-03-30T03:00:00+00:00"),
        ("2023-03-30 10:00", "2023-03-30T10:00:00"),
        ("2023-03-30", "2023-03-30"),
        ("Thu, 30 Mar 2023 10:00:00 +0700", "2023-03-30T10:00:00+07:00"),
        ("30/03/2023", ""),
        ("0001-01-01T00:00:00+14:00", ""),
        ("yesterday", ""),
    ],
)
def test_a_date_is_read_as_machines_write_it_and_never_guessed(written: str, read: str) -> None:
    item = page(f"<title>The report</title><meta property=article:published_time content='{written}'>")
    assert item.published == read


def test_a_links_letters_that_x_would_end_it_at_are_written_as_their_numbers() -> None:
    address = "https://example.org/ข่าว/?q=%20"
    item = page(f"<html><link rel=canonical href='{address}'><body>{ARTICLE}</body></html>")
    assert item.link == "https://example.org/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7/?q=%20"


def test_a_page_that_names_no_encoding_is_read_by_its_language_and_says_so() -> None:
    text = f"<html lang=th><title>{THAI}</title><article><h1>{THAI}</h1><p>{THAI_TEXT}</p></article>"
    item = page(text.encode("cp874"))
    assert (item.title, item.notes) == (THAI, ("names no encoding: read as cp874, compare its letters",))


@pytest.mark.parametrize("data", ["ข่าว".encode("cp874") + b"\xff", "It’s é".encode() + b"\xe9"])
def test_a_page_whose_letters_cannot_be_guessed_is_refused(data: bytes) -> None:
    language = b"th" if data[-1] == 0xFF else b"en"
    with pytest.raises(NoNews, match="names no encoding"):
        page(b"<html lang=" + language + b"><title>News</title><p>" + data)


def test_two_pages_without_an_address_are_told_apart_by_their_texts() -> None:
    first, second = (
        page(f"<title>News of the week</title><p>{each}", address="") for each in ("One.", "Two.")
    )
    assert first.keys != second.keys
    assert first.notes == ("names no address: give --link",)
