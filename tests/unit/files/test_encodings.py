"""Which encoding a file is taken for. The bytes come from glibc's iconv 2.36, never from Python's own codecs:
`printf '<text>' | iconv -f UTF-8 -t <encoding> | xxd -p`
"""

from __future__ import annotations

import codecs

import pytest

from bot.adapters.files import RecordFilesOnDisk
from bot.application.ports.record_files import FileContent
from bot.domain.announcement import Record
from bot.domain.errors import InputError, RecordErrors

# campaign;language;title;body\nrso;th;รายงานผลการประชุม;ผู้แทน 88 คน จาก 24 ประเทศ “RSO”\nrso;en;Report;The office’s report\n
THAI = (  # iconv -t CP874
    "63616d706169676e3b6c616e67756167653b7469746c653b626f64790a72736f3b74683bc3d2c2a7d2b9bcc5a1d2c3bbc3d0aad8c13bbcd9e9e1b7b9"
    "20383820a4b920a8d2a120323420bbc3d0e0b7c8209352534f940a72736f3b656e3b5265706f72743b546865206f66666963659273207265706f7274"
    "0a"
)
# campaign,language,body\nrso,en,Ready\nrso,en,The café’s “naïve” plan – 5 €\n
ENGLISH = (  # iconv -t CP1252
    "63616d706169676e2c6c616e67756167652c626f64790a72736f2c656e2c52656164790a72736f2c656e2c54686520636166e9927320936e61ef7665"
    "9420706c616e2096203520800a"
)
# campaign\tlanguage\tbody\nrso\tlo\tບົດລາຍງານ\n
LAO = (  # iconv -t UTF-16
    "fffe630061006d0070006100690067006e0009006c0061006e0067007500610067006500090062006f00640079000a00720073006f0009006c006f00"
    "09009a0ebb0e940ea50eb20e8d0e870eb20e990e0a00"
)
# campaign,language,body\nrso,vi,Báo cáo kết quả của Diễn đàn\n
VIETNAMESE = (  # iconv -t CP1258
    "63616d706169676e2c6c616e67756167652c626f64790a72736f2c76692c42e16f2063e16f206beaec7420717561d2206375d261204469eade6e20f0"
    "e06e0a"
)
# campaign: rso\nlanguage: ja\nbody: 報告書を公表\n
JAPANESE = (
    "63616d706169676e3a2072736f0a6c616e67756167653a206a610a626f64793a2095f18d908f9182f08cf6955c0a"  # CP932
)
# campaign: rso\nlanguage: ru\nbody: Отчёт опубликован\n
RUSSIAN = "63616d706169676e3a2072736f0a6c616e67756167653a2072750a626f64793a20cef2f7b8f220eeeff3e1ebe8eaeee2e0ed0a"  # CP1251
# {"campaign": "rso", "language": "ar", "body": "صدر التقرير"}\n
ARABIC = (  # iconv -t CP1256
    "7b2263616d706169676e223a202272736f222c20226c616e6775616765223a20226172222c2022626f6479223a2022d5cfd120c7e1caded1edd1227d"
    "0a"
)
# campaign,language,body\nrso,fr,«Été» à Genève\n
FRENCH = (
    "63616d706169676e2c6c616e67756167652c626f64790a72736f2c66722cabc974e9bb20e02047656ee876650a"  # CP1252
)
# campaign,body\nrso,รายงานผล\n
THAI_UNSAID = "63616d706169676e2c626f64790a72736f2cc3d2c2a7d2b9bcc50a"  # CP874
# campaign,language,body\nrso,en,รายงานผล\n
THAI_SAID_TO_BE_ENGLISH = (
    "63616d706169676e2c6c616e67756167652c626f64790a72736f2c656e2cc3d2c2a7d2b9bcc50a"  # CP874
)


def read(data: bytes, name: str = "posts.csv", encoding: str | None = None) -> FileContent:
    return RecordFilesOnDisk().read_bytes(data, name, encoding=encoding)


def records(content: FileContent) -> list[Record]:
    return [found.record for found in content.records]


def bodies(content: FileContent) -> list[str]:
    return [record.body for record in records(content)]


def refusal(data: bytes, name: str = "posts.csv", encoding: str | None = None) -> str:
    with pytest.raises(InputError) as refused:
        read(data, name, encoding)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_thai_file_from_excel_comes_out_in_thai_and_the_first_such_line_is_shown() -> None:
    content = read(bytes.fromhex(THAI))
    assert records(content) == [
        Record("rso", language="th", title="รายงานผลการประชุม", body="ผู้แทน 88 คน จาก 24 ประเทศ “RSO”"),
        Record("rso", language="en", title="Report", body="The office’s report"),
    ]
    (notice,) = content.notices
    assert notice.startswith("posts.csv:2: read as cp874 (Thai): rso;th;รายงานผลการประชุม;")
    assert notice.endswith("if that is wrong, give --encoding")


def test_english_with_curly_quotes_from_excel_is_windows_1252() -> None:
    content = read(bytes.fromhex(ENGLISH))
    assert bodies(content) == ["Ready", "The café’s “naïve” plan – 5 €"]
    assert content.notices == (
        "posts.csv:3: read as cp1252 (Windows-1252): rso,en,The café’s “naïve” plan – 5 € - if that is wrong, give --encoding",
    )


def test_utf_16_with_a_mark_is_certain_and_not_remarked_upon() -> None:
    little = bytes.fromhex(LAO)
    big = b"".join(little[at : at + 2][::-1] for at in range(0, len(little), 2))
    for data in (little, big):
        content = read(data)
        assert (bodies(content), content.notices) == (["ບົດລາຍງານ"], ())


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_utf_8_is_certain_with_and_without_a_mark(mark: bytes) -> None:
    content = read(mark + "campaign,body\nrso,รายงาน\n".encode())
    assert (bodies(content), content.notices) == (["รายงาน"], ())


@pytest.mark.parametrize(
    ("dump", "name", "body", "page"),
    [
        (VIETNAMESE, "a.csv", "Báo cáo kết quả của Diễn đàn", "cp1258"),
        (JAPANESE, "a.yaml", "報告書を公表", "cp932"),
        (RUSSIAN, "a.yaml", "Отчёт опубликован", "cp1251"),
        (ARABIC, "a.json", "صدر التقرير", "cp1256"),
        (ARABIC, "a.ndjson", "صدر التقرير", "cp1256"),
        (FRENCH, "a.csv", "«Été» à Genève", "cp1252"),
    ],
)
def test_the_code_page_of_the_records_language_is_taken(dump: str, name: str, body: str, page: str) -> None:
    content = read(bytes.fromhex(dump), name)
    assert bodies(content) == [body]
    assert f": read as {page} (" in content.notices[0]


@pytest.mark.parametrize("dump", [THAI_UNSAID, THAI_SAID_TO_BE_ENGLISH])
def test_thai_that_nothing_says_to_be_thai_never_becomes_accented_capitals(dump: str) -> None:
    message = refusal(bytes.fromhex(dump))
    assert message.startswith(
        "posts.csv:2: is not UTF-8: give the file's encoding with --encoding, or its records' language"
    )
    assert "cp874 would read" in message
    assert "รายงานผล" in message
    assert bodies(read(bytes.fromhex(dump), encoding="cp874")) == ["รายงานผล"]


def test_a_language_that_the_letters_do_not_bear_out_is_not_believed() -> None:
    assert "is not UTF-8" in refusal(bytes.fromhex(RUSSIAN).replace(b": ru", b": en"), "a.yaml")
    assert "is not UTF-8" in refusal(bytes.fromhex(THAI).replace(b";th;", b";fr;"))
    assert "is not UTF-8" in refusal(bytes.fromhex(FRENCH).replace(b",fr,", b",km,"))


def test_utf_8_with_a_broken_byte_is_not_taken_for_another_encoding() -> None:
    whole = "campaign,language,body\nrso,en,the office’s café – a plan\n".encode()
    for broken in (whole + b"rso,en,caf\xe9\n", codecs.BOM_UTF8 + whole + b"\xff"):
        assert refusal(broken).startswith(("posts.csv:2: is not UTF-8: ", "posts.csv:3: is marked as UTF-8"))


def test_the_named_encoding_is_taken_without_remark() -> None:
    content = read(bytes.fromhex(ENGLISH), encoding="windows-1252")
    assert (bodies(content)[1], content.notices) == ("The café’s “naïve” plan – 5 €", ())


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("cp999", "'cp999' is not an encoding: write --encoding utf-8, cp874 or the like"),
        ("hex", "'hex' is not an encoding: write --encoding utf-8, cp874 or the like"),
        ("unicode_escape", "is not an encoding"),
        ("utf\0", "is not an encoding"),
        ("utf-8", "posts.csv:3: is not utf-8: give the file's encoding with --encoding"),
        ("ascii", "posts.csv:3: is not ascii: give the file's encoding with --encoding"),
    ],
)
def test_an_encoding_that_is_none_or_does_not_fit_is_refused(encoding: str, told: str) -> None:
    assert told in refusal(bytes.fromhex(ENGLISH), encoding=encoding)


def test_an_encoding_that_leaves_control_characters_is_refused() -> None:
    with pytest.raises(
        RecordErrors, match=r"posts.csv:3: the character U\+0092 in column 16 is no text: give another"
    ):
        read(bytes.fromhex(ENGLISH), encoding="latin-1")


def test_utf_16_without_a_mark_says_which_encoding_to_give() -> None:
    unmarked = bytes.fromhex(LAO)[2:]
    assert refusal(unmarked) == (
        "posts.csv: has NUL in every other place, as UTF-16 has: give --encoding utf-16-le or utf-16-be"
    )
    assert bodies(read(unmarked, encoding="utf-16-le")) == ["ບົດລາຍງານ"]


def test_a_dash_of_utf_8_beside_a_broken_byte_is_not_taken_for_three_signs_of_windows() -> None:
    assert "is not UTF-8" in refusal(
        "campaign,language,body\nrso,en,a – plan\n".encode() + b"rso,en,caf\xe9\n"
    )


def test_a_file_of_two_old_encodings_is_not_read_as_either() -> None:
    rows = bytes.fromhex(THAI) + b"rso;en;Report;The caf\xe9\n"
    assert "is not UTF-8" in refusal(rows)
