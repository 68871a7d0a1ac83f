"""What cannot be read back from the records: somebody else wrote there, and that is a refusal, never a crash."""

import contextlib
from collections.abc import Iterator
from typing import ClassVar, Final

from sqlalchemy.exc import InvalidRequestError, StatementError

from newsletter.errors import RefusedError
from newsletter.translation import gettext as _

#: What decoding or comparing a value raises that no program of ours has written.
_UNREADABLE: Final = (
    ArithmeticError,
    AttributeError,
    InvalidRequestError,
    LookupError,
    StatementError,
    TypeError,
    ValueError,
)


class UnreadableRecordsError(RefusedError):
    """A record holds what no program of ours writes."""

    code: ClassVar[str] = "records_unreadable"


@contextlib.contextmanager
def readable_records(what: str) -> Iterator[None]:
    """Turn what cannot be read back from the records of ``what`` into a refusal: somebody else wrote there.

    Raises:
        UnreadableRecordsError: names ``what``.
    """
    try:
        yield
    except _UNREADABLE as error:
        raise UnreadableRecordsError(
            _("The records of {what} cannot be read: something else than this program wrote there.").format(what=what),
            hint=_("Restore the database from a backup made before, and ask who had access to it."),
        ) from error
