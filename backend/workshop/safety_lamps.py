"""Lamps that fail, told apart from what they are named after: a brake lamp is no brake.

Only a lamp that does not light is taken out of a text. One that is on may be the warning lamp of
the brakes.
"""

import re

_NAMED = (
    r"\b(?:(?:third|high|left|right|rear|both|my|the) )*"
    r"(?:brakes?|breaks?|stop|tail|rear)[ -]?(?:lights?|lites?|lamps?|bulbs?)\b(?! up\b)"
    r"(?: (?:bulbs?|switch|cover|lens))?"
)
_LAMP = r"\b(?:\w*lights?|lites?|lamps?|bulbs?|leds?)\b"
_FAILS = (
    r"(?:\s+(?:on|at|in)\s+(?:the\s+|my\s+)?\w+)?(?:\s+(?:just|also|still|both|all|suddenly|now))?"
    r"\s+(?:"
    r"(?:(?:\w+n't|(?:(?:is|are|do|does|did|will|has|have|was|were)\s+)?not|never|no longer)"
    r"(?:\s+(?:even|really))?(?:\s+(?:work|turn|com|light|go|lit|show)\w*)?"
    r"(?:\s+(?:on|up|at all))*)"
    r"|stopped\s+(?:working|coming on)|fail(?:s|ed)?"
    r"|(?:(?:is|are|has|have|was|went|gone|seems?|got|just|been)\s+)*"
    r"(?:out|dead|broken|broke|blown|burnt out|burned out|gone|smashed|cracked"
    r"|bust\w*|faulty|stuck)"
    r")\b"
)
_OUT_EN = re.compile(
    rf"(?P<both>\bbrak(?:es?|ing)\s+(?:and|or|nor|plus|&|as well as)\s+"
    rf"(?:\w+\s+){{0,2}}?{_LAMP}{_FAILS})"
    rf"|{_NAMED}(?:{_FAILS})?|{_LAMP}{_FAILS}"
)
_OUT_ZH = re.compile(
    r"(?P<both>(?:刹车|制动)(?:[和跟与及、]|还有).{0,2}灯)"
    r"|灯泡?[都也还全就又已经]{0,3}(?:不会?亮|没亮|不工作|不灵|失灵|没反应|坏|烧|灭|故障"
    r"|不管用|不起作用|不好使|没用)[了的掉]*"
)


def without_dead_lamps(text: str) -> str:
    """The text, in the form of `safety.plain`, without the lamps that do not light, so that "my
    brake light does not work" tells nothing of the brakes."""
    text = _OUT_EN.sub(lambda found: found["both"] or " lamp ", text)
    return _OUT_ZH.sub(lambda found: found["both"] or "灯", text)
