"""English words and phrases of time, each with the kind of token that it makes."""

from __future__ import annotations

from typing import Any

Entry = tuple[str, Any]

EN: dict[str, Entry] = {}


def _en(kind: str, value: Any, words: str) -> None:
    for word in words.split():
        EN[word] = (kind, value)


_en("rday", 0, "today todays today's")
_en("rday", 1, "tomorrow tmr tmrw tomorow tommorow tommorrow tomorrow's 2moro")
_en("rday", -1, "yesterday yesterday's")
_en("rdaypart", (0, "evening"), "tonight tonite")
for _index, _words in enumerate(
    (
        "monday mon mondays monday's",
        "tuesday tue tues tuesdays tuesday's",
        "wednesday wed weds wednesdays wednesday's wendesday",
        "thursday thu thur thurs thursdays thursday's",
        "friday fri fridays friday's",
        "saturday sat saturdays saturday's",
        "sunday sun sundays sunday's",
    )
):
    _en("weekday", _index, _words)
for _index, _words in enumerate(
    (
        "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
        "august aug", "september sep sept", "october oct", "november nov", "december dec",
    ),
    1,
):  # fmt: skip
    _en("enmonth", _index, _words)
_en("weekend", None, "weekend weekends")
_en("unit", "second", "seconds sec secs")
_en("unit", "minute", "minute minutes min mins")
_en("unit", "hour", "hour hours hr hrs hour's")
_en("unit", "day", "day days day's days'")
_en("unit", "week", "week weeks wk wks week's weeks'")
_en("unit", "fortnight", "fortnight fortnights fortnight's")
_en("unit", "month", "month months month's months'")
_en("unit", "year", "year years yr yrs")
_en("meridiem", "am", "am")
_en("meridiem", "pm", "pm")
_en("oclock", None, "o'clock oclock")
_en("part", "morning", "morning mornings")
_en("part", "noon", "lunchtime")
_en("part", "afternoon", "afternoon afternoons arvo")
_en("part", "evening", "evening evenings")
_en("part", "night", "night nights")
_en("noon", 12, "noon midday")
_en("noon", 0, "midnight")
_en("half", None, "half")
_en("quarter", None, "quarter")
_en("past", None, "past")
_en("ago", None, "ago")
_en("later", None, "later hence")
_en("the", None, "the")
_en("of", None, "of")
_en("in", None, "in within")
_en("on", None, "on")
_en("at", None, "at @")
_en("for", None, "for")
_en("by", None, "by")
_en("from", None, "from starting")
_en("to", None, "to till until til thru through")
_en("and", None, "and")
_en("or", None, "or")
_en("between", None, "between")
_en("after", None, "after")
_en("before", None, "before")
_en("next", 1, "next following")
_en("next", 0, "this current coming upcoming")
_en("next", -1, "last previous")
_en("around", None, "around about approximately approx roughly circa")
_en("ish", None, "ish")
_en("onward", None, "onwards onward")
_en("every", None, "every each")
_en("exclude", None, "except excluding not besides")
_en("glue", None, "maybe perhaps say preferably ideally probably anytime")
_en("early", None, "early beginning start")
_en("mid", None, "mid middle")
_en("end", None, "end late")
_en("a", 1, "a an")
_en("couple", 2, "couple")
_en("couple", 3, "few")

# By the first and the second word: the words behind them, longest first.
PHRASES: dict[str, dict[str, list[tuple[list[str], Entry]]]] = {}


def _phrase(kind: str, value: Any, *phrases: str) -> None:
    for phrase in phrases:
        first, *words = phrase.split()
        if not words:
            EN[first] = (kind, value)
            continue
        begun = PHRASES.setdefault(first, {}).setdefault(words[0], [])
        begun.append((words[1:], (kind, value)))
        begun.sort(key=lambda item: -len(item[0]))


_phrase("rday", 2, "the day after tomorrow", "day after tomorrow", "the day after tmr")
_phrase("rday", -2, "the day before yesterday", "day before yesterday")
_phrase("rday", 1, "the next day", "next day", "the following day")
_phrase("beside", 1, "the day after", "day after")
_phrase("beside", -1, "the day before", "day before")
_phrase("rday", 0, "this day", "later today")
_phrase("rdaypart", (0, "night"), "this night", "later tonight")
for _part in ("morning", "afternoon", "evening"):
    _phrase("rdaypart", (0, _part), f"this {_part}", f"later this {_part}")
    _phrase("part", _part, f"one {_part}", f"some {_part}")
_phrase("rdaypart", (-1, "night"), "last night")
_phrase(
    "part", "early", "early in the morning", "early morning", "early hours of the morning",
    "in the early hours of the morning", "in the early hours", "first thing in the morning",
)  # fmt: skip
_phrase("part", "morning", "in the morning", "in morning", "during the morning", "late morning")
_phrase(
    "part", "afternoon", "in the afternoon", "in afternoon", "in the arvo", "this arvo",
    "early afternoon", "late afternoon",
    "after lunch", "during the afternoon",
)  # fmt: skip
_phrase("part", "evening", "in the evening", "in evening", "early evening", "during the evening")
_phrase("part", "night", "in the night", "at night", "during night", "in night", "late at night")
_phrase("part", "noon", "at lunch", "lunch time", "over lunch")
_phrase("noon", 12, "12 noon", "12 midday", "twelve noon", "mid day")
_phrase("noon", 0, "12 midnight", "twelve midnight")
_phrase("meridiem", "am", "a . m .", "a . m", "a m", "a.m")
_phrase("meridiem", "pm", "p . m .", "p . m", "p m")
_phrase("oclock", None, "o clock", 'o " clock', "o ' clock")
_phrase("approx", None, "or so", "or thereabouts", "give or take")
_phrase("or", None, "or else")
_phrase("onward", None, "or later", "or after", "and later")
_phrase("from", None, "not before", "no earlier than", "no sooner than")
_phrase(
    "exclude",
    None,
    "anything but",
    "any day but",
    "other than",
    "apart from",
    "can't do",
    "can't make",
    "cannot make",
    "couldn't make",
    "won't make",
    "can't make it",
    "cannot make it",
)
_phrase("now", None, "right now")
_phrase("glue", None, "any time", "some time", "same day", "the same day")
_phrase("skip", None, "good morning", "good afternoon", "good evening", "good night", "morning !")
_phrase("skip", None, "sat nav", "sun roof", "sun visor", "sun shade", "sun screen", "sun light")
_phrase(
    "skip",
    None,
    "the other day",
    "one night",
    "one day",
    "some day",
    "any day",
    "all day",
    "day to day",
)
_phrase("skip", None, "year round", "last year 's", "at first", "first of all", "at last")
_phrase("link", None, "up to", "all the way to")
for _name, _texts in {
    "new_year": ("new year", "new years", "new year's", "new year's day", "new years day"),
    "new_year_eve": ("new year's eve", "new years eve", "new year eve"),
    "eve": ("chinese new year's eve", "lunar new year's eve", "spring festival eve"),
    "spring": (
        "spring festival", "chinese new year", "lunar new year", "chinese new year's",
        "lunar new year's",
    ),
    "lantern": ("lantern festival",),
    "valentine": ("valentine's day", "valentines day", "valentine's"),
    "women": ("women's day", "international women's day"),
    "qingming": ("tomb sweeping day", "tomb - sweeping day", "qingming", "qingming festival"),
    "labour": (
        "labour day", "labor day", "international workers' day", "international workers ' day",
        "international workers day", "may day", "workers' day", "workers ' day",
    ),
    "children": ("children's day",),
    "dragon": ("dragon boat festival", "dragon boat"),
    "mid_autumn": ("mid autumn festival", "mid - autumn festival", "mid - autumn", "moon festival"),
    "national": ("national day", "golden week", "national day holiday"),
    "singles": ("singles day", "singles' day", "singles ' day", "double eleven", "double 11"),
    "christmas": ("christmas", "christmas day", "xmas"),
    "christmas_eve": ("christmas eve", "xmas eve"),
    "halloween": ("halloween",),
    "thanksgiving": ("thanksgiving", "thanksgiving day"),
    "independence": ("independence day",),
    "boxing": ("boxing day",),
    "easter": ("easter", "easter sunday"),
}.items():  # fmt: skip
    _phrase("holiday", _name, *_texts)
