"""What a wish to come wants, where it names no work: a look at the whole car, or a drive."""

import re

from bot.actions.context import Turn

_CHECK = re.compile(
    r"\W*(?:就|我?想|那|帮我|给我)*(?:做|来|约|查)?(?:个|一个|一下|下|次|一次)?"
    r"(?:常规|全面|全车|整车|例行|大)?(?:的)?(?:检查|体检|检测)(?:一下|下|一遍)?(?:吧|就行|就好|呗|啊)?\W*"
    r"|(?:just )?(?:a |an )?(?:general |full |routine )?(?:check(?:-?up)?|inspection)"
    r"(?: please)?\W*",
    re.I,
)
_ONE_MORE = re.compile(
    r"(?:约|预约|订|试).{0,4}(?:一|另一?|两)?(?:辆|台|款)(?!.{0,6}(?:保养|修|检查))"
    r"|\bbook (?:a|an|another|the) (?:drive|car)\b",
    re.I,
)
# With a day: "book the E5 for tomorrow afternoon". A car that is brought is booked in.
_FOR_A_DAY = re.compile(r"约|订(?!单|金)|\b(?:book|reserve|schedule)\b(?!.{0,24}\bin\b)", re.I)
_MINE = re.compile(r"我的|我车|我那|\b(?:my|our)\b", re.I)
_WORKSHOP = re.compile(
    r"保养|修|检|机油|轮胎|刹车|电瓶|公里|\b(?:service|repair|check|inspect|oil|tyre|tire|brake)\w*",
    re.I,
)


def wants_check(text: str) -> bool:
    """做个检查, "just a check-up": of nothing in particular."""
    return _CHECK.fullmatch(text.strip()) is not None


def books_a_car(turn: Turn) -> bool:
    """Whether a model is to be booked and not work on one: 再约一辆X7."""
    work = turn.found("service_item") or turn.found("mileage") or turn.found("plate")
    topic = turn.slot("topic") or {}
    if turn.pressed or work or topic.get("fault") or not turn.found("model"):
        return False
    if _WORKSHOP.search(turn.text):
        return False
    of_workshop = topic.get("service_car") or topic.get("offer") == "book_maintenance"
    day = any(isinstance(one, dict) and one.get("date") for one in turn.found("time"))
    for_a_day = day and not of_workshop and not _MINE.search(turn.text)
    return bool(_ONE_MORE.search(turn.text) or (for_a_day and _FOR_A_DAY.search(turn.text)))
