"""The customer's rating of a conversation."""

import asyncio
from typing import Any

import httpx
from sqlalchemy import select

from backend.models import Rating
from tests.integration.chat.conftest import Site
from tests.integration.chat.talk import Talk, refused, statuses


async def rate(talk: Talk, **body: Any) -> httpx.Response:
    return await talk.client.post("/api/chat/rating", json=body, headers=talk.key)


async def ratings(site: Site) -> list[tuple[str, int, str]]:
    async with site.database.reading() as session:
        rows = await session.scalars(select(Rating))
        return [(row.conversation_id, row.score, row.comment) for row in rows]


async def test_a_rating_and_another_one(site: Site, talk: Talk) -> None:
    first = await rate(talk, score=2, comment="等得有点久\x00")
    assert (first.status_code, first.content) == (204, b"")
    assert await ratings(site) == [(talk.id, 2, "等得有点久")]
    assert (await rate(talk, score=5)).status_code == 204
    assert await ratings(site) == [(talk.id, 5, "")]


async def test_several_at_once_leave_one(site: Site, talk: Talk) -> None:
    responses = await asyncio.gather(*(rate(talk, score=4) for _ in range(8)))
    assert statuses(responses) == [204] * 8
    assert await ratings(site) == [(talk.id, 4, "")]


async def test_a_comment_without_words(site: Site, talk: Talk) -> None:
    for comment in ("", "  ", "\u200b", "\x00"):
        assert (await rate(talk, score=3, comment=comment)).status_code == 204
        assert await ratings(site) == [(talk.id, 3, "")]


WRONG: list[dict[str, Any]] = [
    {"score": 0},
    {"score": 6},
    {"score": -1},
    {"score": "5"},
    {"score": 4.5},
    {"score": True},
    {"score": None},
    {},
    {"score": 5, "comment": 5},
    {"score": 5, "comment": "好" * 2001},
]


async def test_what_is_no_rating(site: Site, talk: Talk) -> None:
    for body in WRONG:
        refused(await rate(talk, **body), 422)
    assert await ratings(site) == []
