"""How values are kept: the same in every database, sortable and exact."""

# ruff: noqa: ARG002 - SQLAlchemy hands the dialect to every type

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import BigInteger, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from bot.domain.announcement import Record
from bot.domain.extras import Extras
from bot.domain.media import PostMedia

_MICRO = 1_000_000

E = TypeVar("E", bound=StrEnum)


def instant_text(value: datetime) -> str:
    """Write an instant as UTC text of fixed width, so that the texts sort as the instants do."""
    if value.tzinfo is None:
        raise ValueError(f"an instant needs its time zone: {value!r}")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def json_text(value: Any) -> str:
    """Write JSON in one canonical form. Raises TypeError or ValueError for what is not JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class Instant(TypeDecorator[datetime]):
    """An instant, UTC, as text of fixed width."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write it; a time without a zone is refused."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read it, with its zone."""
        return None if value is None else datetime.fromisoformat(value)


class WallTime(TypeDecorator[datetime]):
    """A wall time as its author gave it, without a zone."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write it as ISO 8601."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Read it."""
        return None if value is None else datetime.fromisoformat(value)


class Word(TypeDecorator[E], Generic[E]):
    """One of the words of an enumeration, as text."""

    impl = String(20)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Write the word; one that is not in the enumeration is refused."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Read the word."""
        return None if value is None else self.words(value)


class Dollars(TypeDecorator[Decimal]):
    """US dollars as whole millionths: exact, and the database can add them up."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Write the millionths; a finer amount is refused."""
        if value is None:
            return None
        millionths = value * _MICRO
        if millionths != int(millionths):
            raise ValueError(f"{value} USD is finer than a millionth")
        return int(millionths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Read the amount."""
        return None if value is None else Decimal(value) / _MICRO


class Json(TypeDecorator[Any]):
    """JSON in canonical form, as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Write it."""
        return json_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Read it."""
        return None if value is None else json.loads(value)


class MediaJson(TypeDecorator[tuple[PostMedia, ...]]):
    """The media of a post, as they were approved, as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[PostMedia, ...] | None, dialect: Dialect) -> str | None:
        """Write them."""
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[PostMedia, ...] | None:
        """Read them."""
        return None if value is None else msgspec.json.decode(value, type=tuple[PostMedia, ...])


class ExtrasJson(TypeDecorator[Extras]):
    """What a post carries beside its text and media, as it was approved, as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Extras | None, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Extras | None:
        """Read it."""
        return None if value is None else msgspec.json.decode(value, type=Extras)


class RecordJson(TypeDecorator[Record]):
    """A record as JSON with the field names of the record (design, section 8)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Record | None, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Record | None:
        """Read it; fields that this version does not know are left out."""
        return None if value is None else msgspec.json.decode(value, type=Record)
