"""Search over transcripts: `find` for whoever shows them."""

from backend.search.finding import Found, Hit, find
from backend.search.snippets import Part

__all__ = ["Found", "Hit", "Part", "find"]
