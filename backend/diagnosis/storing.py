"""Brings the tables of the knowledge base to what a checked edition says, row by row."""

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.schema import Fact
from backend.catalogue.syncing import Changes, Store
from backend.diagnosis.reading import KnowledgeBase
from backend.models import (
    Dealership,
    DiagnosisAdvice,
    DiagnosisCause,
    DiagnosisQuestion,
    Symptom,
    TroubleCode,
)

_OF_FACT = set(Fact.model_fields)


async def store_knowledge(session: AsyncSession, base: KnowledgeBase) -> Changes:
    """Writes `base`; returns what changed. What has gone from it is said no more.

    A diagnosis that was told keeps its own words, so that rows may be deleted.
    """
    zone = await session.scalar(select(Dealership.zone).limit(1))
    store = Store(session, ZoneInfo(zone or "Asia/Shanghai"))

    def own(row: Fact, *without: str) -> dict[str, Any]:
        return {**row.model_dump(exclude=_OF_FACT | set(without)), **store.certified(row)}

    await store.sync(DiagnosisCause, lambda row: row.code, {r.code: own(r) for r in base.causes})
    await store.sync(DiagnosisAdvice, lambda row: row.code, {r.code: own(r) for r in base.advice})
    await store.sync(
        DiagnosisQuestion,
        lambda row: row.code,
        {
            question.code: {
                **own(question),
                "answers": [
                    answer.model_dump(exclude=_OF_FACT | {"question"})
                    for answer in base.answers
                    if answer.question == question.code and answer.approved
                ],
            }
            for question in base.questions
        },
    )
    await store.sync(
        Symptom,
        lambda row: row.code,
        {r.code: {**own(r), "position": at} for at, r in enumerate(base.symptoms)},
    )
    await store.sync(
        TroubleCode, lambda row: row.code, {r.code: own(r, "note") for r in base.trouble_codes}
    )
    return store.changes
