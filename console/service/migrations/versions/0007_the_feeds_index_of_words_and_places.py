"""By which number a post stands in time, its cell, how many there are, and the index of the feed's words"""

from alembic import op
import sqlalchemy as sa


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("n", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("cell", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_posts_n", ["n", "agency", "at", "category", "answered", "visibility", "lat", "lon"], unique=False
        )
        batch_op.create_index(
            "ix_posts_agency_n", ["agency", "n", "at", "category", "answered", "visibility", "lat", "lon"], unique=False
        )
        batch_op.create_index("ix_posts_agency_cell_n", ["agency", "cell", "n"], unique=False)
    op.create_table(
        "feed_counts",
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("posts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("agency", name=op.f("pk_feed_counts")),
    )
    # The words themselves are put in by `service.feed_index`, which knows what a word is; see `service.migrate`.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE feed_words USING fts5 (agency, words, place_name, "
            "tokenize = 'ascii tokenchars _', prefix = '1 2 3 4')"
        )
    else:
        op.execute("CREATE TABLE feed_words (n BIGINT PRIMARY KEY, agency TEXT NOT NULL, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_feed_words_words ON feed_words USING gin (words) WITH (fastupdate = off)")
        op.execute("CREATE INDEX ix_feed_words_agency_n ON feed_words (agency, n)")
