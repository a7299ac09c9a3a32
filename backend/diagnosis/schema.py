"""The documents of the knowledge base, one class for each table (see `docs/diagnosis.md`).

The conventions are those of `backend.catalogue.schema`: unknown keys are errors, and each row
carries its source, its approver and its validity, or takes them from the file's `defaults`.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from backend.catalogue.fields import Code, Codes, Filled, Text, Word, filled
from backend.catalogue.schema import Fact
from backend.diagnosis.words import fault_in_line

CODE = re.compile(r"[PBCU][0-3][0-9A-F]{3}")

Drive = Literal["no_hurry", "until_visit", "short_way", "stop"]
Visit = Literal["next_visit", "this_week", "today", "now"]


def _lines(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError("must be a list of lines")
    return [filled(line) for line in value]


Lines = Annotated[list[str], BeforeValidator(_lines)]


class CauseRow(Fact):
    code: Code = Field(title="代码")
    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")


class AdviceRow(Fact):
    """What the driver does now. It holds no figures: those are of single models."""

    code: Code = Field(title="代码")
    text_zh: Filled = Field(title="文字")
    text_en: Filled = Field(title="英文文字")


class QuestionRow(Fact):
    code: Code = Field(title="代码")
    text_zh: Filled = Field(title="问题")
    text_en: Filled = Field(title="英文问题")


class AnswerRow(Fact):
    """One answer of a question; in YAML it stands inside its question."""

    question: Code = Field(title="问题代码")
    code: Code = Field(title="代码")
    name_zh: Filled = Field(title="按钮")
    name_en: Filled = Field(title="英文按钮")
    words_zh: Lines = Field(default_factory=list, title="说法")
    words_en: Lines = Field(default_factory=list, title="英文说法")
    drive: Annotated[Drive, Word] = Field("no_hurry", title="能否行驶")
    """The level that this answer calls for at least."""


class Judged(Fact):
    """What symptoms and codes share."""

    name_zh: Filled = Field(title="名称")
    name_en: Filled = Field(title="英文名称")
    causes: Codes = Field(min_length=1, title="可能原因")
    drive: Annotated[Drive, Word] = Field(title="能否行驶")
    visit: Annotated[Visit, Word] = Field(title="多快到店")
    advice: Code = Field(title="现在怎么做")
    questions: Codes = Field(default_factory=list, title="追问")
    work: Code = Field("diagnosis", title="建议项目")


class SymptomRow(Judged):
    code: Code = Field(title="代码")
    kind: Annotated[Literal["symptom", "lamp"], Word] = Field("symptom", title="类型")
    words_zh: Lines = Field(min_length=1, title="说法")
    words_en: Lines = Field(min_length=1, title="英文说法")

    @field_validator("words_zh")
    @classmethod
    def _zh(cls, value: list[str]) -> list[str]:
        return _checked(value, "zh")

    @field_validator("words_en")
    @classmethod
    def _en(cls, value: list[str]) -> list[str]:
        return _checked(value, "en")


def _checked(lines: list[str], language: str) -> list[str]:
    for line in lines:
        fault = fault_in_line(line, language)
        if fault:
            raise ValueError(fault)
    return lines


class TroubleCodeRow(Judged):
    code: Filled = Field(title="故障码")
    note: Text = Field("", title="备注")
    """For reviewers; said to nobody."""

    @field_validator("code")
    @classmethod
    def _code(cls, value: str) -> str:
        if not CODE.fullmatch(value):
            raise ValueError(f"{value!r} is no trouble code such as P0300")
        return value


TABLES: dict[str, Any] = {
    "causes": CauseRow,
    "advice": AdviceRow,
    "questions": QuestionRow,
    "answers": AnswerRow,
    "symptoms": SymptomRow,
    "trouble_codes": TroubleCodeRow,
}
