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
    fault = (turn.slot("topic") or {}).get("fault")
    if turn.pressed or work or fault or not turn.found("model"):
        return False
    return bool(_ONE_MORE.search(turn.text)) and not _WORKSHOP.search(turn.text)
