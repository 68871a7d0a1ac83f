"""The rejected rows of one import, in the order of the file: kept on disk beyond a few, so that memory stays flat."""

import json
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, overload

from newsletter.subscribers.lists.problems import Reject

#: Bytes kept in memory: some thousands of rows. What is kept says where and why, and nothing of what stood there.
_IN_MEMORY: Final = 1 << 19


class RejectList(Sequence[Reject]):
    """Rejected rows; reading goes from the first one on, so take them in a loop, not by number."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115
        weakref.finalize(self, self._file.close)
        self._count = 0

    def append(self, reject: Reject) -> None:
        """Add one; not while somebody reads."""
        self._file.write(json.dumps(reject) + "\n")
        self._count += 1

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def __iter__(self) -> Iterator[Reject]:
        """One after the other."""
        self._file.seek(0)
        for line in self._file:
            yield Reject(*json.loads(line))
        self._file.seek(0, 2)

    @overload
    def __getitem__(self, index: int) -> Reject: ...
    @overload
    def __getitem__(self, index: slice) -> list[Reject]: ...
    def __getitem__(self, index: int | slice) -> Reject | list[Reject]:
        """One, or some, counted from 0."""
        if isinstance(index, slice):
            return list(islice(self, *index.indices(self._count)))
        return next(islice(self, range(self._count)[index], None))
