"""Corrections: what an edition corrects; copy shared between the units of the paper network."""

import sqlalchemy as sa
from alembic import op

import newsletter.instants

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "edition",
        sa.Column("corrects_id", sa.Integer(), sa.ForeignKey("edition.id"), nullable=True),
        inline_references=True,
    )
    op.add_column("edition", sa.Column("correction_kind", sa.String(length=20), nullable=True))
    op.add_column("edition", sa.Column("corrected_articles", sa.String(), nullable=True))
    op.add_column("edition", sa.Column("signature", sa.String(length=8), nullable=True))
    op.add_column("edition", sa.Column("imprint", sa.String(), nullable=True))
    op.create_index(op.f("ix_edition_corrects_id"), "edition", ["corrects_id"], unique=False)
    op.create_table(
        "article_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", newsletter.instants.Instant(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", newsletter.instants.Instant(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"]),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_article_share_article_id"), "article_share", ["article_id"], unique=False)
    op.create_index(op.f("ix_article_share_unit_id"), "article_share", ["unit_id"], unique=False)
    op.create_index(
        "ix_article_share_in_force",
        "article_share",
        ["article_id", "unit_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
