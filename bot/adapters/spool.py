"""Many values, kept in a file without a name, which is gone with the process; some hundred of them never reach the disk."""

from __future__ import annotations

import pickle
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from io import BytesIO
from itertools import pairwise
from tempfile import SpooledTemporaryFile, gettempdir
from typing import IO, Any, TypeVar, overload
from weakref import finalize

from bot.domain.errors import Unreachable

IN_MEMORY = 1_000_000
"""Bytes that are kept in memory before there is a file."""

_AT_ONCE = 200_000
"""Bytes that are read together, where they are more than one value."""

T = TypeVar("T")


def spool(items: Iterable[T]) -> Sequence[T]:
    """Take all values and give them as a sequence. Raises Unreachable if the folder for temporary files has no room."""
    return _Spooled(items)


class _Pickler(pickle.Pickler):
    """Writes a frozen dataclass as the call that makes it: reading it so takes a fifth of the time."""

    def reducer_override(self, value: Any) -> Any:
        """Give the class and its arguments; anything else is written as always."""
        kind = type(value)
        if kind not in _arguments:
            _arguments[kind] = _arguments_of(kind)
        names = _arguments[kind]
        return NotImplemented if names is None else (kind, tuple(getattr(value, name) for name in names))


_arguments: dict[type, tuple[str, ...] | None] = {}


def _arguments_of(kind: type) -> tuple[str, ...] | None:
    """Name what makes a value of a dataclass; None for what is none, or is not made of all its fields in turn."""
    found = fields(kind) if is_dataclass(kind) else ()
    plain = found and all(each.init and not each.kw_only for each in found)
    return tuple(each.name for each in found) if plain else None


def _written(value: object) -> bytes:
    buffer = BytesIO()
    _Pickler(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


class _Spooled(Sequence[T]):
    """Values one after the other in a file; eight bytes for each are kept in memory."""

    def __init__(self, items: Iterable[T]) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with this object
        self._starts = array("Q", [0])
        self._close = finalize(self, self._file.close)
        try:
            for item in items:
                self._write(_written(item))
        except BaseException:
            self._drop()
            raise

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[T]:
        first = 0
        while first < len(self):
            end = max(bisect_right(self._starts, self._starts[first] + _AT_ONCE) - 1, first + 1)
            yield from self._some(first, end)
            first = end

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> list[T]: ...

    def __getitem__(self, index: int | slice) -> T | list[T]:
        places = range(len(self))[index]
        if isinstance(places, int):
            return self._some(places, places + 1)[0]
        return [self[place] for place in places]

    def _write(self, content: bytes) -> None:
        try:
            self._file.write(content)
        except OSError as error:
            raise _no_room(error) from error
        self._starts.append(self._starts[-1] + len(content))

    def _some(self, first: int, end: int) -> list[T]:
        start, stop = self._starts[first], self._starts[end]
        try:
            self._file.seek(start)  # writes what is still to be written
            content = memoryview(self._file.read(stop - start))
        except OSError as error:
            raise _no_room(error) from error
        places = (self._starts[place] - start for place in range(first, end + 1))
        return [self._value(content[one:other]) for one, other in pairwise(places)]

    def _value(self, content: memoryview) -> Any:
        return pickle.loads(content)  # noqa: S301 - nobody else can write to the file

    def _drop(self) -> None:
        """Close the file; one that cannot write what is left is no reason for another error."""
        try:
            self._close()
        except OSError:
            self._file.close()


def _no_room(error: OSError) -> Unreachable:
    return Unreachable(
        f"{gettempdir()}: what is being read cannot be set aside there ({error.strerror}): "
        "free some space, or name another folder in TMPDIR"
    )
