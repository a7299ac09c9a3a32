"""Questions that the classifier has no intent for, or takes for another one, by their words.

Each is answered by an approved text where there is one, else by the honest word that it is not
confirmed, with a task for a consultant: never by "that is none of my business".
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.workshop.safety import is_urgent
from bot.actions import wording
from bot.actions.base import Events, ask_colleague, forethought
from bot.actions.cars import remember, which
from bot.actions.context import Turn
from bot.actions.order_status import told_more

LOOSE = frozenset(
    {"out_of_scope", "chitchat", "nlu_fallback", "inform", "ask_purchase_process", "ask_usage",
     "ask_config", "privacy", "ask_hours", "ask_capabilities"}
)  # fmt: skip
"""What such a question is taken for."""
HEARD_IN = frozenset({"action_answer", "action_unsure", "action_follow_up"})

Told = Callable[[Turn, AsyncSession], Awaitable[Events]]


@dataclass(frozen=True)
class _Matter:
    words: re.Pattern[str]
    statement: str
    zh: str
    en: str
    """The subject, said where no approved text is on record."""
    always: bool = False
    """Whether the words decide, whatever the message is taken for."""


_MATTERS = (
    _Matter(
        re.compile(
            r"(?:驾照|驾驶证|本儿?).{0,8}(?:才|半年|不满|没满|不到|刚|几年|多久|没有|没带|过期|行吗|行不行|可以|要求|c2)"
            r"|(?:没有?|刚拿|新拿).{0,3}(?:驾照|驾驶证)|(?:老婆|老公|媳妇|朋友|爸|妈|家人|别人|对象).{0,3}(?:来)?(?:开|试)"
            r".{0,3}(?:行|可以|能)"
            r"|(?:行不行|可不可以|能不能|可以让|能让).{0,4}(?:老婆|老公|媳妇|朋友|爸|妈|家人|别人|对象).{0,3}[开试]"
            r"|\b(?:driving )?licen[cs]e\b.{0,40}"
            r"\b(?:months?|year|new|need|ok|enough|required|foreign)\b"
            r"|\b(?:can|could|may) my (?:wife|husband|friend|son|daughter|partner) (?:drive|try)\b",
            re.I,
        ),
        "test_drive_terms", "试驾条件", "the conditions of a test drive",
    ),
    _Matter(
        re.compile(
            r"信用卡|刷卡|花呗|微信(?:支付|付|转)|支付宝|付款方式|怎么付款|怎么付钱|付现金|现金付|转账"
            r"|\b(?:credit card|debit card|paypal|alipay|wechat pay|bank transfer|pay(?:ing)? by|"
            r"payment methods?|ways to pay)\b",
            re.I,
        ),
        "payment", "付款方式", "ways to pay",
    ),
    _Matter(
        re.compile(
            r"(?:定金|订金|押金|意向金).{0,8}(?:退|多少|几|交|怎么)|退(?:定|订|押)金|(?:交|付)多少(?:定|订)金"
            r"|\bdeposit\b.{0,24}\b(?:refund\w*|back|return\w*)\b|\brefund\w*\b.{0,16}\bdeposit\b",
            re.I,
        ),
        "deposit", "定金怎么交、怎么退", "the deposit and its refund",
    ),
    _Matter(
        re.compile(
            r"有.{0,4}二手|二手(?:的|车)?(?:有(?:吗|没|么)|卖(?:吗|不卖|么)|多少钱|什么价)"
            r"|\b(?:do you (?:have|sell)|any) (?:used|second[- ]hand) cars?\b",
            re.I,
        ),
        "used_cars", "二手车", "used cars", always=True,
    ),
)  # fmt: skip


async def _statement(turn: Turn, session: AsyncSession, matter: _Matter) -> Events:
    found = await catalogue.statement(session, turn.today, matter.statement)
    if found is None:
        await ask_colleague(turn, session)
        turn.say("utter_not_confirmed", subject=turn.either(matter.zh, matter.en))
        return [remember(turn)]
    turn.tell(turn.either(found.text_zh, found.text_en) + wording.inline(turn, found))
    return [remember(turn)]


_MISSED_CALL = re.compile(
    r"(?:打|来)(?:过来|给我)?(?:的)?电话.{0,6}(?:没接|没听|漏接|错过|没接到)|(?:没接到?|漏接|错过)(?:了)?(?:你们|您)?的?电话"
    r"|\bmissed (?:your|the|a) call\b",
    re.I,
)
_ANOTHER_CALL = (
    "好的，已经请同事再给您打一次。方便接听的时间可以告诉我。",
    "I've asked a colleague to call you again. Tell me when it suits you.",
)


@forethought
async def answer_by_words(turn: Turn, session: AsyncSession, action: str) -> Events | None:
    """The answer to such a question; None for every other message."""
    if turn.pressed or action not in HEARD_IN or is_urgent(turn.text):
        return None
    told = await told_more(turn, session)
    if told is not None:
        return told
    for matter in _MATTERS:
        if matter.always and matter.words.search(turn.text):
            return await _statement(turn, session, matter)
    if turn.intent not in LOOSE:
        return None
    if _MISSED_CALL.search(turn.text):
        await ask_colleague(turn, session, kind="follow_up")
        turn.tell(turn.either(*_ANOTHER_CALL))
        return [remember(turn)]
    for matter in _MATTERS:
        if matter.words.search(turn.text):
            return await _statement(turn, session, matter)
    return None


_IN_STOCK = re.compile(r"现车|有货|库存|\b(?:in stock|available now|on the lot)\b", re.I)


async def tell_stock(turn: Turn, session: AsyncSession) -> bool:
    """After how long delivery takes: whether the very car is there is on no record. Returns whether
    it was asked, now or in the question that is asked again of another car."""
    cars = await which(turn, session)
    again = turn.intent == "inform" and (turn.slot("topic") or {}).get("stock")
    if turn.pressed or not (_IN_STOCK.search(turn.text) or again) or not cars.models:
        return False
    await ask_colleague(turn, session)
    names = wording.joined([turn.name_of(model) for model in cars.models], turn)
    turn.tell(
        turn.either(
            f"{names}眼下有没有现车我这里查不到，已经请顾问确认，会在这里回复您。",
            f"I can't see whether the {names} is in stock; a consultant will check and reply here.",
        )
    )
    return True
