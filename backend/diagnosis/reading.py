"""Reads a folder of the knowledge base and checks it; nothing here touches the store.

Every file with the ending `.yaml` is read: split by topic as it suits those who review it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from backend.catalogue.reading import SourceFile, compose
from backend.catalogue.rows import CatalogueError, RawRow, RawTables
from backend.catalogue.schema import Row
from backend.catalogue.typed import Placed, typed_rows
from backend.diagnosis.schema import (
    TABLES,
    AdviceRow,
    AnswerRow,
    CauseRow,
    QuestionRow,
    SymptomRow,
    TroubleCodeRow,
)
from backend.diagnosis.verdicts import BY_LEVEL, RANKS
from backend.workshop.safety import assess

R = TypeVar("R", bound=Row)
FEWEST_ANSWERS, MOST_ANSWERS = 2, 4
MOST_QUESTIONS = 3


@dataclass(frozen=True)
class KnowledgeBase:
    """A whole edition, free of contradictions, in the order of the files and of their rows."""

    causes: list[CauseRow]
    advice: list[AdviceRow]
    questions: list[QuestionRow]
    answers: list[AnswerRow]
    symptoms: list[SymptomRow]
    trouble_codes: list[TroubleCodeRow]


def read_knowledge(folder: Path, work: Iterable[str] | None = None) -> KnowledgeBase:
    """The knowledge base in `folder`. `work`: the codes of the service menu, where known.

    Raises `CatalogueError` with every mistake.
    """
    raw = RawTables()
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raw.refuse(folder.name, "holds no .yaml file")
    for path in paths:
        root = compose(path, raw)
        if root is not None:
            _read_file(SourceFile(path.name, raw), root)
    made = {name: typed_rows(raw, name, kind) for name, kind in TABLES.items()}
    _check(raw, made, None if work is None else set(work))
    if raw.problems:
        raise CatalogueError(dict.fromkeys(raw.problems))
    return KnowledgeBase(**{name: [placed.row for placed in rows] for name, rows in made.items()})


def _read_file(file: SourceFile, root: yaml.Node) -> None:
    content = file.mapping(root)
    defaults = file.row(content["defaults"]) if "defaults" in content else None
    for key, node in content.items():
        if key == "defaults":
            continue
        if key not in TABLES or key == "answers":
            file.raw.refuse(file.line(node), f"the key {key!r} is unknown in this file")
            continue
        for part in file.sequence(node):
            row = file.row(part, without=("answers",))
            _fill(row, defaults)
            file.raw.add(key, row)
            own = file.mapping(part)
            if key == "questions" and "answers" in own:
                _answers(file, row, own["answers"])


def _answers(file: SourceFile, question: RawRow, node: yaml.Node) -> None:
    for part in file.sequence(node):
        answer = file.row(part)
        answer.put("question", question.values.get("code"), question.at("code"))
        _fill(answer, question, without=("text_zh", "text_en", "code"))
        file.raw.add("answers", answer)


def _fill(row: RawRow, defaults: RawRow | None, without: tuple[str, ...] = ()) -> None:
    # Asked before anything is filled in: the default of `source` brings its English name along.
    own_source = "source" in row.values
    for name, value in defaults.values.items() if defaults else ():
        english = name == "source_en" and own_source
        if name not in row.values and name not in without and not english:
            row.put(name, value, defaults.at(name) if defaults else row.place)


def _check(raw: RawTables, made: dict[str, list[Placed[Row]]], work: set[str] | None) -> None:
    """What must hold between rows."""
    known: dict[str, set[str]] = {}
    for table, rows in made.items():
        seen = known.setdefault(table, set())
        for placed in rows:
            code = getattr(placed.row, "code", "")
            if table == "answers":
                code = f"{getattr(placed.row, 'question', '')}:{code}"
            if code in seen:
                raw.refuse(placed.raw.at("code"), f"{code!r} stands here twice")
            seen.add(code)
    for placed in (*made["symptoms"], *made["trouble_codes"]):
        row, source = placed.row, placed.raw
        if not isinstance(row, SymptomRow | TroubleCodeRow):
            continue
        for field, codes in (
            ("causes", row.causes),
            ("questions", row.questions),
            ("advice", [row.advice]),
        ):
            missing = sorted(set(codes) - known[field])
            if missing:
                raw.refuse(source.at(field), f"{', '.join(missing)} is not in {field}")
        if work is not None and row.work not in work:
            raw.refuse(source.at("work"), f"{row.work!r} is no line of the service menu")
        if len(row.questions) > MOST_QUESTIONS:
            raw.refuse(source.at("questions"), f"at most {MOST_QUESTIONS} questions are asked")
        _never_milder(raw, row, source)
    for placed in made["questions"]:
        code = getattr(placed.row, "code", "")
        count = sum(answer.startswith(f"{code}:") for answer in known["answers"])
        if not FEWEST_ANSWERS <= count <= MOST_ANSWERS:
            raw.refuse(
                placed.raw.at("answers"),
                f"a question has {FEWEST_ANSWERS} to {MOST_ANSWERS} answers, this one {count}",
            )


def _never_milder(raw: RawTables, row: SymptomRow | TroubleCodeRow, source: RawRow) -> None:
    """Refuses a judgement milder than the rules of the workshop give for the entry's name."""
    for field in ("name_zh", "name_en"):
        level = assess(getattr(row, field)).level
        if level and RANKS.index(row.drive) < RANKS.index(BY_LEVEL[level]):
            raw.refuse(
                source.place,
                f"drive of {row.code} is milder than the workshop's safety rules give for {field}:"
                f" at least {BY_LEVEL[level]}",
            )
