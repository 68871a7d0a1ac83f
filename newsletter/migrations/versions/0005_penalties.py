"""Penalties."""

import sqlalchemy as sa
from alembic import op

import newsletter.instants
from newsletter.migrations.append_only import refuse_changes

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "rule_book",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("adopted_at", newsletter.instants.Instant(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"]),
        sa.PrimaryKeyConstraint("version"),
    )
    op.add_column("edition", sa.Column("rule_book_version", sa.Integer(), nullable=False, server_default="1"))
    _create_error_record()
    _create_penalty_entry()
    op.create_table(
        "penalty_appeal",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["error_record.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_table(
        "penalty_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.Column("last_record_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["penalty_appeal.record_id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["last_record_id"], ["error_record.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("record_id"),
    )
    op.create_table(
        "penalty_decision",
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["error_record.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("record_id"),
    )
    for table in (
        "rule_book",
        "error_record",
        "penalty_entry",
        "penalty_appeal",
        "penalty_ruling",
        "penalty_decision",
    ):
        refuse_changes(table)


def _create_error_record() -> None:
    op.create_table(
        "error_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("found", sa.String(length=6), nullable=False),
        sa.Column("in_title", sa.Boolean(), nullable=False),
        sa.Column("found_by", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("introducer_kind", sa.String(length=12), nullable=False),
        sa.Column("introducer_id", sa.Integer(), nullable=False),
        sa.Column("introducing_revision_id", sa.Integer(), nullable=True),
        sa.Column("introducer_method", sa.String(length=10), nullable=False),
        sa.Column("override_reason", sa.String(length=200), nullable=False),
        sa.Column("reporter_kind", sa.String(length=12), nullable=True),
        sa.Column("reporter_id", sa.Integer(), nullable=True),
        sa.Column("left_at", newsletter.instants.Instant(), nullable=True),
        sa.Column("gates", sa.String(), nullable=False),
        sa.Column("rule_book_version", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"]),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"]),
        sa.ForeignKeyConstraint(["introducing_revision_id"], ["revision.id"]),
        sa.ForeignKeyConstraint(["found_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("edition_id", "revision_id", "code", "field", "position", "quote", "found"),
    )
    op.create_index(op.f("ix_error_record_edition_id"), "error_record", ["edition_id"], unique=False)
    op.create_index(op.f("ix_error_record_article_id"), "error_record", ["article_id"], unique=False)


def _create_penalty_entry() -> None:
    op.create_table(
        "penalty_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("person_kind", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.Column("reversal_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["error_record.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["reversal_of"], ["penalty_entry.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reversal_of"),
    )
    op.create_index(op.f("ix_penalty_entry_record_id"), "penalty_entry", ["record_id"], unique=False)
    op.create_index(op.f("ix_penalty_entry_at"), "penalty_entry", ["at"], unique=False)
