"""How dangerous what a customer tells of his car is. Pure functions over words.

In doubt the more severe level holds: a needless stop costs an hour. No level is no all-clear: it
says that the words told nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backend.workshop.safety_lamps import without_dead_lamps
from backend.workshop.safety_mild import FAR, OK
from backend.workshop.safety_stop import STOP
from backend.workshop.safety_words import Kind, Level, Rule
from values.characters import simplified

__all__ = ["LEVELS", "Danger", "Kind", "Level", "assess", "is_urgent"]

LEVELS: tuple[Level, ...] = ("ok_to_drive", "do_not_drive_far", "stop_now")
"""From harmless to grave."""


@dataclass(frozen=True)
class Danger:
    """`level` and `kind` are None when nothing in the text tells of a fault.

    `certain`: the text tells of something grave that is happening, not of a price, a rule of
    insurance, the past or what might be.
    """

    level: Level | None = None
    kind: Kind | None = None
    certain: bool = False


_COMMON = str.maketrans("煞著", "刹着")
_NOT_THERE = re.compile(r"木有|冇|莫得|没得|么得|么有|米有")
_TYPOS = re.compile(r"[沙杀傻撒]车(?=失|不|没|软|坏|踩|片)")
_HAN_GAP = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_MISSPELT = (
    (re.compile(r"\b(?:break|breaks|brake's|brkes|braks|breakes|brakse)\b(?=[^.;!?]{0,30}\b"
                r"(?:fail|work|soft|spong|gone|pedal|squeak|grind|not|don|won|doesn|respon))"),
     "brakes"),
    (re.compile(r"\bbreak pedal\b"), "brake pedal"),
    (re.compile(r"\bstearing\b|\bsteering whee\b|\bsterring\b|\bsteerin\b"), "steering"),
    (re.compile(r"\bsmokin\b|\bsmokeing\b|\bsmocking\b"), "smoking"),
    (re.compile(r"\b(?:do|does|did|is|are|will|wo|could|would|ca)nt\b"),
     ""),
)  # fmt: skip

_DENIED = re.compile(
    r"(?:(?<!有)没有|(?<![有])没|(?<!是)不是|并未|未|无|(?<!会)不会|不再|避免|以防|\bno"
    r"|(?<!why )(?<!or )\bnot(?! only)|\bwithout|\bnever(?: had| been)?|n't|\bnothing(?: is)?"
    r"|\bno longer)(?:\s*(?:any|an?|the|been|yet|seen?|smell|notice|noticed|having|had|really"
    r"|of|sign|signs|there|in|on|看到|看见|闻到|发现|出现|发生|任何|什么|啥|再|亮|有"
    r"|明显))*\s*$"
)
_PRICE = re.compile(
    r"多少钱|几多钱|价格|价钱|费用|报价|贵不贵|便宜|怎么收费|几块|\bhow much\b|\bprices?\b"
    r"|\bcosts?\b|\bquote\b|\bfee\b|\bexpensive\b"
)
_SUPPOSED = re.compile(
    r"会不会|会.{0,8}[吗么嘛]|容易.{0,8}[吗么嘛]|如果|假如|万一|要是|假设|一旦|概率|几率|率高"
    r"|保险|险种|理赔|赔[不吗]|险赔|测试|评分|新闻|网上|听说|电影|怕(?!是)|担心以后|能防|防止"
    r"|预防|几个气囊|\b(?:what|even)? ?if\b|\bwould\b|\bcould (?:it|the|your)\b|\b(?:do|does"
    r"|did|have|has) (?:your|these|this|the|any|it)\b[^.;]{0,40}\b(?:ever|often|usually|easily"
    r"|frequently)\b|\brisk of\b|\blikely to\b|\bhow (?:often|likely|safe)\b|\binsurance\b"
    r"|\bwarranty\b|\bcover(?:ed|s)?\b|\bin case\b|\bheard (?:that|about)\b|\bread (?:that"
    r"|about)\b|\bnews\b|\btest(?:s|ed)? (?:drive|rating|result)\b|\brating\b"
)
_PAST = re.compile(
    r"去年|前年|上个?月|上周|以前|之前|曾经|多年前|几年前|已经修好|修好了|解决了|换好了"
    r"|\blast (?:year|month|week|summer|winter)\b|\b(?:years?|months?|weeks?) ago\b"
    r"|\bused to\b|\bpreviously\b|\b(?:was|been|got) (?:already )?(?:fixed|repaired)\b"
)
_CLAUSE = re.compile(r"[，。；,.;!?！？\n]")


def plain(text: str) -> str:
    """The form that the patterns meet: half width, lower case, simplified, Chinese unspaced."""
    found = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    found = simplified(found).translate(_COMMON)
    found = _HAN_GAP.sub("", found)
    found = _TYPOS.sub("刹车", _NOT_THERE.sub("没有", found))
    for pattern, word in _MISSPELT:
        found = pattern.sub(word or _with_apostrophe, found)
    return found


def _with_apostrophe(found: re.Match[str]) -> str:
    return found[0][:-2] + "n't"


def _clause(text: str, start: int, end: int) -> str:
    """The clause around a finding."""
    first = max((m.end() for m in _CLAUSE.finditer(text, 0, start)), default=0)
    after = _CLAUSE.search(text, end)
    return text[first : after.start() if after else len(text)]


def _met(words: str, rules: Iterable[Rule]) -> Iterator[Rule]:
    of_brakes = without_dead_lamps(words)
    for rule in rules:
        text = of_brakes if rule.kind == "brakes" else words
        for found in rule.pattern.finditer(text):
            if rule.denial and _DENIED.search(text, 0, found.start()):
                continue
            clause = _clause(text, found.start(), found.end())
            if rule.unless is not None and rule.unless.search(clause):
                continue
            yield rule
            break


_LAMP_TOLD = re.compile(r"灯|叹号|图标|\b(?:lights?|lamps?|warnings?|symbols?|engine light|mil)\b")
_TURNED_RED = re.compile(
    r"(?:变|成|是|亮|转)(?:了|成)?红|红灯|红(?:色)?的?了"
    r"|\b(?:turn\w*|is|went|it's|its|now|gone|to) (?:now )?red\b"
)
_BLINKS = re.compile(r"闪|\b(?:blink|flash)\w*")


def assess(text: str, about: str = "") -> Danger:
    """The gravest level that the words of `text` call for, and what it is about.

    `about` is what was told of the fault before: "now it is blinking" is grave of a warning lamp.

    A sign that is denied right before ("没有冒烟", "no smoke") does not count; a failure that is
    worded with a denial ("no brakes") does.
    """
    words = plain(text)
    lamp = bool(about) and bool(_LAMP_TOLD.search(plain(about)))
    if lamp and _TURNED_RED.search(words):
        return Danger("stop_now", "warning", True)
    grave = list(_met(words, STOP))
    if grave:
        chosen = next((rule for rule in grave if rule.certain), grave[0])
        supposed = _PRICE.search(words) or _SUPPOSED.search(words) or _PAST.search(words)
        return Danger("stop_now", chosen.kind, chosen.certain and not supposed)
    if lamp and _BLINKS.search(words):
        return Danger("do_not_drive_far", "warning")
    for rules in (FAR, OK):
        for rule in _met(words, rules):
            return Danger(rule.level, rule.kind)
    return Danger()


def is_urgent(text: str) -> bool:
    """Whether the text tells, beyond doubt, of something for which the car has to stop now."""
    return assess(text).certain
