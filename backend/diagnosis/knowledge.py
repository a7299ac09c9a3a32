"""What the approved knowledge base says of a customer's words: pure over rows that are valid.

Nothing here is a finding. Causes are possible ones, and a verdict is never milder than the words
call for by `backend.workshop.safety`, nor than what was judged before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue.service import valid
from backend.diagnosis.verdicts import BY_LEVEL, RANKS, SOONEST, gravest, soonest
from backend.diagnosis.words import hear, score
from backend.models import (
    DiagnosisAdvice,
    DiagnosisCause,
    DiagnosisQuestion,
    Symptom,
    TroubleCode,
)
from backend.workshop.safety import assess, plain
from values import trouble_code
from values.characters import simplified
from values.trouble_code import TroubleCode as Read

CLOSE = 0.75
"""Share of the best match's weight from which another symptom counts as told, too."""
MOST_SYMPTOMS = 3
MOST_CAUSES = 5
MOST_QUESTIONS = 3

Answers = Mapping[str, str]
"""Question → answer, by code."""


@dataclass(frozen=True)
class Knowledge:
    """All that is valid on a day, by code."""

    symptoms: Sequence[Symptom] = ()
    questions: Mapping[str, DiagnosisQuestion] = field(default_factory=dict)
    causes: Mapping[str, DiagnosisCause] = field(default_factory=dict)
    advice: Mapping[str, DiagnosisAdvice] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What words, codes and answers come to."""

    symptoms: tuple[Symptom, ...] = ()
    known: tuple[TroubleCode, ...] = ()
    unknown: tuple[Read, ...] = ()
    verdict: str = "unclear"
    visit: str = "this_week"
    causes: tuple[DiagnosisCause, ...] = ()
    advice: DiagnosisAdvice | None = None
    questions: tuple[DiagnosisQuestion, ...] = ()
    """What may still be asked, in order, at most three."""
    work: str = "diagnosis"

    @property
    def empty(self) -> bool:
        """Whether nothing on record fits."""
        return not (self.symptoms or self.known or self.unknown)

    @property
    def facts(self) -> tuple[Symptom | TroubleCode, ...]:
        return (*self.known, *self.symptoms)


async def load(session: AsyncSession, today: date) -> Knowledge:
    """Symptoms, questions, causes and advice; codes are looked up one by one."""
    symptoms = await session.scalars(
        select(Symptom).where(valid(Symptom, today)).order_by(Symptom.position)
    )
    questions = await session.scalars(
        select(DiagnosisQuestion).where(valid(DiagnosisQuestion, today))
    )
    causes = await session.scalars(select(DiagnosisCause).where(valid(DiagnosisCause, today)))
    advice = await session.scalars(select(DiagnosisAdvice).where(valid(DiagnosisAdvice, today)))
    return Knowledge(
        list(symptoms),
        {row.code: row for row in questions},
        {row.code: row for row in causes},
        {row.code: row for row in advice},
    )


async def look_up(session: AsyncSession, today: date, codes: Iterable[str]) -> list[TroubleCode]:
    """The codes on record, in the order asked for."""
    wanted = list(codes)
    rows = await session.scalars(
        select(TroubleCode).where(TroubleCode.code.in_(wanted), valid(TroubleCode, today))
    )
    found = {row.code: row for row in rows}
    return [found[code] for code in wanted if code in found]


def matching(symptoms: Iterable[Symptom], text: str) -> list[Symptom]:
    """The symptoms that a message tells of, the best match first."""
    heard = hear(text)
    scored = [(score(heard, row.words_zh, row.words_en), row) for row in symptoms]
    best = max((weight for weight, _ in scored), default=0)
    near = [(weight, row) for weight, row in scored if weight and weight >= CLOSE * best]
    near.sort(key=lambda pair: (-pair[0], -RANKS.index(pair[1].drive), pair[1].position))
    return [row for _, row in near[:MOST_SYMPTOMS]]


def read_answer(question: DiagnosisQuestion, text: str) -> dict[str, Any] | None:
    """The answer that the words give: of several, the one with the longest words."""
    words = plain(simplified(text))
    padded = f" {''.join(c if c.isascii() and c.isalnum() else ' ' for c in words)} "
    padded = " ".join(padded.split())
    padded = f" {padded} "
    best: tuple[int, dict[str, Any]] | None = None
    for answer in question.answers:
        for way in (*answer["words_zh"], plain(answer["name_zh"])):
            if way in words and (best is None or len(way) * 3 > best[0]):
                best = (len(way) * 3, answer)
        for way in (*answer["words_en"], answer["name_en"].lower()):
            if f" {way} " in padded and (best is None or len(way) > best[0]):
                best = (len(way), answer)
    return best[1] if best else None


def told_in(question: DiagnosisQuestion, text: str) -> dict[str, Any] | None:
    """An answer that the story gives before it is asked; yes and no alone answer nothing."""
    answer = read_answer(question, text)
    return answer if question.code in _IN_STORY and answer else None


_IN_STORY = frozenset({"lamp_colour", "lamp_state", "cold_or_warm"})
"""Questions whose answers are words that mean the same wherever they stand."""


async def examine(
    session: AsyncSession,
    today: date,
    text: str,
    answers: Answers | None = None,
    *,
    base: Knowledge | None = None,
) -> Finding:
    """What the words of a fault, its codes and the answers so far come to."""
    base = base or await load(session, today)
    read = trouble_code.read(text)
    known = await look_up(session, today, [one.code for one in read])
    on_record = {row.code for row in known}
    unknown = tuple(one for one in read if one.code not in on_record)
    symptoms = tuple(matching(base.symptoms, text))
    facts: list[Symptom | TroubleCode] = [*known, *symptoms]
    level = assess(text).level
    judged = [BY_LEVEL[level]] if level else []
    judged += [row.drive for row in facts]
    if unknown:
        # A code that nobody here can explain is no all-clear.
        judged.append("unclear")
    judged += _raised(base, answers or {})
    verdict = gravest(*judged) if judged else "unclear"
    gravest_fact = max(facts, key=lambda row: RANKS.index(row.drive), default=None)
    visit = soonest(*(row.visit for row in facts)) if facts else SOONEST[verdict]
    if gravest_fact is None or verdict != gravest_fact.drive:
        visit = soonest(visit, SOONEST[verdict])
    return Finding(
        symptoms=symptoms,
        known=tuple(known),
        unknown=unknown,
        verdict=verdict,
        visit=visit,
        causes=_causes(base, facts),
        # Advice for a milder case would contradict what is said of this one.
        advice=base.advice.get(gravest_fact.advice)
        if gravest_fact is not None and gravest_fact.drive == verdict
        else None,
        questions=_questions(base, facts, text, answers or {}, bool(unknown)),
        work=gravest_fact.work if gravest_fact is not None else "diagnosis",
    )


def _raised(base: Knowledge, answers: Answers) -> list[str]:
    """The levels that answers call for."""
    found = []
    for code, given in answers.items():
        question = base.questions.get(code)
        for answer in question.answers if question else ():
            if answer["code"] == given and answer["drive"] != "no_hurry":
                found.append(str(answer["drive"]))
    return found


def _causes(base: Knowledge, facts: Sequence[Symptom | TroubleCode]) -> tuple[DiagnosisCause, ...]:
    """The likeliest of each fact first, then the second ones; each once."""
    longest = max((len(row.causes) for row in facts), default=0)
    codes = [row.causes[n] for n in range(longest) for row in facts if n < len(row.causes)]
    found = [base.causes[code] for code in dict.fromkeys(codes) if code in base.causes]
    return tuple(found[:MOST_CAUSES])


def _questions(
    base: Knowledge,
    facts: Sequence[Symptom | TroubleCode],
    text: str,
    answers: Answers,
    unknown: bool,
) -> tuple[DiagnosisQuestion, ...]:
    codes = [code for row in facts for code in row.questions]
    if unknown and not codes:
        codes = ["lamp_colour", "still_drives"]
    wanted = list(dict.fromkeys(codes))[:MOST_QUESTIONS]
    return tuple(
        base.questions[code]
        for code in wanted
        if code in base.questions
        and code not in answers
        and told_in(base.questions[code], text) is None
    )
