"""One feature of the cars meant, in words: yes or no first where that is what was asked."""

import re
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.catalogue.service import FeatureValue
from backend.models import Feature, Model
from backend.texts import facts
from bot.actions import wish_words, wording
from bot.actions.base import ask_colleague
from bot.actions.car_records import tells_drive, tells_size
from bot.actions.cars import Cars
from bot.actions.context import Turn
from bot.actions.figures import LESS_IS_MORE, be, in_sentence, number_of, value_text

_YES_NO = re.compile(
    r"[吗么嘛]|有没有|是不是|能不能|有无|^有|对吧|对不|是吧|有吧"
    r"|^(?:\W*\w+[,.] )*(?:does|do|is|are|has|have|can|will)\b|\b(?:right|isn'?t it|doesn'?t it)\?",
    re.I,
)
_SUPPORTS = re.compile(
    r"支持|能不能|可不可以|(?:能|可以)[^，。,.]{0,8}[吗么嘛]"
    r"|\bsupports?\b|^(?:can|does) (?:it|the)\b",
    re.I,
)
_WHICH = re.compile(r"谁|哪(?:个|款|辆|台|一)|更|\b(?:which|who|bigger|more|longer|less)\b", re.I)
_QUICK = re.compile(r"加速|0.100|acceleration", re.I)
_REACHES = re.compile(r"有|到|能跑|够|\b(?:do|have|has|reach)\b", re.I)
_COLOURS = {
    "white": "白", "black": "黑", "grey": "灰", "silver": "银", "red": "红", "blue": "蓝",
    "green": "绿", "brown": "棕", "gold": "金", "orange": "橙", "yellow": "黄", "purple": "紫",
}  # fmt: skip


async def tell_feature(turn: Turn, session: AsyncSession, cars: Cars, feature: Feature) -> None:
    """Says what valid records say of it, for one model or several; the rest goes to a colleague."""
    by_model: list[tuple[Model, list[FeatureValue]]] = []
    unknown: list[str] = []
    for model in cars.models:
        values = await catalogue.feature_values(session, turn.today, cars.of(model), [feature])
        if any(value.fact for value in values):
            by_model.append((model, values))
        else:
            unknown.append(car_name(turn, cars, model, values))
    name = turn.name_of(feature)
    if len(by_model) == 1:
        model, values = by_model[0]
        text = _of_one(turn, car_name(turn, cars, model, values), name, feature, values)
        _tell(turn, text, [value for value in values if value.fact])
    elif by_model:
        known = [value for _, values in by_model for value in values if value.fact]
        _tell(turn, _of_several(turn, cars, name, feature, by_model), known)
    if unknown:
        await ask_colleague(turn, session)
        subject = wording.joined(unknown, turn)
        turn.say("utter_not_confirmed", subject=f"{subject} {name}")


def car_name(turn: Turn, cars: Cars, model: Model, values: Sequence[FeatureValue]) -> str:
    """The model, with its version when only one is meant."""
    car = turn.name_of(model)
    if cars.narrowed and len(values) == 1:
        return f"{car} {turn.name_of(values[0].trim)}"
    return car


def _tell(turn: Turn, text: str, known: Sequence[FeatureValue]) -> None:
    used = [value.fact for value in known if value.fact]
    source = wording.provenance(turn, *used)
    turn.tell(f"{text}\n{source}" if "\n" in text else text + wording.inline(turn, *used))


def _of_one(
    turn: Turn, car: str, name: str, feature: Feature, values: Sequence[FeatureValue]
) -> str:
    if feature.kind == "flag":
        return _flag(turn, car, name, feature, values)
    verdict = _verdict(turn, feature, values)
    if len({value_text(turn, value) for value in values}) == 1:
        return verdict + facts.feature(car, name, value_text(turn, values[0]), turn.language)
    head = turn.either(f"{car}的{name}：", f"{car}, {name}:")
    return verdict + head + "\n" + _by_trim(turn, values)


def _by_trim(turn: Turn, values: Sequence[FeatureValue]) -> str:
    colon = turn.either("：", ": ")
    return wording.bullets([f"{turn.name_of(v.trim)}{colon}{value_text(turn, v)}" for v in values])


def _flag(turn: Turn, car: str, name: str, feature: Feature, values: Sequence[FeatureValue]) -> str:
    kinds = {v.fact.value if v.fact else None for v in values}
    single = len(values) == 1
    inside = in_sentence(turn, feature)
    if len(kinds) == 1:
        return facts.has_feature(car, name, str(kinds.pop()), turn.language, single=single)
    return turn.either(
        f"部分版本有，{car}各版本的{name}：", f"On some versions. {car}, {inside}:"
    ) + "\n" + _by_trim(turn, values)  # fmt: skip


def _of_several(
    turn: Turn,
    cars: Cars,
    name: str,
    feature: Feature,
    by_model: Sequence[tuple[Model, list[FeatureValue]]],
) -> str:
    """One sentence where all are alike, else a line for each model."""
    names = [car_name(turn, cars, model, values) for model, values in by_model]
    if feature.kind != "flag":
        every = [value for _, values in by_model for value in values]
        head = _verdict(turn, feature, every) + turn.either(f"{name}：", f"{name}:")
        if _WHICH.search(turn.text) or which_has_most(turn.text):
            head = _foremost(turn, name, feature, names, by_model) + head
        lines = [_line(turn, car, values) for car, (_, values) in zip(names, by_model, strict=True)]
        return head + "\n" + wording.bullets(lines)
    kinds = {v.fact.value if v.fact else None for _, values in by_model for v in values}
    inside = in_sentence(turn, feature)
    verb, told = be(inside), wording.joined(names, turn)
    if kinds == {"standard"}:
        return turn.either(
            f"有，{told}都标配{name}。", f"Yes, {inside} {verb} standard on the {told}."
        )
    if kinds == {"none"}:
        return turn.either(
            f"没有，{told}都没有配备{name}。",
            f"No, {inside} {verb} not available on the {told}.",
        )
    lines = [_line(turn, car, values) for car, (_, values) in zip(names, by_model, strict=True)]
    head = turn.either(f"有的有，有的没有。{name}：", f"Some do, some don't. {name}:")
    return head + "\n" + wording.bullets(lines)


_MOST = re.compile(
    r"[哪那](?:个|款|辆|台|一款|一个|一辆)[^，。,.?？]{0,12}?([大长远宽高重多小短低少轻窄矮快慢省])"
    r"|最([大长远宽高重多小短低少轻窄矮快慢省])的?(?:车|款)?(?:是|有)?(?:哪|谁|什么)"
    r"|谁[^，。,.?？]{0,12}?([大长远宽高重多小短低少轻窄矮快慢省])"
)
_WHICH_HAS = re.compile(
    r"\bwhich (?:one |of (?:them|those|these|the two) |model |car )?(?:has|have|gets|goes|is)\b",
    re.I,
)
_UP, _DOWN = "大长远宽高重多", "小短低少轻窄矮"


def which_has_most(text: str) -> str | None:
    """The quality in 哪个后备箱大, 那个更省油 (typed for 哪个); None for other questions."""
    for found in _MOST.finditer(text):
        # 油耗低, not 多少油; 高 of 高配 and 多 of 多少 name no quality.
        word, behind = found[1] or found[2] or found[3], text[found.end() :]
        if not behind.startswith(("少", "配", "久")):
            return str(word)
    return None


def asks_which_has(text: str) -> bool:
    """Whether it is asked which of several cars has most of something, or has it at all."""
    return which_has_most(text) is not None or bool(_WHICH_HAS.search(text))


def _foremost(
    turn: Turn,
    name: str,
    feature: Feature,
    names: Sequence[str],
    by_model: Sequence[tuple[Model, list[FeatureValue]]],
) -> str:
    """Who is ahead in a figure: 谁的后备箱大. Nothing where two are alike, or one is not known."""
    lower = LESS_IS_MORE.search(f"{name} {feature.code}") is not None
    word = which_has_most(turn.text) or ""
    if word in _UP:
        lower = False
    elif word in _DOWN:
        lower = True
    elif word == "慢":
        lower = not lower
    best: list[tuple[Decimal, str]] = []
    for car, (_, values) in zip(names, by_model, strict=True):
        numbers = [number for value in values if (number := number_of(value)) is not None]
        if not numbers:
            return ""
        best.append(((min if lower else max)(numbers), car))
    best.sort(reverse=not lower)
    if best[0][0] == best[1][0]:
        return ""
    if word and turn.language == "zh":
        return f"最{word}的是{best[0][1]}。"
    if _QUICK.search(name):
        return turn.either(f"最快的是{best[0][1]}。", f"The {best[0][1]} is the quickest. ")
    if lower:
        return turn.either(f"最低的是{best[0][1]}。", f"The {best[0][1]} has the lowest figure. ")
    return turn.either(f"最高的是{best[0][1]}。", f"The {best[0][1]} has the highest figure. ")


def _line(turn: Turn, car: str, values: Sequence[FeatureValue]) -> str:
    """What one model has, its versions apart only where they differ."""
    colon = turn.either("：", ": ")
    texts = [value_text(turn, value) for value in values]
    if len(set(texts)) == 1:
        return f"{car}{colon}{texts[0]}"
    versions: dict[str, list[str]] = {}
    for value, text in zip(values, texts, strict=True):
        versions.setdefault(text, []).append(turn.name_of(value.trim))
    apart = [f"{'/'.join(names)} {text}" for text, names in versions.items()]
    return f"{car}{colon}{turn.either('，', ', ').join(apart)}"


def _verdict(turn: Turn, feature: Feature, values: Sequence[FeatureValue]) -> str:
    """Yes or no to a question that names a value: 是四驱吗, 有白色吗, 续航有600公里吗."""
    if turn.pressed or not _YES_NO.search(turn.text.strip()):
        return ""
    answers = [_meets(turn, feature, value) for value in values if value.fact]
    if answers and all(answer is None for answer in answers) and feature.kind == "number":
        # A figure of it is on record: "支持快充吗" has its yes.
        return turn.either("支持，", "Yes. ") if _SUPPORTS.search(turn.text) else ""
    if not answers or any(answer is None for answer in answers):
        return ""
    exists = feature.kind == "number" or bool(turn.found("colour"))
    if all(answers):
        return turn.either("有，" if exists else "是的，", "Yes. ")
    if any(answers):
        return turn.either("部分版本是，" if not exists else "部分版本有，", "Some versions do. ")
    return turn.either("没有，" if exists else "不是，", "No. ")


def _meets(turn: Turn, feature: Feature, value: FeatureValue) -> bool | None:
    """Whether a record meets the value that the message names; None if it names none."""
    assert value.fact is not None  # noqa: S101 (the caller has looked)
    text = f"{value.fact.value} {value.fact.value_en or ''}"
    if feature.kind == "number":
        return _meets_number(turn, number_of(value))
    if tells_drive(feature) and (wanted := wish_words.drive(turn.text)):
        has = wish_words.drive(text)
        if wanted == wish_words.TWO:
            return has in (wish_words.TWO, wish_words.FRONT, wish_words.REAR)
        return has == wanted
    if tells_size(feature) and (sizes := wish_words.sizes(turn.text)):
        return wish_words.same_size(sizes, wish_words.sizes(value.fact.value))
    colours = turn.found("colour")
    if colours:
        return any(_COLOURS[one] in value.fact.value or one in text.casefold() for one in colours)
    return None


def _meets_number(turn: Turn, has: Decimal | None) -> bool | None:
    """续航有600公里吗, "is the boot over 500 litres"."""
    number = wish_words.lone_number(turn.text, turn.entities)
    if number is None or has is None:
        return None
    side = wish_words.side_of(turn.text)
    if side == "most":
        return has <= Decimal(number)
    return has >= Decimal(number) if side or _REACHES.search(turn.text) else None
