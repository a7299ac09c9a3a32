"""Whether what somebody complains of is what he has complained of before. Pure functions.

It only decides whether he is asked: in doubt it is the same, and one short question costs less
than a second file about one scratch.
"""

import re
import unicodedata

from backend.complaints.rules import classify

_CHINESE = re.compile(r"[㐀-鿿]+")
_LATIN = re.compile(r"[a-z]{4,}")
_EVERYWHERE = frozenset(
    (
        "你们", "我们", "他们", "这个", "那个", "就是", "还是", "一个", "什么", "怎么", "没有",
        "不是", "现在", "已经", "投诉", "一直", "昨天", "今天",
        "this", "that", "have", "with", "your", "they", "them", "complain", "complaint", "want",
    )
)  # fmt: skip
"""Words that say nothing of what it is about."""
OVERLAP = 0.25
"""Share of the shorter text's words that both have."""


def same_matter(text: str, before: str) -> bool:
    """Whether `text` may be about what `before` tells."""
    category, _ = classify(text)
    earlier, _ = classify(before)
    if category == earlier or "other" in (category, earlier):
        return True
    mine, theirs = _words(text), _words(before)
    if not mine or not theirs:
        return True
    return len(mine & theirs) / min(len(mine), len(theirs)) >= OVERLAP


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    pairs = {run[i : i + 2] for run in _CHINESE.findall(plain) for i in range(len(run) - 1)}
    return (pairs | set(_LATIN.findall(plain))) - _EVERYWHERE
