"""Roles, and what each may do. Pure: no clock, no database. The table is printed in docs/reference/workflow.md."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """A role given to one person for one unit's subtree."""

    ADMIN = "admin"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    ISSUER = "issuer"
    OPERATOR = "operator"
    ANALYST = "analyst"


class Right(StrEnum):
    """Something that not everybody on staff may do."""

    STRUCTURE = "structure"
    STAFF = "staff"
    AUDIT = "audit"
    IMPORT = "import"
    ARTICLES = "articles"
    DRAFTS = "drafts"
    AUDIENCES = "audiences"
    APPROVE = "approve"
    RETURN = "return"
    SIGN = "sign"
    SEND = "send"
    OPT_OUT = "opt-out"
    SANDBOX = "sandbox"
    RECONCILE = "reconcile"
    STATISTICS = "statistics"


#: right -> roles that have it; what is not here (list, show, preview, status) everyone on staff may do.
RIGHTS: Final[dict[Right, frozenset[Role]]] = {
    Right.STRUCTURE: frozenset({Role.ADMIN}),
    Right.STAFF: frozenset({Role.ADMIN}),
    Right.AUDIT: frozenset({Role.ADMIN}),
    Right.IMPORT: frozenset({Role.ADMIN, Role.EDITOR}),
    Right.ARTICLES: frozenset({Role.EDITOR}),
    Right.DRAFTS: frozenset({Role.EDITOR}),
    Right.AUDIENCES: frozenset({Role.EDITOR}),
    Right.APPROVE: frozenset({Role.REVIEWER}),
    Right.RETURN: frozenset({Role.REVIEWER}),
    Right.SIGN: frozenset({Role.ISSUER}),
    Right.SEND: frozenset({Role.ISSUER, Role.OPERATOR}),
    Right.OPT_OUT: frozenset({Role.ISSUER}),
    Right.SANDBOX: frozenset({Role.ISSUER}),
    Right.RECONCILE: frozenset({Role.ISSUER}),
    Right.STATISTICS: frozenset({Role.ANALYST}),
}

#: Roles whose key is expected to have a passphrase: theirs are the words that let a text out.
GATE_ROLES: Final = frozenset({Role.REVIEWER, Role.ISSUER})
