"""What becomes of what customers tell us, and their wishes about it."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.context import Turn
from bot.actions.plan_wishes import end_reminders, wants_no_more

_TO_BE_DONE = re.compile(
    r"删|清除|清空|清掉|抹掉|注销|撤回|撤销|更正|改正|修改|改(?:一?下|掉|成|个|了)|写错|登错|存错|填错"
    r"|导出|拷贝|副本|复印|(?:发|给|要|寄|打印)(?:给|我)*一?份|(?:发|寄|传)给?我"
    r"|看看.{0,8}(?:存|记|哪些|信息|资料)|不(?:再)?同意|没同意"
    r"|(?:别|不要|不许|禁止).{0,10}(?:给别人|给第三方|外传|外泄|泄露|共享|透露)"
    r"|\b(?:delet|eras|remov|wip(?:e|ing)\b|correct|rectif|amend|updat|export|download|withdraw"
    r"|revok)|\bfix my\b|\bchange my\b|\bcop(?:y|ies) of\b|\bforget me\b"
    r"|\bget rid of\b|\bclear my\b|\bsend me (?:all |everything|my )"
    r"|\b(?:show me|i see|to see|let me see) (?:\w+ ){0,3}"
    r"(?:data|info|information|details|records?)\b"
    r"|\b(?:never|didn'?t|don'?t) (?:agree|consent)"
    r"|\b(?:don'?t|do not|never) (?:share|give|pass|sell|disclose)\b",
    re.I,
)
_NO_MORE = re.compile(
    r"退订|取消订阅|拉黑|屏蔽|骚扰|(?:老是?|总是?|一直|天天)给我(?:打|发|推)"
    r"|(?:别|不要|不想|不用|停止|请勿|不再|甭|唔好)(?:再|总|老|一直)*"
    r"(?:给我|跟我|向我|往我|让人|让你们)*(?:\w{0,4})?(?:打|发|推|联系|收到|来电|短信|电话)"
    r"|\bunsubscrib|\bopt(?:ing)?[ -]?(?:me )?out\b|\btake me off\b"
    r"|\b(?:no|any) ?more (?:\w+ )?(?:call|text|message|sms|e?mail|ad)"
    r"|\bstop (?:\w+ ){0,2}?(?:send|call|text|messag|contact|email|ring|phon|spam|bother)"
    r"|\b(?:don'?t|do not|never) (?:\w+ )?(?:send|call|text|message|contact|email|ring|phone)\b",
    re.I,
)
_HOW_IT_IS = re.compile(
    r"多久|什么时候|何时|自动|会不会|会.{0,8}[吗么]"
    r"|\b(?:how long|how often|automatically|when (?:do|does|will|would|are|is))\b"
    r"|^\W*(?:do|does|are|is)\b",
    re.I,
)
"""Asks what is done anyway, and wants nothing done."""


@answers("privacy")
async def privacy(turn: Turn, session: AsyncSession) -> Events:
    """What is kept, in approved words if there are any; what is to be done goes to a person.

    Nothing is deleted or changed from here, and nothing of that kind is claimed.
    """
    ended = wants_no_more(turn) and await end_reminders(turn, session)
    stop = bool(_NO_MORE.search(turn.text))
    if ended and not stop:
        return []
    wanted = not turn.pressed and (stop or wants_done(turn.text))
    if not (wanted and stop):
        # Who only wants no more calls has not asked what is kept.
        await _tell_kept(turn, session)
    if wanted:
        await ask_colleague(turn, session, kind="privacy")
        turn.say("utter_privacy_passed_on")
    return []


def wants_done(text: str) -> bool:
    """Whether data are to be copied, corrected or deleted: a wish, not a question on how it is."""
    return bool(_TO_BE_DONE.search(text)) and not _HOW_IT_IS.search(text)


async def _tell_kept(turn: Turn, session: AsyncSession) -> None:
    found = await catalogue.statement(session, turn.today, "privacy")
    if found is None:
        turn.say("utter_privacy")
        return
    turn.tell(turn.either(found.text_zh, found.text_en) + wording.inline(turn, found))
