"""What transcripts are found by."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class SearchEntry(Base):
    """The searchable form of one message or note, beside it and gone with it.

    Not a column of the message, which is written again with every step of its turn. Rows are
    in the order of time: a search reads them from the newest. The index over `tokens` is a
    virtual table on SQLite and GIN on PostgreSQL; triggers of the database keep it, and empty
    the row of a text that is changed.
    """

    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str | None] = mapped_column(
        ForeignKey("messages.id", ondelete="CASCADE"), unique=True
    )
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id", ondelete="CASCADE"))
    second: Mapped[int] = mapped_column(BigInteger, index=True)
    """When it was written: seconds since 1970."""
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))
    """The entries of the index (`backend.search.terms`), divided by spaces."""

    __table_args__ = (
        CheckConstraint("(message_id IS NULL) <> (note_id IS NULL)", name="one_text"),
        # Among millions of messages there are few notes.
        Index(
            "uq_search_entries_note_id",
            "note_id",
            unique=True,
            sqlite_where=sql("note_id IS NOT NULL"),
            postgresql_where=sql("note_id IS NOT NULL"),
        ),
    )
