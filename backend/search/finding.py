"""Finding conversations: by what was said in them, and by whose they are and what came of them."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Conversation, Customer, SearchEntry
from backend.search.places import Place
from backend.search.records import Records, records
from backend.search.snippets import Part
from backend.search.spoken import Saying, Sayings, Spoken
from backend.search.terms import LONGEST_QUERY, parse
from backend.staff.conversation_queries import narrowed
from backend.staff.filters import Filters


@dataclass(frozen=True)
class Hit:
    """A conversation that was found.

    `message_seq` is its newest message with what was looked for and `snippet` the words around
    it; None and empty when only a name, phone, plate or number led here. With `note` the words
    are in a note of staff, written after that message. `at` orders the hits: when it was
    written, or else when the conversation was last active.
    """

    conversation_id: str
    message_seq: int | None
    at: datetime
    snippet: tuple[Part, ...]
    note: bool = False


@dataclass(frozen=True)
class Found:
    """One page. `next` is the cursor of the one after it. A page may be short and have a next
    one: it stands for the work of one question, whatever is found."""

    hits: list[Hit]
    next: str | None = None


@dataclass(frozen=True)
class _Known:
    """A conversation that a record led to."""

    conversation_id: str
    at: datetime


async def find(
    session: AsyncSession,
    text: str,
    filters: Filters | None = None,
    limit: int = 25,
    cursor: str | None = None,
) -> Found:
    """The conversations in which `text` was said or that it names, newest first.

    Every Chinese piece and every word of `text` must be in one message, the last word perhaps
    only with its beginning; or all in the customer's name. A phone (from four digits on, its
    beginning or end), a plate and a number of a booking or complaint are looked up as well. Of
    the filters, a period asks for messages of that period; `search` and `sort` are not used.

    Raises InvalidError for a cursor that no page gave.
    """
    filters = filters or Filters()
    query = parse(text)
    known = await records(session, text[:LONGEST_QUERY], query)
    if not query and not known:
        return Found([])
    if cursor:
        place = Place.decode(cursor)
    else:
        top = int(await session.scalar(select(func.max(SearchEntry.id))) or 0)
        place = Place(top, top + 1)
    spoken = Spoken(session, query, filters, known, place)
    of_messages = await spoken.newest(limit + 1) if query else Sayings([])
    of_records = await _known(session, known, filters, place, limit + 1) if known else []
    page = _page(of_messages.found, of_records, limit)
    further = _further(place, of_messages, of_records, page)
    words = await spoken.said_in([one.conversation_id for one in page if isinstance(one, _Known)])
    return Found([_hit(one, words) for one in page], further.encode() if further else None)


def _page(sayings: list[Saying], known: list[_Known], limit: int) -> list[Saying | _Known]:
    merged: Iterator[Saying | _Known] = heapq.merge(
        sayings, known, key=lambda one: one.at, reverse=True
    )
    return list(islice(merged, limit))


def _hit(one: Saying | _Known, words: dict[str, Saying]) -> Hit:
    saying = one if isinstance(one, Saying) else words.get(one.conversation_id)
    if saying is None:
        return Hit(one.conversation_id, None, one.at, ())
    return Hit(one.conversation_id, saying.seq, one.at, saying.parts, saying.note)


def _further(
    place: Place, sayings: Sayings, known: list[_Known], page: list[Saying | _Known]
) -> Place | None:
    """The place behind the page; None when nothing comes after it."""
    told = [one for one in page if isinstance(one, Saying)]
    named = [one for one in page if isinstance(one, _Known)]
    more = len(told) < len(sayings.found)
    if not more and sayings.stopped is None and len(named) == len(known):
        return None
    here = told[-1].entry if told else place.below
    below = here if more else sayings.stopped or 0
    record = (named[-1].at, named[-1].conversation_id) if named else place.record
    return Place(place.top, below, record)


async def _known(
    session: AsyncSession, known: Records, filters: Filters, place: Place, wanted: int
) -> list[_Known]:
    """Conversations that a record leads to, the last active first."""
    where = [known.condition(session.get_bind().dialect.name), *narrowed(filters)]
    if place.record:
        at, row = place.record
        where.append(
            or_(
                Conversation.updated_at < at,
                and_(Conversation.updated_at == at, Conversation.id < row),
            )
        )
    statement = (
        select(Conversation.id, Conversation.updated_at)
        .outerjoin(Customer, Customer.id == Conversation.customer_id)
        .where(*where)
        .order_by(Conversation.updated_at.desc(), Conversation.id.desc())
        .limit(wanted)
    )
    return [_Known(*row) for row in await session.execute(statement)]
