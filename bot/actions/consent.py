"""Whether a yes is one. What it does is written down and kept: a slip of the keyboard, or 先不确认,
must not book, move or cancel anything, however the classifier takes it."""

import re

from bot.actions.context import Turn

SURE = 0.8
"""From here on the classifier's own word is enough, where nothing in the words speaks against."""

_YES = re.compile(
    r"嗯|好|成|可以|行|是|对|确认|没问题|同意|要得|中|妥|订|约|办|提交|👌|👍|✅"
    r"|\b(?:y|ya|yes|yep|yeah|yup|ok|okay|k|sure|confirm(?:ed)?|correct|right|fine|good|great|go"
    r"|agreed?|absolutely|definitely|please|perfect|book it|do it|sounds)\b",
    re.I,
)
# Nothing to object to is no objection.
_HARMLESS = re.compile(
    r"没(?:啥|什么|有什么|有)?(?:大)?(?:问题|毛病|错|意见|要改的?|不对的?)|不用(?:再)?改|不(?:改|变)了?"
    r"|不错|不要紧|没事|没关系|特别|差不多|要不就|等你们?|不见不散|没得说|好不好"
    r"|\bno (?:problem|worries|changes?|issues?|objections?|need to change(?: anything)?)\b"
    r"|\bnothing (?:to change|else|wrong)\b|\bwhy not\b|\bnot a problem\b|\bdon'?t change\b"
    r"|\bcan'?t wait\b",
    re.I,
)
_AGAINST = re.compile(
    r"不|没|别|未|甭|勿|等等|等一下|等下|稍等|慢着|算了|取消"
    r"|\b(?:no|nope|nah|not|never|don'?t|doesn'?t|isn'?t|won'?t|can'?t|wait|hold on|cancel|stop"
    r"|forget|leave it|later|wrong)\b",
    re.I,
)


def clear(turn: Turn) -> bool:
    """Whether an `affirm` may be acted upon; else it is asked again."""
    if turn.pressed:
        return True
    words = _HARMLESS.sub("好", turn.text)
    if _AGAINST.search(words):
        return False
    return turn.confidence >= SURE or bool(_YES.search(words))
