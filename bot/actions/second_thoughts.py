"""Messages that the classifier takes for another thing, told apart by a few unmistakable words.

Only what would else be refused, guessed or answered beside the point is read anew; a button never.
"""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions.bookings import moves
from bot.actions.car_wishes import names_gearbox, sets_bound
from bot.actions.cars import points_back
from bot.actions.context import Turn
from bot.actions.demands import names_other_quote
from bot.actions.difference import asks_difference
from bot.actions.features import names_colour
from bot.actions.prices import asks_extreme
from bot.actions.standing_bookings import standing
from bot.actions.statements import is_about
from bot.actions.wish_words import names_wish

NOTHING = frozenset({"out_of_scope", "chitchat", "nlu_fallback", "repeat"})
"""What a message is taken for that nobody has an answer to."""
_COMPARES = re.compile(
    r"\bcompare\b.{0,20}\b(?:first|last|two|both|those|them|these|it|that)\b"
    r"|\bdifference between (?:them|those|these|the two)\b",
    re.I,
)
_WAIT = re.compile(
    r"\bhow (?:long|soon)\b.{0,30}\b(?:wait(?! (?:there|here|on hold))|deliver\w*|get (?:it|one)|"
    r"arrive)\b|\blead time\b|\bin stock\b|\bhow many weeks\b",
    re.I,
)
_ORDER = re.compile(r"\border (?:number|num|no\b|ref|id|#)|订单号", re.I)
_COSTS = re.compile(r"价|钱|\b(?:how much|price|cost|pay)\b", re.I)
_HOLDS = re.compile(r"\b(?:hold|reserve|keep)\b.{0,12}\b(?:for me|for us)\b", re.I)
_OLD_CAR_IN = re.compile(
    r"\b(?:use|put|take|count)\b.{0,12}\b(?:it|my (?:old |current )?car|the old one|that)\b"
    r".{0,16}\b(?:as|towards?|against|for)\b.{0,12}\b(?:deposit|down ?payment|price|new)",
    re.I,
)
_OF_BUYING = re.compile(
    r"\b(?:buy\w*|order\w*|paper\w*|document\w*|bring|deliver\w*|stock|steps?|process)\b"
    r"|流程|手续|材料|证件|提车|现车",
    re.I,
)
_OF_WARRANTY = re.compile(r"质保|保修|\b(?:warrant\w*|guarantee\w*|cover(?:ed|s)?)\b", re.I)


async def think_again(turn: Turn, session: AsyncSession) -> None:
    """Sets the intent that the words plainly have, where the message was taken for another."""
    if turn.pressed:
        return
    lost = turn.intent in NOTHING
    meant = _meant(turn) if lost else _mistaken(turn)
    if meant is None and lost and moves(turn) and turn.found("time"):
        meant = "manage_booking" if await standing(turn, session) else None
    turn.intent = meant or turn.intent


def _meant(turn: Turn) -> str | None:
    """What a message is about that was taken for nothing of ours."""
    text = turn.text
    if is_about(text, "facilities", "payment") or _WAIT.search(text):
        return "ask_purchase_process"
    if _ORDER.search(text):
        return "order_status"
    if _COMPARES.search(text) or _chooses(turn):
        return "recommend_model"
    if of_old_car(turn):
        return "trade_in"
    if turn.found("feature") or (points_back(text) and (turn.slot("topic") or {}).get("before")):
        # "my wife's pregnant so isofix a must"; "the one before that"
        return "ask_config"
    return "ask_price" if asks_extreme(turn) else None


_IN_STOCK = re.compile(r"现车|库存|有货|\bin stock\b", re.I)
_PAPERS = re.compile(r"材料|资料|证件|手续|\b(?:documents?|paper(?:s|work)?)\b", re.I)
_THINKS_IT_OVER = re.compile(
    r"\W*(?:我|让我|那|先|还|容我|要)*(?:再|回去|好好)*"
    r"(?:考虑|想想|想一想|商量|琢磨)(?:一?下|考虑|商量|琢磨|看看|着)?(?:再说|再联系)?[吧了哈啊]*\W*"
)
_WHICH_HAS = re.compile(
    r"哪一?(?:个|款|些|种|辆).{0,4}有|\bwhich (?:one |ones |car )?(?:has|have|does|do)\b", re.I
)


def _mistaken(turn: Turn) -> str | None:
    """What a message is about that was taken for another matter of ours."""
    if _THINKS_IT_OVER.fullmatch(turn.text):
        return "deny"
    features = turn.found("feature") or (turn.slot("topic") or {}).get("features")
    if turn.intent == "ask_promotion" and turn.found("ratio"):
        # "how about 40% down"
        return "ask_finance"
    if turn.intent == "deny" and features and _WHICH_HAS.search(turn.text):
        # 没有的话哪个有
        return "ask_config"
    stock = _WAIT.search(turn.text) or _IN_STOCK.search(turn.text)
    of_buying = turn.intent in ("ask_purchase_process", "inform")
    if of_buying and names_colour(turn) and not stock:
        return "ask_config"
    if turn.intent == "ask_finance" and _PAPERS.search(turn.text) and not _COSTS.search(turn.text):
        return "ask_purchase_process"
    if turn.intent == "ask_warranty" and about_loan(turn) and not _OF_WARRANTY.search(turn.text):
        # "over 5 years", after a loan was reckoned
        return "ask_finance"
    if turn.intent == "ask_hours" and _HOLDS.search(turn.text):
        return "ask_purchase_process"
    if turn.intent == "ask_finance" and is_about(turn.text, "facilities"):
        return "ask_purchase_process"
    if turn.intent == "ask_purchase_process" and _OLD_CAR_IN.search(turn.text):
        return "trade_in"
    if turn.intent in ("ask_price", "inform") and turn.found("money") and names_other_quote(turn):
        return "ask_promotion"
    if turn.intent == "inform" and _ORDER.search(turn.text):
        return "order_status"
    if turn.intent == "ask_price" and asks_difference(turn) and not _COSTS.search(turn.text):
        return "ask_config"
    return None


def _chooses(turn: Turn) -> bool:
    """Whether it goes on telling what the car must be."""
    asked = (turn.slot("topic") or {}).get("ask") == "recommend_model"
    return asked and (names_wish(turn.text) or names_gearbox(turn.text) or sets_bound(turn))


def of_old_car(turn: Turn) -> bool:
    """Whether it tells of the car that is to be traded in: "2019 vw lavida, 90k km"."""
    asked = (turn.slot("topic") or {}).get("ask") == "trade_in"
    return asked and bool(turn.found("mileage") or turn.found("make"))


def beside_the_point(turn: Turn, wish: str) -> bool:
    """Whether a clause only sounds like that wish: "how long would it take" beside a loan is its
    term, "at 2 years" beside a service no warranty."""
    if wish == "ask_warranty" and turn.intent == "ask_maintenance_price":
        return not _OF_WARRANTY.search(turn.text)
    if wish == "ask_purchase_process" and turn.intent == "ask_finance":
        return not _OF_BUYING.search(turn.text)
    return wish == "ask_finance" and is_about(turn.text, "facilities")


_RATE = re.compile(r"\b(?:apr|interest|rate|per month|a month|monthly)\b|利率|利息|月供", re.I)
_YEARS = re.compile(
    r"^\W*(?:(?:and|so|ok|what about|say|over|in|for|within)\W+)*(?:[1-7]|one|two|three|four|five)"
    r"\W?(?:years?|yrs?)(?: then| instead| please)?\W*$",
    re.I,
)
_YEARS_ZH = re.compile(
    r"^\W*(?:那|要是|如果|改成|换成|分|贷|按|还)*([1-5一二两三四五])年(?:呢|吧|的话|行吗|可以吗|怎么样)*\W*$"
)
_TERM = re.compile(r"^\D{0,16}(12|24|36|48|60)\D{0,16}$")


def about_loan(turn: Turn) -> bool:
    """Whether a scrap of a message goes on with the loan that was just reckoned: "and the apr",
    "48 sorry". Its term is then among what the message names."""
    if turn.pressed or (turn.slot("topic") or {}).get("ask") != "ask_finance":
        return False
    if turn.found("months") or turn.found("ratio") or _RATE.search(turn.text):
        return True
    if _YEARS.match(turn.text.strip()):
        return True
    years = _YEARS_ZH.match(turn.text.strip())
    if years is not None:
        months = 12 * ("一二三四五".find(years[1]) + 1 or {"两": 2}.get(years[1]) or int(years[1]))
        place = {"start": years.start(1), "end": years.end(1) + 1}
        turn.entities.append({"entity": "months", "value": {"months": months}, **place})
        return True
    term = _TERM.match(turn.text.strip())
    if term is None or turn.entities_but_language:
        return False
    place = {"start": turn.text.index(term[1]), "end": turn.text.index(term[1]) + 2}
    turn.entities.append({"entity": "months", "value": {"months": int(term[1])}, **place})
    return True
