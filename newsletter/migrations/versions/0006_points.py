"""Points."""

import sqlalchemy as sa
from alembic import op

import newsletter.instants
from newsletter.migrations.append_only import refuse_changes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "point_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("outlet", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("rule_book_version", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.Column("reversal_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["reversal_of"], ["point_event.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reversal_of"),
    )
    op.create_index(op.f("ix_point_event_article_id"), "point_event", ["article_id"], unique=False)
    op.create_table(
        "point_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contributor_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.Column("reversal_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["contributor_id"], ["contributor.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["reversal_of"], ["point_entry.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reversal_of"),
    )
    op.create_index(op.f("ix_point_entry_contributor_id"), "point_entry", ["contributor_id"], unique=False)
    op.create_index(op.f("ix_point_entry_unit_id"), "point_entry", ["unit_id"], unique=False)
    for table in ("point_event", "point_entry"):
        refuse_changes(table)
