"""Words by which customers ask for another car than the one in question."""

import re

DEARER = re.compile(
    r"贵(?:一?[点些]|一点儿)|(?:档次|级别|价位)(?:再|更)?高(?:一?[点些])?|高(?:一|两)?个?档次|上一个?档次"
    r"|\b(?:more expensive|pricier|more upmarket|a step up|higher[- ]priced)\b",
    re.I,
)
BIGGER = re.compile(
    r"(?:再|更)大|大(?:一?[点些]|一点儿)|\b(?:bigger|larger|roomier|more (?:room|space))\b", re.I
)
SMALLER = re.compile(r"(?:再|更)小|小(?:一?[点些]|一点儿|巧)|\b(?:smaller|more compact)\b", re.I)
SIMILAR = re.compile(
    r"差不多的|类似的?|相近的?|同级别?的?|\b(?:similar|comparable|like (?:it|that|this|the))\b",
    re.I,
)
MORE = re.compile(
    r"还有(?:没有)?(?:别的|其他|其它|什么别的)|有没有(?:别的|其他)"
    r"|换(?:一?个|一?款|一批|几款)(?!条件|时间|颜色)|别的车|其他(?:车型|选择|推荐)"
    r"|\b(?:any(?:thing)? (?:other|else)|something else|"
    r"other (?:options|suggestions|choices|cars))\b",
    re.I,
)
WHICH_IS_BETTER = re.compile(
    r"哪(?:个|款|一款|辆)(?:更|比较|最)?(?:好|合适|值|划算|推荐)|对比(?:一下)?|比一比|比较一下|怎么选|选哪"
    r"|\b(?:compare|which (?:one )?(?:is|would be|should)|versus|vs)\b",
    re.I,
)


def asks_for_another(text: str) -> bool:
    """Whether a dearer, bigger, smaller or similar car is wanted than the one in question."""
    return any(words.search(text) for words in (DEARER, BIGGER, SMALLER, SIMILAR))


_THANKS = re.compile(r"谢|感谢|\b(?:thanks|thank you|cheers)\b", re.I)
_WANTS_MORE = re.compile(
    r"[?？吗呢]|想要|想买|再|换|帮我|麻烦|\b(?:but|could|can|please|want|need|what|which|show)\b",
    re.I,
)


def only_thanks(text: str) -> bool:
    """Whether a recommendation is thanked for and nothing more is wanted."""
    return bool(_THANKS.search(text)) and not _WANTS_MORE.search(text)
