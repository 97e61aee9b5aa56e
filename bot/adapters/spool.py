"""Many values, kept in a file without a name, which is gone with the process; some hundred of them never reach the disk."""

from __future__ import annotations

import pickle
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
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


class _Spooled(Sequence[T]):
    """Values one after the other in a file; eight bytes for each are kept in memory."""

    def __init__(self, items: Iterable[T]) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with this object
        self._starts = array("Q", [0])
        self._close = finalize(self, self._file.close)
        try:
            for item in items:
                self._write(pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
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
