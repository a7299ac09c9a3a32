"""What a customer tells of the car he drives now: its name, its year, its mileage, its plate."""

import re

from bot.actions.context import Turn
from values.plate import PROVINCES

FIRST_YEAR = 1990
MOST_KM = 999_999
LONGEST_NAME = 30

_YEAR = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?!\d|[,.]\d| ?(?:公里|千米|km|mi|元|块))"
    r"|(?<![\d.])(?P<short>\d\d) ?年(?!前|了|半)(?=的|款|上牌|买|产|,|，|$)",
    re.I,
)
_AGO = re.compile(
    r"(?P<zh>\d{1,2}|[一二两三四五六七八九十]) ?年(?:前|了|车龄|多)"
    r"|(?:开|用|买)了?(?P<zh2>\d{1,2}|[一二两三四五六七八九十]) ?年"
    r"|\b(?P<en>\d{1,2}) years? (?:old|ago)\b",
    re.I,
)
_ZH = dict(zip("一二三四五六七八九十", range(1, 11), strict=True)) | {"两": 2}
_PLATE = re.compile(r"([\u4e00-\u9fff])\s?([A-HJ-NP-Z])(?![A-Za-z]{2})", re.I)
_WHOLE_PLATE = re.compile(r"[\u4e00-\u9fff]\s?[A-Z][\s·.-]?[A-Z0-9]{4,6}(?![A-Z0-9])", re.I)
_BARE_KM = re.compile(
    r"^\D{0,12}?(?P<n>\d+(?:[.,]\d+)*)\s?(?P<s>万|w|k|千)?(?:多|左右)?\D{0,6}$", re.I
)
_ASKS = re.compile(r"[?？吗呢]|多少|怎么|什么|\b(?:what|how|which|when|why|can|do)\b", re.I)
_LEADS = re.compile(
    r"^(?:我的?|我们的?|是|一[辆台部]|开的是|旧车是|车是|现在开|之前开"
    r"|a |an |it'?s |my |the |i drive )+"
    r"|(?:吧|啊|呀|的车|的)$",
    re.I,
)


def asks(text: str) -> bool:
    """Whether a text is a question rather than an answer."""
    return bool(_ASKS.search(text))


def read_year(turn: Turn, *, asked: bool) -> int | None:
    """The year of first registration; two digits only with 年, or where it was asked for."""
    if found := _YEAR.search(turn.text):
        return int(found["year"]) if found["year"] else _full(int(found["short"]), turn)
    if ago := _AGO.search(turn.text):
        written = ago["zh"] or ago["zh2"] or ago["en"]
        return turn.today.year - (_ZH.get(written) or int(written))
    if asked and (bare := re.fullmatch(r"\D{0,6}(\d{4}|\d\d)(?:\s?年)?\D{0,6}", turn.text.strip())):
        year = int(bare[1])
        return year if year > 99 else _full(year, turn)
    return None


def _full(short: int, turn: Turn) -> int:
    return 2000 + short if 2000 + short <= turn.today.year else 1900 + short


def read_km(turn: Turn, *, asked: bool) -> int | None:
    """Kilometres; a number without a unit only where they were asked for."""
    mileage = turn.first("mileage")
    if isinstance(mileage, dict) and mileage.get("km") is not None:
        return int(mileage["km"])
    if not asked or turn.pressed or not (bare := _BARE_KM.match(turn.text.strip())):
        return None
    scale = {"万": 10_000, "w": 10_000, "千": 1_000, "k": 1_000}.get((bare["s"] or "").lower(), 1)
    try:
        return round(float(bare["n"].replace(",", "")) * scale)
    except ValueError:
        return None


def read_place(turn: Turn, *, asked: bool) -> str | None:
    """`浙A` of a plate, or the city as it was written where it was asked for. An empty text is a
    plate of no province."""
    plate = turn.first("plate")
    if isinstance(plate, dict):
        return str(plate["plate"])[:2]
    if asked:
        whole = _WHOLE_PLATE.search(turn.text)
        if whole and whole[0][0] not in PROVINCES:
            return ""
    for found in _PLATE.finditer(turn.text):
        if found[1] in PROVINCES:
            return found[1] + found[2].upper()
    text = turn.text.strip(" 。.!！,，")
    if not asked or turn.pressed or _ASKS.search(text) or any(c.isdigit() for c in text):
        return None
    return text if 0 < len(text) <= LONGEST_NAME else None


def read_name(turn: Turn, known: str | None, *, asked: bool) -> str | None:
    """The car's name: one of the price guide (`known`), a make as it was written, or the whole
    answer where the car was asked for."""
    if known:
        return known
    made = [
        turn.text[e.get("start") or 0 : e.get("end") or 0]
        for e in turn.entities
        if e.get("entity") == "make"
    ]
    if made := [name for name in dict.fromkeys(made) if name]:
        return " ".join(made)
    if not asked or turn.pressed or _ASKS.search(turn.text):
        return None
    text = turn.text
    for entity in sorted(turn.entities_but_language, key=lambda e: -(e.get("start") or 0)):
        if entity.get("entity") in ("mileage", "plate", "phone", "time", "person"):
            text = text[: entity.get("start") or 0] + " " + text[entity.get("end") or 0 :]
    text = _LEADS.sub("", _YEAR.sub(" ", text).strip(" ,，。.!！")).strip(" ,，。.")
    return text if 1 < len(text) <= LONGEST_NAME and not text.isdigit() else None
