"""Which conversation a token opens, remembered: whoever waits for news asks again and again."""

from collections import OrderedDict

from sqlalchemy import bindparam, select

from backend.conversations.service import token_hash
from backend.database import Database
from backend.errors import UnauthorizedError
from backend.models import Conversation

REMEMBERED = 20_000
"""Tokens kept; the one unused longest goes first."""

_OPENED = select(Conversation.id).where(Conversation.token_hash == bindparam("hash"))


class Tokens:
    """A token opens the same conversation as long as there is one; only their hashes are kept."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()

    async def conversation(self, database: Database, token: str) -> str:
        """The id. Raises UnauthorizedError."""
        key = token_hash(token)
        found = self._known.pop(key, None)
        if found is None:
            async with database.reading(brief=True) as session:
                found = await session.scalar(_OPENED, {"hash": key})
        if found is None:
            raise UnauthorizedError("this conversation is not known")
        self._known[key] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    def forget(self, token: str) -> None:
        """The conversation has turned out to be gone."""
        self._known.pop(token_hash(token), None)
