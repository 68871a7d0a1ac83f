"""What can go wrong, and the exit code each kind of trouble has.

A refusal is one line that says what and why; ``hint`` says what to do. Rooms subclass; only ``cli`` catches.
"""

from typing import ClassVar


class NewsletterError(Exception):
    """Base of every error that is a message to the user, already in the user's language.

    Attributes:
        message: one line, without secrets or full numbers.
        hint: what to do about it; may be empty.
        code: a stable word for scripts, the ``code`` of the JSON error.
        exit_code: the process' exit status.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(NewsletterError):
    """Usage or bad input: a missing or malformed file, an unknown column, region or setting."""

    code = "bad_input"
    exit_code = 2


class NotFoundError(NewsletterError):
    """No such newsroom or id."""

    code = "not_found"
    exit_code = 3


class RefusedError(NewsletterError):
    """Refused by a rule or a permission."""

    code = "refused"
    exit_code = 4


class OutsideError(NewsletterError):
    """Outside trouble: gateway, database, disk, file permissions, a missing library or key."""

    code = "outside"
    exit_code = 5
