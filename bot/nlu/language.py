"""In which language a message is written, or None when its words do not say.

A phone number, a plate, "ok", or the name of a model says nothing about the customer's language,
whatever its letters; the conversation then keeps the language it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from bot.nlu.text import is_han, normalise
from values.plate import PROVINCES

Language = Literal["zh", "en"]


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


# Written alike by Chinese and by English speakers.
_INTERNATIONAL = _words(
    "ok okay okey k bye byebye app vip suv mpv ev bev phev hev nev erev abs esp led lcd hud gps "
    "usb bluetooth wifi carplay android apple carlife nfc ota lol haha hahaha hh hhh emm emmm "
    "pk vs vin id qq wechat km kg cm mm kw kwh ps rmb cny usd xl pro max plus mini turbo amg "
    "lcc acc lka aeb yes no pdf cvt dct at mt awd fwd rwd dmi ecu tpms isofix bose iphone ipad"
)

# Words that make a sentence English; one of them is enough.
_ENGLISH = _words(
    "a an the i im ive id you your my me we us our he she it its they them this that these "
    "those is are was were be been am do does did dont doesnt didnt have has had can cant could "
    "will wont would should may might must shall what whats which who when where why how not "
    "nor and or but if then so of in on at to for from with without by about as than too very "
    "more most less much many any some all both each other another one ones two three there "
    "here now today tomorrow tonight morning afternoon evening night noon week weekend month "
    "year day days hour hours monday tuesday wednesday thursday friday saturday sunday next "
    "last after before until around hello hi hey good great fine sure please thanks thank sorry "
    "nope yeah yep yup nah maybe right wrong car cars vehicle price prices cost costs cheap "
    "cheaper expensive buy book booking test drive service maintenance repair appointment "
    "cancel change reschedule help need want like get got give show tell know think see look "
    "looking interested available open close closed address location finance loan lease payment "
    "deposit monthly insurance warranty discount offer deal deals model models color colour "
    "seats seat engine fuel range battery charge charging hybrid electric petrol complaint "
    "complain human agent person someone speak talk call phone number name let lets go stop "
    "wait never mind actually instead make it's hundred thousand mileage miles plate first "
    "second third compare difference between better best recommend options option features "
    "feature sunroof brakes brake engine's noise oil tyre tyres tire tires check broken problem "
    "issue when's how's budget under over family kids"
)

# Characters of Chinese function words: the frame that holds a sentence together.
_CHINESE_FRAME = frozenset(
    "的吗呢了吧啊呀嘛么是有没不多少怎什几这那哪我你您咱他她它要想能可给和跟把被就都还也很太个请谁啥嗎個這麼沒還"
)

# Letters beside digits are no word: 10am, A12345.
_WORD = re.compile(r"(?<![a-zà-öø-ÿ0-9])[a-zà-öø-ÿ]+(?:'[a-z]+)?(?![a-zà-öø-ÿ0-9])")
# Commands, markup and JSON are nobody's language; nor is how a plate begins: 浙A.
_MARKS = re.compile(
    "[" + "".join(sorted(PROVINCES)) + "]"
    r" ?[A-Za-z](?![A-Za-z])"
    r"|^\s*[/／]\S*|<[^<>]{0,200}>[^<>]{0,200}</|<[^<>]{0,200}>"
    r"|\{[^{}]{0,200}\}"
)
_HAN_PER_WORD = 1.5
_FRAME_BONUS = 2.0
_ENOUGH_WORDS = 3


def detect(text: str, ignored: Iterable[tuple[int, int]] = ()) -> Language | None:
    """The language of ``text``, leaving out the spans ``ignored`` (offsets into ``text``).

    Mixed text is Chinese if Chinese function words hold it together ("这个有 carplay 吗") and
    English if English ones do ("does the 山屿 have a sunroof"). None for other languages, too.
    """
    ignored = [*ignored, *(found.span() for found in _MARKS.finditer(text))]
    chars = list(text)
    for start, end in ignored:
        # A mark, not a space: the words on both sides must not grow together.
        chars[start:end] = "|" * len(chars[start:end])
    seen = normalise("".join(chars)).text
    words = [word for word in _WORD.findall(seen) if len(word) > 1 or word in ("i", "a")]
    words = [word for word in words if word not in _INTERNATIONAL]
    known = sum(1 for word in words if word.replace("'", "") in _ENGLISH or word in _ENGLISH)
    han = [char for char in seen if is_han(char)]
    if not han:
        return "en" if known or len(words) >= _ENOUGH_WORDS else None
    if not words:
        return "zh"
    frame = sum(1 for char in han if char in _CHINESE_FRAME)
    chinese = len(han) / _HAN_PER_WORD + frame * _FRAME_BONUS
    english = len(words) + known
    return "zh" if chinese >= english else "en"
