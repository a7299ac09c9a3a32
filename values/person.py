"""Names of people: 我叫王小明, 李女士, my name is John Smith; and the bare answer to a form."""

from __future__ import annotations

import re
from typing import Any

from values import phone
from values.mention import Mention
from values.names import (
    COMPOUND_SURNAMES,
    ENGLISH_STOP,
    NOT_IN_GIVEN,
    NOT_NAMES,
    SURNAMES,
    TITLES_EN,
)
from values.text import Text, normalise
from values.words import words

_HAN = r"[\u4e00-\u9fff]"
_TITLE = r"(?:先生|女士|小姐|太太|老师|经理|师傅|总|同学|阿姨|叔叔|大哥|哥|姐)"
_ALL_HAN = re.compile(_HAN + "+")
_RUN = re.compile(_HAN + r"{0,8}")
_NAME_AND_TITLE = re.compile(r"(" + _HAN + r"{1,4}?)(" + _TITLE + r")(?!" + _HAN + r")")
_TITLED = re.compile(r"(?:先生|女士|小姐|太太|老师|师傅)(?!们|的名)")
_INTRODUCED = re.compile(
    r"(?:我叫做?|名字叫做?|名字是|名字:|姓名是?:?|叫我|我名叫|本人叫?|联系人[是叫]?:?|称呼:|"
    r"(?:我是)?车主[是叫]?:?|预约人:?|(?:名字|姓名)(?:就?(?:登记|写|填|留|记)[成为上]?|用)|登记[成为在]|"
    r"这边是|这里是|我是) ?"
)
# 老王, 小陈; 阿依古丽·买买提
_FAMILIAR = re.compile(
    r"[老小阿](" + _HAN + r")(?!" + _HAN + r")|[老小阿](" + _HAN + r")(?=[就也都好吧啊呀呢哈])"
)
_FOREIGN = re.compile(_HAN + r"{1,8}(?:·" + _HAN + r"{1,8}){1,2}")
_TITLE_BEHIND = re.compile(r"[ ,、]{0,2}(?:是)?(?:一?[位个])?(先生|女士|小姐|太太)")
_TITLE_APART = re.compile(r"^(" + _HAN + r"{1,3}) (先生|女士|小姐|太太)(?!" + _HAN + r")")
_SURNAME_ONLY = re.compile(r"(?:免贵姓|我姓|姓)(?!名)(" + _HAN + r"{1,4})")
_PREPOSITIONS = frozenset("和向于给跟与找让从")
_PARTICLES = re.compile(r"(?:吧|啊|哦|的|呀|呢|哈|就行|就好|就可以|即可|好了|谢谢)$")
_ENGLISH = re.compile(
    r"(?:my (?:full )?name(?:'s| is)|the name(?:'s| is)|name:|name is|name's|i'm called|call me|"
    r"this is|i am|i'm|im|it's|it is|(?:under|in) the name(?: of)?|"
    r"(?:put|book|booked|reserved?|register|registered)(?: (?:it|me|us|that|this))? under"
    r"(?: the name(?: of)?)?)"
    r"[ :]{1,3}(?:(?P<title>mr|mrs|ms|miss|dr)\.? )?(?P<name>[a-z][a-z'\-]{0,24}(?: "
    r"[a-z][a-z'\-.]{0,24}){0,3})"
)
_SIGNED = re.compile(
    r"(?:^|[,.!] ?)(?P<title>)(?P<name>[a-z][a-z'\-]{1,24}(?: [a-z][a-z'\-]{1,24})?) "
    r"(?:speaking(?![a-z])|here(?= *(?:$|[,.!;])))"
)
_ENGLISH_TITLE = re.compile(
    r"(?<![a-z])(?P<title>mr|mrs|ms|miss|dr)\.? (?P<name>[a-z][a-z'\-]{1,24}(?: "
    r"[a-z][a-z'\-]{1,24})?)(?![a-z])"
)
_WORD = re.compile(r"[a-z][a-z'\-.]{0,24}")
# Surnames that alone are more often a word
_ALSO_WORDS = frozenset("白黄蓝高马车时单平安成应有方金万和边左游路连经项景席米全管解雷池")
# English words that are surnames behind a first name, with a capital: Alice Green
_SURNAMES_TOO = words("green white black blue long may march best good small price day english")
_SURE = ("my", "the", "name", "call", "i'm called")


def _value(name: str, title: str | None) -> dict[str, Any]:
    return {"name": name, "title": title}


def _chinese_name(text: str, sure: bool) -> bool:
    """Whether the whole of ``text`` may be a Chinese name; ``sure`` after "my name is"."""
    if text in NOT_NAMES or not _ALL_HAN.fullmatch(text):
        return False
    compound = text[:2] in COMPOUND_SURNAMES
    given = text[2:] if compound and len(text) > 2 else text[1:]
    if not 1 <= len(given) <= 2 or not NOT_IN_GIVEN.isdisjoint(given):
        return False
    if any(part[:size] in NOT_NAMES for part in (given, text) for size in (2, 3)):
        return False
    if text[0] == "周" and given[0] in "一二三四五六日天末围边年到":
        return False
    return compound or text[0] in SURNAMES or (sure and len(text) <= 3)


def _split_title(text: str) -> tuple[str, str | None]:
    match = re.search(_TITLE + r"$", text)
    if match is None or match.start() == 0:
        return text, None
    return text[: match.start()], match.group()


def read(text: Text) -> list[Mention]:
    """``find`` on a text that is normalised already."""
    found = [*_introduced(text), *_surnames(text), *_titled(text), *_english(text)]
    found.sort(key=lambda mention: (mention.start, -mention.end))
    out: list[Mention] = []
    for mention in found:
        if not out or mention.start >= out[-1].end:
            out.append(mention)
    return out


def _introduced(text: Text) -> list[Mention]:
    """我叫王小明, 联系人: 王伟; the longest stretch that may be a name."""
    norm, found = text.norm, []
    for match in _INTRODUCED.finditer(norm):
        start = match.end()
        sure = not match.group().startswith("我是")
        run = _RUN.match(norm, start)[0]  # type: ignore[index]  # matches nothing as well
        titled = _NAME_AND_TITLE.match(run)
        if titled and (
            titled[1] in SURNAMES
            or titled[1] in COMPOUND_SURNAMES
            or _chinese_name(titled[1], False)
        ):
            value = _value(titled[1], titled[2])
            found.append(text.mention("person", start, start + titled.end(), value))
            continue
        other = _FOREIGN.match(norm, start) or _familiar(norm, start)
        if other is not None:
            found.append(text.mention("person", *other.span(), _value(other[0], None)))
            continue
        for size in (4, 3, 2):
            whole = size == len(run)
            closed = whole or (
                sure and run[size : size + 1] in tuple("想要来的在我电手吧,预约试可请和现")
            )
            if len(run) >= size and closed and _chinese_name(run[:size], sure and whole):
                value = _value(run[:size], None)
                found.append(text.mention("person", start, start + size, value))
                break
        latin = _WORD.match(norm, start) if not run and sure else None
        if latin is not None and latin.group() not in ENGLISH_STOP:
            value = _value(_capitals(_raw(text, start, latin.end())), None)
            found.append(text.mention("person", start, latin.end(), value))
    return found


def _familiar(norm: str, start: int) -> re.Match[str] | None:
    match = _FAMILIAR.match(norm, start)
    if match is None or (match[1] or match[2]) not in SURNAMES - _ALSO_WORDS:
        return None
    return match


def _raw(text: Text, start: int, end: int) -> str:
    return text.raw[text.origin[start] : text.origin[end - 1] + 1]


def _surnames(text: Text) -> list[Mention]:
    found = []
    for match in _SURNAME_ONLY.finditer(text.norm):
        run = match[1]
        surname = run[:2] if run[:2] in COMPOUND_SURNAMES else run[:1]
        if surname in COMPOUND_SURNAMES or surname in SURNAMES:
            start = match.start(1)
            end, title = start + len(surname), None
            behind = _TITLE_BEHIND.match(text.norm, end)
            if behind is not None:
                end, title = behind.end(), behind[1]
            found.append(text.mention("person", start, end, _value(surname, title)))
    return found


def _titled(text: Text) -> list[Mention]:
    """王先生, 王伟先生: a surname, at most three characters before the title."""
    norm, found = text.norm, []
    for match in _TITLED.finditer(norm):
        for size in (3, 2, 1):
            start = match.start() - size
            name = norm[max(start, 0) : match.start()]
            if start < 0 or len(name) != size:
                continue
            if size > 1 and name[0] in _PREPOSITIONS and name[1:] in SURNAMES:
                continue
            fits = name in SURNAMES or name in COMPOUND_SURNAMES if size < 2 else (
                name in COMPOUND_SURNAMES or _chinese_name(name, False)
            )  # fmt: skip
            if fits:
                value = _value(name, match.group())
                found.append(text.mention("person", start, match.end(), value))
                break
    return found


def _english(text: Text) -> list[Mention]:
    norm, found = text.norm, []
    for match in _ENGLISH.finditer(norm):
        if match.start() and norm[match.start() - 1].isalpha():
            continue
        sure = match.group().startswith(_SURE)
        found.extend(_english_name(text, match, sure))
    for match in _SIGNED.finditer(norm):
        signed = _english_name(text, match, False)
        if signed and text.span_of(signed[0])[1] == match.end("name"):
            found.extend(signed)
    for match in _ENGLISH_TITLE.finditer(norm):
        found.extend(_english_name(text, match, True))
    return found


def _english_name(text: Text, match: re.Match[str], sure: bool) -> list[Mention]:
    """Words up to the first that is no name; unsure ways to begin ask for capitals."""
    start = match.start("name")
    end, position = start, start
    behind = text.norm[match.end("name") : match.end("name") + 1]
    alone = behind in ("", ",", ".", "!", "。", ";", "\x00")  # nothing but the name follows
    for word in _WORD.finditer(text.norm, start, match.end("name")):
        raw = text.raw[text.origin[word.start()]]
        if word.start() > position + 1 or word.group().strip(".'-") in ENGLISH_STOP:
            break
        if (not sure or position > start) and not raw.isupper() and not (sure and alone):
            break
        end = position = word.end()
    while end > start and text.norm[end - 1] in ".-' ":
        end -= 1
    if end == start:
        return []
    name = _capitals(text.raw[text.origin[start] : text.origin[end - 1] + 1])
    title = TITLES_EN.get(match["title"] or "")
    first = match.start("title") if title else start
    return [text.mention("person", first, end, _value(name, title))]


def _capitals(name: str) -> str:
    return name.title() if name.islower() else name


def find(text: str) -> list[Mention]:
    """People who are named in ``text``: ``{"name": "王伟", "title": "先生"|null}``.

    Only where the sentence says that it is a name (我叫, 姓, 先生, my name is, Mr); a bare name is
    read by ``read_name`` where a form has asked for it.
    """
    return read(normalise(text))


def read_name(text: str) -> dict[str, Any] | None:
    """The name when it has just been asked for and the message is the answer to that.

    ``王伟``, ``我叫王小明``, ``姓李``, ``李女士``, ``It's John Smith``, ``john``; a telephone
    number beside it is left aside. ``None`` for what is no name (周六下午, 多少钱, 不知道, ok).
    """
    source = normalise(text)
    spans = [source.span_of(mention) for mention in phone.read(source)]
    source = source.without(spans)
    rest = re.sub(r"[\x00,。.!?;:、\"()~ ]+", " ", source.norm).strip()
    # 李，女士
    rest = _TITLE_APART.sub(r"\1\2", rest)
    if not rest or len(rest) > 60 or any(char.isdigit() for char in rest):
        return None
    bare = _PARTICLES.sub(
        "", re.sub(r"(?:电话|手机|手机号|号码)(?:是|号)?$", "", rest).strip()
    ).strip()
    asked = re.fullmatch(
        r"(?:嗯|好的?|你好|您好|就叫我|叫我|我叫|那就写|就写|写|登记|那就|就|叫|是|预约人|姓名|"
        r"名字|联系人)? ?(.+)",
        bare,
    )
    pieces = [bare, asked[1] if asked else bare, *bare.split(" ")[:4]]
    named = [one for one in map(_bare_chinese, map(str.strip, pieces)) if one is not None]
    if named:
        return max(named, key=lambda one: len(one["name"]))
    mentions = read(source)
    if mentions:
        return mentions[0].value
    return _bare_english(source, rest)


def _bare_chinese(text: str) -> dict[str, Any] | None:
    stem, title = _split_title(text)
    if title is not None and (stem in SURNAMES or stem in COMPOUND_SURNAMES):
        return _value(stem, title)
    if title is not None and len(title) > 1 and _chinese_name(stem, False):
        return _value(stem, title)
    if _chinese_name(text, False) or (text in SURNAMES and text not in _ALSO_WORDS):
        return _value(text, None)
    if len(text) == 2 and text[0] in "小老阿" and text[1] in SURNAMES - _ALSO_WORDS:
        return _value(text, None)
    return _value(text, None) if _FOREIGN.fullmatch(text) else None


def _bare_english(source: Text, rest: str) -> dict[str, Any] | None:
    words = rest.split(" ")
    title = TITLES_EN.get(words[0].strip("."))
    if title is not None:
        words = words[1:]
    if not 1 <= len(words) <= 3 or not all(_WORD.fullmatch(word) for word in words):
        return None
    start = source.norm.find(" ".join(words))
    surname = len(words) > 1 and words[-1] in _SURNAMES_TOO and start >= 0
    if surname and source.raw[source.origin[start + len(" ".join(words[:-1])) + 1]].isupper():
        stops = words[:-1]
    else:
        stops = words
    if any(word.strip(".'-") in ENGLISH_STOP for word in stops) or len(words[0]) < 2:
        return None
    if start < 0:
        return _value(_capitals(" ".join(words)), title)
    end = start + len(" ".join(words))
    raw = source.raw[source.origin[start] : source.origin[end - 1] + 1]
    return _value(_capitals(raw.strip(" .,'-")), title)
