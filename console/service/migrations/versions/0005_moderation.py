"""Flags, the neutral moderators' items, decisions and appeals; and the neutral desk, where those moderators sign in"""

from alembic import op
import sqlalchemy as sa


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The desk is shaped like an agency so that its members sign in like anybody; it is in no public list.
DESK = (
    '{"ori":"NEUTRAL00","name":"Porchlight neutral moderators","time_zone":"UTC","atlas_version":"",'
    '"station":{"lat":0.0,"lon":0.0},"case_masks":[],"mail_domains":[],"telephones":[]}'
)


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "moderation_items",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("judged", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_items")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_moderation_items_kind_subject")),
    )
    op.create_index(op.f("ix_moderation_items_agency"), "moderation_items", ["agency"])
    op.create_index("ix_moderation_items_author", "moderation_items", ["author"])
    op.create_index(op.f("ix_moderation_items_state"), "moderation_items", ["state"])

    op.create_table(
        "flags",
        sa.Column("number", _number(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("neighbour", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_flags")),
        sa.UniqueConstraint("id", name=op.f("uq_flags_id")),
    )
    op.create_index(op.f("ix_flags_agency"), "flags", ["agency"])
    op.create_index(op.f("ix_flags_item"), "flags", ["item"])

    op.create_table(
        "moderation_decisions",
        sa.Column("number", _number(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_moderation_decisions")),
        sa.UniqueConstraint("id", name=op.f("uq_moderation_decisions_id")),
    )
    op.create_index(op.f("ix_moderation_decisions_item"), "moderation_decisions", ["item"])

    op.create_table(
        "appeals",
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_item"), "appeals", ["item"])

    agencies = sa.table("agencies", sa.column("ori", sa.Text()), sa.column("body", sa.Text()))
    op.execute(agencies.insert().values(ori="NEUTRAL00", body=DESK))
