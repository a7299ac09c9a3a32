"""Words that point at a car without naming it: 刚才那款, 贵的那个, 低一档的."""

import re
from collections.abc import Sequence
from typing import TypeVar

Rung = TypeVar("Rung")

EARLIER = re.compile(
    r"(?:之前|前面|先前|上一|上面|一开始|最开始)(?:说|问|看|聊|提|推荐)?(?:到|过)?的?(?:那|这)?(?:个|款|辆|台|车)"
    r"|^那?刚才?(?:说|看|问)?的?那(?:个|款|辆)呢"
    r"|\b(?:previous|earlier|former) (?:one|car|model)\b|\b(?:the )?one before\b",
    re.I,
)
FIRST_OF_THEM = re.compile(r"前面?[两二三23]|\b(?:the )?first (?:two|three)", re.I)
THE_OTHERS = re.compile(
    r"(?:另外|其他|其它|剩下)的?(?:那|这)?(?:一|两|几)?(?:个|款|辆|台)"
    r"|\bthe other (?:one|two|car|model|ones)\b|\bthe others\b",
    re.I,
)
_STEP_DOWN = re.compile(
    r"[低次下]一?个?[档级](?!次)|低一?[点些]的?(?:版本|配置|配)|次[高顶]配"
    r"|\b(?:one|the next) (?:level |step |trim )?(?:down|below|lower)\b"
    r"|\bnext (?:lower|trim down)\b",
    re.I,
)
_STEP_UP = re.compile(
    r"[高上]一?个?[档级](?!次)|高一?[点些]的?(?:版本|配置|配)"
    r"|\b(?:one|the next) (?:level |step |trim )?(?:up|above|higher)\b"
    r"|\bnext (?:higher|trim up)\b",
    re.I,
)
_DEARER = re.compile(
    r"贵(?:的|一?[点些]的?)那一?[个款版台辆]"
    r"|\bthe (?:dearer|pricier|more expensive) (?:one|version|car)\b",
    re.I,
)
_CHEAPER = re.compile(
    r"便宜(?:的|一?[点些]的?)那一?[个款版台辆]|\bthe cheaper (?:one|version|car)\b", re.I
)


def points_by_price(text: str) -> bool:
    """Whether `by_price` may find something in a text."""
    return any(words.search(text) for words in (_STEP_DOWN, _STEP_UP, _DEARER, _CHEAPER))


def dearer_or_cheaper(text: str) -> int:
    """1 of "the dearer one", -1 of "the cheaper one", 0 without such words."""
    return 1 if _DEARER.search(text) else -1 if _CHEAPER.search(text) else 0


def without_pointing(text: str) -> str:
    """A text without such words: the dear of "the dearer one" asks for no price."""
    return _CHEAPER.sub("", _DEARER.sub("", text))


def by_price(
    text: str, ladder: Sequence[Rung], remembered: Sequence[Rung], *, both: bool
) -> list[Rung]:
    """What such words pick from a `ladder` in the order of price; empty without such words.

    A step up or down goes from what is `remembered`, and with `both` that is meant as well:
    低一档的差多少钱.
    """
    known = [rung for rung in ladder if rung in remembered]
    step = -1 if _STEP_DOWN.search(text) else 1 if _STEP_UP.search(text) else 0
    if step and known and len(known) < len(ladder):
        start = ladder.index(known[-1] if step < 0 else known[0])
        if not 0 <= start + step < len(ladder):
            return []
        places = {start + step, *([start] if both else [])}
        return [ladder[place] for place in sorted(places)]
    several = known if len(known) > 1 else list(ladder)
    wanted = dearer_or_cheaper(text)
    if not wanted or len(several) < 2:
        return []
    return [several[-1 if wanted > 0 else 0]]
