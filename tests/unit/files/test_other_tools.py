"""Tables of other tools: each is told by its columns, read as the tool means it, and nothing of it is passed over unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.adapters.files.dialects import DIALECTS, dialect_of
from bot.application.ports.record_files import DateOrder, FileContent, Told
from bot.domain.announcement import MediaItem, Record
from bot.domain.errors import InputError, RecordErrors

SAMPLES = Path(__file__).parents[2] / "data" / "tables"
RSO = Told(campaign="rso")
REPORT = "The report is out."
LINK = "https://www.baliprocess.net/"


def read(text: str, told: Told = RSO, *, faulty: bool = False) -> FileContent:
    return RecordFilesOnDisk().read_bytes(text.encode(), "plan.csv", told=told, faulty=faulty)


def problems(text: str, told: Told = RSO) -> list[str]:
    return [str(problem) for problem in read(text, told, faulty=True).problems]


def rows(*lines: str) -> str:
    return "\n".join(lines) + "\n"


RECORDS = {
    "hootsuite": [
        Record("rso", body="The report is out, in six languages.", due="2026-03-30 10:00", link=LINK),
        Record("rso", body="Registration is open.", due="2026-03-31 16:30"),
    ],
    "publer": [
        Record(
            "rso",
            title="Report",
            body="The report is out.\nIt has six themes.",
            due="2026-03-30 10:00",
            link=LINK,
            media=(MediaItem("media/map.png", "A map of the region"),),
            notes="Labels: reports, 2026",
        ),
        Record("rso", body="Registration is open.", due="next"),
    ],
    "publer-older": [Record("rso", body=REPORT, due="2026-03-30 10:00")],
    "sprout": [
        Record("rso", body=REPORT, due="2026-03-30 10:00"),
        Record("rso", body="Registration is open.", due="2026-03-31 16:30"),
    ],
    "gohighlevel": [
        Record(
            "rso",
            body=REPORT,
            due="2026-03-30 10:00:00",
            link=LINK,
            media=(MediaItem("media/map.png"), MediaItem("media/cover.png")),
        ),
        Record("rso", body="Registration is open.", due="2026-03-04 09:05"),
        Record("rso", body="A draft without a time."),
    ],
    "gohighlevel-advanced": [Record("rso", body=REPORT, due="2026-03-30 10:00", notes="category: reports")],
    "socialbee": [
        Record("rso", body=REPORT, due="2026-03-30 10:00", link=LINK),
        Record(
            "rso", body="Registration is open.", due="2026-03-31 16:30", media=(MediaItem("media/map.png"),)
        ),
    ],
    "ayrshare": [Record("rso", body=REPORT, due="2026-03-30T03:00:00Z")],
    "zernio": [
        Record("rso", title="Report", body=REPORT, due="2026-03-30T10:00:00", timezone="Asia/Bangkok"),
        Record("rso", body="Registration is open.", due="next", timezone="Asia/Bangkok"),
    ],
    "postfast": [Record("rso", body=REPORT, due="2026-03-30T10:00:00+07:00")],
    "postcron": [
        Record("rso", body=REPORT, due="2026-03-30 10:00", link=LINK),
        Record(
            "rso", body="Registration is open.", due="2026-03-31 16:30", media=(MediaItem("media/map.png"),)
        ),
    ],
    "postcron-with-header": [Record("rso", body=REPORT, due="2026-03-30 10:00", link=LINK)],
    "brightbean": [Record("rso", body=REPORT, due="2026-03-30 10:00", notes="tags: report, 2026")],
}
TOOLS = {
    "sprout": "a Sprout Social table",
    "ayrshare": "an Ayrshare table",
    "zernio": "a Zernio (Late) table",
    "gohighlevel": "a GoHighLevel table",
    "brightbean": "a BrightBean table",
    "postfast": "a PostFast table",
    "socialbee": "a SocialBee table",
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_tools_table_is_told_by_its_columns_and_read_as_the_tool_means_it(name: str) -> None:
    content = RecordFilesOnDisk().read(SAMPLES / f"{name}.csv", told=RSO)
    assert [found.record for found in content.records] == RECORDS[name]
    tool = name.partition("-")[0]
    said = TOOLS.get(tool, f"a {tool.capitalize()} table")
    assert f"read as {said}" in content.notices[0]


@pytest.mark.parametrize("name", ["publer", "sprout", "postcron"])
def test_a_tools_table_is_the_same_in_a_spreadsheet_with_real_days_and_hours(name: str) -> None:
    content = RecordFilesOnDisk().read(SAMPLES / f"libreoffice-{name}.xlsx", told=RSO)
    wanted = RECORDS["postcron-with-header" if name == "postcron" else name]
    assert [found.record for found in content.records] == wanted
    assert "read as a" in content.notices[0]


def test_every_tool_has_a_sample_and_every_sample_is_read() -> None:
    files = {path.stem for path in SAMPLES.glob("*.csv") if not path.stem.startswith("libreoffice")}
    assert files == set(RECORDS)
    assert {each.tool.partition(" ")[0].lower() for each in DIALECTS} == {
        name.partition("-")[0] for name in RECORDS
    }


@pytest.mark.parametrize("dialect", [each for each in DIALECTS if each.told_by], ids=lambda each: each.tool)
def test_a_tools_own_columns_tell_it_and_no_other(dialect: object) -> None:
    (wanted,) = [each for each in DIALECTS if each is dialect]
    names = [name if isinstance(name, str) else name[0] for name in wanted.told_by]
    for written in (names, [name.upper() for name in names], [f" [{name}]" for name in names]):
        assert dialect_of(written) is wanted
    spaced = [name.replace("_", " ") for name in names]
    assert dialect_of(spaced) is wanted


def test_our_own_columns_may_stand_in_another_tools_table() -> None:
    text = rows("Date,Text,Link(s),Media URL(s),key,campaign", "2026/03/30 10:00,Hello,,,hello,other")
    (found,) = read(text, Told()).records
    assert (found.record.key, found.record.campaign) == ("hello", "other")


def test_a_table_of_another_tool_asks_once_for_the_campaign() -> None:
    text = rows("date,time_24hr,message_text", "30/03/2026,10:00,a", "31/03/2026,10:00,b")
    assert problems(text, Told()) == ["plan.csv:1: campaign: is missing: say which with --campaign NAME"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "2026/03/30 10:00,Hi,,https://e.org/a.png,,",
            "Media URL(s): is an address: download the file, and write its path in the project folder instead",
        ),
        ("2026/03/30 10:00,Hi,https://a.org https://b.org,,,", "Link(s): has 2 links, and a record has one"),
        ("2026/03/30 10:00,Hi,,a.png,one||two,", "Alt text: has 2 texts for 1 files"),
        ("2026/03/30 10:00,Hi,,,,A comment", "Comments: would be a comment below the post, which X has not"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_the_tools_own_name_of_the_column(line: str, told: str) -> None:
    text = rows("Date,Text,Link(s),Media URL(s),Alt text,Comments", line)
    (problem,) = problems(text)
    assert problem.startswith(f"plan.csv:2: {told}")


def test_a_column_without_a_meaning_here_is_left_out_with_a_word() -> None:
    text = rows("Date,Text,Link(s),Media URL(s),Board,CTA", "2026/03/30 10:00,Hi,,,Events,")
    content = read(text)
    assert len(content.records) == 1
    assert [each for each in content.notices if "Board" in each] == [
        "plan.csv: the column 'Board' is for another network than X (first in line 2); it was left out"
    ]
    assert not any("CTA" in each for each in content.notices)


def test_a_column_that_is_not_known_of_the_tool_bars_only_when_it_is_filled() -> None:
    header = "Date,Text,Link(s),Media URL(s),Budget"
    assert len(read(rows(header, "2026/03/30 10:00,Hi,,,")).records) == 1
    (problem,) = problems(rows(header, "2026/03/30 10:00,Hi,,,5", "2026/03/30 11:00,Ho,,,6"))
    assert problem == (
        'plan.csv:2: Budget: is not known of Publer tables: say what it is with --map "Budget=FIELD", or leave it out with '
        '--map "Budget="'
    )
    assert (
        len(read(rows(header, "2026/03/30 10:00,Hi,,,5"), Told("rso", columns={"budget": ""})).records) == 1
    )


def test_a_row_for_another_network_is_passed_over_with_its_reason() -> None:
    content = RecordFilesOnDisk().read(SAMPLES / "ayrshare.csv", told=RSO)
    assert [(each.where.rpartition(":")[2], each.why) for each in content.skipped] == [
        ("3", "is for instagram, and not for X")
    ]
    assert any("taken for X alone" in notice for notice in content.notices)


def test_a_table_with_rows_for_other_networks_only_is_refused() -> None:
    with pytest.raises(InputError, match=r"holds no records for X: its row in plan\.csv:2 is for threads"):
        read(rows("post,platforms,scheduleDate", "Hi,threads,"))


@pytest.mark.parametrize("word", ["x", "X (Twitter)", "twitter", "Twitter/X", '["twitter"]', "facebook; X"])
def test_x_is_known_by_the_names_that_tools_have_for_it(word: str) -> None:
    quoted = '"' + word.replace('"', '""') + '"'
    content = read(rows("post,platforms,scheduleDate", f"Hi,{quoted},2026-03-30T03:00:00Z"))
    assert len(content.records) == 1


@pytest.mark.parametrize(
    ("cell", "media"),
    [
        ("a.jpg | The cover, in blue", [MediaItem("a.jpg", "The cover, in blue")]),
        ("a.jpg | A, B\nb.jpg | C", [MediaItem("a.jpg", "A, B"), MediaItem("b.jpg", "C")]),
        ("b, c.jpg\nd.jpg,\n", [MediaItem("b, c.jpg"), MediaItem("d.jpg")]),
        ("a.jpg, b.jpg", [MediaItem("a.jpg"), MediaItem("b.jpg")]),
    ],
)
def test_commas_part_files_only_where_neither_lines_nor_alt_texts_do(
    cell: str, media: list[MediaItem]
) -> None:
    told = Told(campaign="rso", columns={"Pic": "media", "Text": "body"})
    (found,) = read(rows("Text,Pic", f'Hi,"{cell}"'), told).records
    assert list(found.record.media) == media


def test_a_line_with_several_files_and_alt_texts_is_refused_and_not_guessed() -> None:
    told = Told(campaign="rso", columns={"Pic": "media", "Text": "body"})
    (problem,) = problems(rows("Text,Pic", 'Hi,"a.jpg | A, b.jpg | B"'), told)
    assert problem == "plan.csv:2: Pic: may be one file or several: write each file in a line of its own"


@pytest.mark.parametrize(
    ("alts", "texts"),
    [
        ("First\nSecond", ["First", "Second"]),
        ("First\nof all||Second", ["First of all", "Second"]),
        ("One\ntext\nalone", ["One text alone", ""]),
    ],
)
def test_alt_texts_in_lines_belong_to_the_files_if_there_is_one_for_each(alts: str, texts: list[str]) -> None:
    told = Told(campaign="rso", columns={"Pic": "media", "Text": "body", "Alt": "media.alt"})
    (found,) = read(rows("Text,Pic,Alt", f'Hi,"a.jpg, b.jpg","{alts}"'), told).records
    assert [each.alt for each in found.record.media] == texts


def test_two_kinds_of_media_in_a_row_are_refused_where_the_tool_takes_one() -> None:
    header = "postAtSpecificTime,content,imageUrls,gifUrl,videoUrls"
    (problem,) = problems(rows(header, "2026-03-30 10:00,Hi,a.png,,b.mp4"))
    assert problem == "plan.csv:2: videoUrls: is filled beside another kind of media: keep one kind"


def test_a_link_beside_media_is_refused_where_the_tool_would_hide_the_media() -> None:
    header = "postAtSpecificTime,text,link,imageUrls,gifUrls,videoUrls"
    (problem,) = problems(rows(header, "2026-03-30 10:00,Hi,https://e.org,a.png,,"))
    assert problem.startswith(
        "plan.csv:2: link: stands beside media, of which SocialBee would show the link alone"
    )


def test_times_of_a_tool_that_has_utc_are_utc_and_one_without_an_offset_is_refused_where_it_must_have_one() -> (
    None
):
    (found,) = read(rows("post,platforms,scheduleDate", "Hi,x,2026-03-30 10:00")).records
    assert found.record.due == "2026-03-30 10:00Z"
    (problem,) = problems(rows("scheduled_at,content,account_id", "2026-03-30T10:00:00,Hi,"))
    assert "has no offset, and PostFast tables have one: write 2026-03-30T10:00:00+07:00" in problem


def test_what_would_publish_at_once_is_refused() -> None:
    (problem,) = problems(rows("post_content,platforms,publish_now", "Hi,x,true"))
    assert problem.startswith("plan.csv:2: publish_now: would publish at once")


def test_an_account_of_another_tool_bars_until_somebody_says_what_it_is() -> None:
    text = rows("scheduled_at,content,account_id", "2026-03-30T10:00:00Z,Hi,17")
    (problem,) = problems(text)
    assert problem.startswith("plan.csv:2: account_id: does not say which network it is")
    (found,) = read(text, Told("rso", columns={"account_id": ""})).records
    assert found.record.account is None


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ("2026,,30,10,0", "Month: '' is no number"),
        ("2026,13,30,10,0", "Year: '2026/13/30 10:00' is no day of the calendar"),
        ("26,3,30,10,0", "Year: '0026/03/30 10:00': the year 26 is not between"),
    ],
)
def test_a_time_in_parts_must_be_whole(parts: str, told: str) -> None:
    (problem,) = problems(rows("Text,Year,Month,Day,Hour,Minute", f"Hi,{parts}"))
    assert problem.startswith(f"plan.csv:2: {told}")


def test_a_day_without_its_time_is_refused_and_no_hour_is_made_up() -> None:
    header = "publish_date,time,platforms,caption"
    assert problems(rows(header, "2026-03-30,,x,Hi", ",10:00,x,Hi")) == [
        "plan.csv:2: time: is empty beside 2026-03-30: write both, or neither",
        "plan.csv:3: publish_date: is empty beside 10:00: write both, or neither",
    ]


def test_the_order_that_is_said_comes_before_the_tools_own() -> None:
    text = rows("postAtSpecificTime,content,imageUrls", "3/4/2026 9:05,Hi,")
    content = read(text)
    assert content.records[0].record.due == "2026-03-04 09:05"
    assert "where 03/04/2023 has its month first: --dates dmy if not here" in content.notices[0]
    assert read(text, Told("rso", dates=DateOrder.DMY)).records[0].record.due == "2026-04-03 09:05"


def test_a_header_of_nobody_is_refused_with_the_way_to_say_what_it_is() -> None:
    with pytest.raises(RecordErrors) as refused:
        read(rows("When,What we say", "2026-03-30 10:00,Hi"))
    assert str(refused.value) == (
        "plan.csv:1: none of the columns 'When', 'What we say' is known: say what each is, as in --map \"When=body\", "
        'or leave it out with --map "When="'
    )


def test_two_columns_that_are_like_nothing_of_ours_are_told_together_and_no_row_is_looked_at() -> None:
    with pytest.raises(RecordErrors) as refused:
        read(rows("campaign,Hour,What we say", "rso,10:00,Hi", "rso,,"))
    assert str(refused.value) == (
        "plan.csv:1: the columns 'Hour', 'What we say' are not known: say what each is, as in --map \"Hour=body\", "
        'or leave it out with --map "Hour="'
    )


def test_the_columns_that_a_person_names_are_read_and_those_left_out_are_not() -> None:
    text = rows("When,What we say,Budget", "2026-03-30 10:00,Hi,5")
    told = Told("rso", columns={"when": "due", "What  we say": "body", "Budget": ""})
    (found,) = read(text, told).records
    assert found.record == Record("rso", body="Hi", due="2026-03-30 10:00")
    with pytest.raises(RecordErrors, match="has no column 'Whne': it has 'When', 'What we say', 'Budget'"):
        read(text, Told("rso", columns={"Whne": "due"}))
    with pytest.raises(
        RecordErrors, match="columns 'When' and 'Budget' are both body: leave one out with --map"
    ):
        read(text, Told("rso", columns={"When": "body", "Budget": "body"}))


def test_what_is_told_holds_for_records_that_say_nothing_of_it() -> None:
    told = Told("rso", timezone="Asia/Bangkok", language="th")
    text = rows("campaign,body,language,timezone", ",a,,", "other,b,en,UTC")
    first, second = (found.record for found in read(text, told).records)
    assert (first.campaign, first.language, first.timezone) == ("rso", "th", "Asia/Bangkok")
    assert (second.campaign, second.language, second.timezone) == ("other", "en", "UTC")
