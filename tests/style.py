"""How a reply must be written, measured: its length besides lists and cards, and its tone."""

import re

MOST_SENTENCES = 3

_SOURCE = re.compile(r"[（(](?:依据|Source)[^）)]*(?:[）)][^）)]*)?[）)]")
_ITEM = re.compile(r"^\s*(?:•|[^\s。？.?]{1,12}[：:] ?\S)|^[^。？.?!！]*[：:]$")
_END = re.compile(r"[。？！]|[.?!](?=\s|$)")
_DANGER = re.compile(r"拖车；有人受伤先拨|towed; if anyone is hurt")
"""What to do in danger is told in steps, not in passing: one sentence more."""
_NUMBERED = re.compile(r"\b(?:No|approx|e\.g|i\.e)\.", re.I)


def sentences(text: str) -> int:
    """Sentences of a message; lines of a list, of a summary and the named source do not count."""
    prose = [line for line in _SOURCE.sub("", text).splitlines() if not _ITEM.match(line)]
    # A line that ends no sentence is one of a list, such as free times under their day.
    ends = sum(len(_END.findall(_NUMBERED.sub("", line))) for line in prose)
    return max(ends, 1)


def faults(text: str, *, english: bool) -> list[str]:
    """What is wrong with the wording of a message; nothing when it is well written."""
    found = []
    most = MOST_SENTENCES + bool(_DANGER.search(text))
    if sentences(text) > most:
        found.append(f"{sentences(text)} sentences")
    if re.search(r"[!！]", text):
        found.append("an exclamation mark")
    if "亲" in text.replace("亲自", "").replace("母亲", "").replace("父亲", ""):
        found.append("亲")
    if re.search(r"[{}]|\bNone\b|null|utter_|/\w+_\w+", text):
        found.append("what no customer should see")
    if english and re.search(r"[。？，]|您", text):
        found.append("Chinese in an English conversation")
    if not english and "。" not in text and re.search(r"(?:\b[a-z]+ ){5}", text):
        found.append("English in a Chinese conversation")
    return found
