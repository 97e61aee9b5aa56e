"""The archive that a spreadsheet is, looked at before anything of it is unpacked.

Nothing is ever written to a folder, so that a part's name can lead nowhere; one that tries is refused all the same, because no
spreadsheet program wrote it. That an archive may not unpack to more than a hundred times its size is the rule of Apache POI
(ZipSecureFile: MIN_INFLATE_RATIO 0.01 from 100 KiB on).
"""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from bot.adapters.files.located import Unreadable, shown

ARCHIVE = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of Excel 97 begins, and a new one with a password: both are compound files (MS-CFB 2.2)."""

MOST_PARTS = 2_000
MOST_UNPACKED = 200_000_000
"""Bytes of all parts together."""
MOST_TIMES = 100
SMALL = 100 * 1024

_LOCKED_PART = "EncryptedPackage".encode("utf-16-le")
_IS_ENCRYPTED = 0x1
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_BROKEN = "is broken, so that it cannot be unpacked: save it again in the program that made it"


def is_workbook(data: bytes) -> bool:
    """Tell whether a file's bytes are those of a spreadsheet, or of what looks like one."""
    return data.startswith((ARCHIVE, COMPOUND))


def open_archive(data: bytes) -> ZipFile:
    """Open a spreadsheet's archive. Raises Unreadable for what is none, is locked, or would unpack to too much."""
    if data.startswith(COMPOUND):
        raise Unreadable(0, _why_compound(data))
    try:
        archive = ZipFile(BytesIO(data))
        parts = archive.infolist()
        if parts and parts[0].filename == "mimetype" and _is_open_document(archive, parts[0]):
            raise Unreadable(0, "is an OpenDocument spreadsheet (.ods): save it as Excel workbook (.xlsx)")
    except (BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Unreadable(0, _BROKEN) from error
    _refuse_bomb(parts)
    for part in parts:
        _refuse_odd(part)
    if len({part.filename for part in parts}) < len(parts):
        raise Unreadable(0, "has two parts of the same name, as no spreadsheet has: save it again")
    return archive


def _why_compound(data: bytes) -> str:
    if _LOCKED_PART in data:
        return "is locked with a password: save it without one"
    return "is a workbook of Excel 97 to 2003 (.xls), or no spreadsheet: save it as Excel workbook (.xlsx)"


def _is_open_document(archive: ZipFile, part: ZipInfo) -> bool:
    return part.file_size < SMALL and archive.read(part).startswith(_OPEN_DOCUMENT)


def _refuse_bomb(parts: list[ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise Unreadable(0, f"has {len(parts):,} parts and may have {MOST_PARTS:,}: is it a spreadsheet?")
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED:
        raise Unreadable(
            0, f"unpacks to {size // 1_000_000:,} MB and may to {MOST_UNPACKED // 1_000_000}: split it"
        )
    for part in parts:
        if part.file_size > SMALL and part.file_size > part.compress_size * MOST_TIMES:
            raise Unreadable(
                0,
                f"unpacks to more than {MOST_TIMES} times its size ({shown(part.filename)}): save it as CSV",
            )


def _refuse_odd(part: ZipInfo) -> None:
    steps = part.filename.split("/")
    if ".." in steps or part.filename.startswith("/") or "\\" in part.filename or ":" in steps[0]:
        raise Unreadable(
            0, f"has a part named '{shown(part.filename)}', as no spreadsheet has: save it again"
        )
    if part.flag_bits & _IS_ENCRYPTED:
        raise Unreadable(0, "is an archive locked with a password: save it without one")
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unreadable(0, "is packed in a way that no spreadsheet is: save it again")
