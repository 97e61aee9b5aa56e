"""Reads one part of a spreadsheet, piece by piece: nothing of it is kept but what its reader keeps.

Document types are refused, and with them entities, internal and external: no part of a spreadsheet has one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from bot.adapters.files.located import Unreadable, shown

PIECE = 65_536
DEEPEST_ELEMENT = 50
LONGEST_TEXT = 32_767
"""Characters that a cell may have, by Excel's own limit."""


class PartReader(ContentHandler):
    """Takes the elements of a part as they come, by names without their prefixes."""

    most_elements = 20_000_000
    """So many may be in a part: a few for each cell that a table may have."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._count = 0
        self._texts: list[str] | None = None
        self._length = 0

    def opened(self, name: str, attributes: AttributesImpl) -> None:
        """An element begins."""

    def closed(self, name: str) -> None:
        """An element ends."""

    def listen(self) -> None:
        """Keep the text from here on."""
        self._texts, self._length = [], 0

    def heard(self) -> str:
        """Give the text since `listen`, and keep no more."""
        texts, self._texts = self._texts, None
        return "".join(texts or ())

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802, D102 - named by the library
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST_ELEMENT or self._count > self.most_elements:
            raise Unreadable(0, "is nested or long as no spreadsheet is: save it as CSV")
        self.opened(name.rpartition(":")[2], attrs)

    def endElement(self, name: str) -> None:  # noqa: N802, D102 - named by the library
        self._depth -= 1
        self.closed(name.rpartition(":")[2])

    def characters(self, content: str) -> None:  # noqa: D102 - named by the library
        if self._texts is not None:
            self._length += len(content)
            if self._length > LONGEST_TEXT:
                raise Unreadable(0, f"has a text of more than {LONGEST_TEXT:,} characters: make it shorter")
            self._texts.append(content)


def pieces(archive: ZipFile, part: str, reader: PartReader) -> Iterator[None]:
    """Read a part; what was read goes to its reader each time before this goes on. Raises Unreadable."""
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(reader)
    try:
        with archive.open(part) as stream:
            while piece := stream.read(PIECE):
                parser.feed(piece)
                yield
        parser.close()
    except DefusedXmlException as error:
        raise Unreadable(
            0, f"has a document type in {shown(part)}, as no spreadsheet has: save it again"
        ) from error
    except SAXParseException as error:
        raise Unreadable(0, f"is broken in {shown(part)}: {error.getMessage()}: save it again") from error
    except (SAXException, BadZipFile, zlib.error, ValueError, LookupError, OSError, EOFError) as error:
        raise Unreadable(
            0, f"is broken in {shown(part)}: save it again in the program that made it"
        ) from error
    yield


def read_part(archive: ZipFile, part: str, reader: PartReader) -> None:
    """Read a part to its end. Raises Unreadable."""
    for _ in pieces(archive, part, reader):
        pass
