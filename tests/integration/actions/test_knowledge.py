"""What the store says of words, codes and answers; and two requests for help at once."""

import asyncio
from datetime import date, timedelta

from sqlalchemy import func, select, update

from backend.diagnosis import knowledge, roadside
from backend.diagnosis.importing import import_knowledge
from backend.diagnosis.verdicts import BY_LEVEL, RANKS
from backend.models import Audit, DiagnosisCause, RoadsideRequest, Symptom, TroubleCode
from backend.services import Services
from backend.workshop.safety import assess
from tests.conftest import NOW
from tests.integration.actions.conftest import Opening, both
from tests.integration.actions.dialogue import ROOT
from tests.unit.diagnosis.base import phrasings

TODAY = date(2026, 11, 25)


async def test_no_verdict_is_milder_than_the_safety_rules(services: Services) -> None:
    async with services.database.reading() as session:
        base = await knowledge.load(session, TODAY)
        names = [(row.code, row.name_zh) for row in base.symptoms]
        names += [(row.code, row.name_en) for row in base.symptoms]
        for row in await session.scalars(select(TroubleCode)):
            names += [(row.code, f"{row.code} {row.name_zh}"), (row.code, row.name_en)]
        milder = []
        for code, text in (*names, *phrasings()):
            found = await knowledge.examine(session, TODAY, text, base=base)
            level = assess(text).level
            if level and RANKS.index(found.verdict) < RANKS.index(BY_LEVEL[level]):
                milder.append((code, text, found.verdict))
        assert milder == []


async def test_several_facts_are_judged_by_the_gravest(services: Services) -> None:
    async with services.database.reading() as session:
        found = await knowledge.examine(session, TODAY, "P0455 P0300 P0AA6")
        assert (found.verdict, found.visit) == ("stop", "now")
        assert [row.code for row in found.known] == ["P0455", "P0300", "P0AA6"]
        assert found.advice is not None
        assert found.advice.code == "stop_hv"
        # Nothing but what the answers say makes it graver; nothing makes it milder.
        mild = await knowledge.examine(session, TODAY, "P0455")
        graver = await knowledge.examine(session, TODAY, "P0455", {"smell": "fuel"})
        assert (mild.verdict, graver.verdict) == ("until_visit", "stop")
        assert graver.advice is None, "advice for the milder case would contradict it"
        same = await knowledge.examine(session, TODAY, "P0AA6", {"smell": "none"})
        assert same.verdict == "stop"


@both
async def test_only_what_is_approved_and_valid_is_said(services: Services) -> None:
    async with services.database.transaction() as session:
        await session.execute(
            update(Symptom)
            .where(Symptom.code == "ac_not_cold")
            .values(valid_from=TODAY + timedelta(1))
        )
        await session.execute(
            update(DiagnosisCause)
            .where(DiagnosisCause.code == "spark_plugs")
            .values(approved_by=None, approved_at=None)
        )
        await session.execute(
            update(TroubleCode)
            .where(TroubleCode.code == "P0420")
            .values(valid_until=date(2026, 11, 24))
        )
    async with services.database.reading() as session:
        assert (await knowledge.examine(session, TODAY, "空调不凉")).empty
        found = await knowledge.examine(session, TODAY, "P0420 P0300")
        assert [one.code for one in found.unknown] == ["P0420"]
        assert "spark_plugs" not in [cause.code for cause in found.causes]


@both
async def test_importing_again_changes_nothing(services: Services) -> None:
    assert await import_knowledge(services.database, services.clock, ROOT / "demo/diagnosis") == {}
    async with services.database.transaction() as session:
        await session.execute(
            update(Symptom).where(Symptom.code == "no_start").values(drive="stop")
        )
    changed = await import_knowledge(services.database, services.clock, ROOT / "demo/diagnosis")
    assert changed == {"diagnosis_symptoms": {"changed": 1}}
    async with services.database.reading() as session:
        count = await session.scalar(
            select(func.count()).select_from(Audit).where(Audit.action == "diagnosis.imported")
        )
    assert count == 2


@both
async def test_two_requests_at_once_are_one(services: Services, start: Opening) -> None:
    await start()

    async def ask(message: str) -> bool:
        async with services.database.transaction() as session:
            made = await roadside.request_help(
                session, NOW, text="车坏了", conversation_id="c" * 32, message_id=message,
                action="roadside",
            )  # fmt: skip
            return made.already

    assert sorted(await asyncio.gather(*(ask(f"m{n}") for n in range(4)))) == [
        False,
        True,
        True,
        True,
    ]
    async with services.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(RoadsideRequest)) == 1
