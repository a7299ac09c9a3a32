"""The types of single cells: what a person writes in YAML or Excel, and what it becomes.

Both formats bring the same values in different clothes (a date as a date or as text, a number
as text, a list as a list or joined in one cell), so each type reads all of them.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from unicodedata import category, normalize

from pydantic import BeforeValidator, Field

MAX_TEXT = 2000
MAX_YUAN = 20_000_000
"""Above any car; keeps every amount in fen within 32 bits."""
MAX_NUMBER = 1_000_000

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEPARATORS = re.compile(r"[|;；、,，\n]")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def text(value: object) -> str:
    """Text without blanks around it; a number in a text cell is taken as it is shown."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise ValueError("must be text")
    if isinstance(value, float):
        value = f"{value:.12g}"
    result = str(value).strip()
    if any(category(letter) == "Cc" and letter != "\n" for letter in result):
        raise ValueError("contains control characters")
    if len(result) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT} characters")
    return result


def filled(value: object) -> str:
    result = text(value)
    if not result:
        raise ValueError("is empty")
    return result


def code(value: object) -> str:
    result = text(value)
    if not CODE.fullmatch(result) or len(result) > 60:
        raise ValueError(
            f"{result!r} is not a code: lower-case letters a-z, digits, - and _, at most 60"
        )
    return result


def word(value: object) -> str:
    """One of a fixed list; the list is checked by the type behind."""
    return text(value).lower()


def number(value: object) -> Decimal:
    """A decimal number; text with thousands separators or full-width digits is one too."""
    if isinstance(value, bool):
        raise ValueError("must be a number")
    if isinstance(value, float):
        # Excel keeps 0.3 as 0.30000000000000004; nobody wrote that.
        value = f"{value:.12g}"
    written = normalize("NFKC", str(value)).strip()
    try:
        # Only a comma between thousands is one: "3,5" may be somebody's 3.5.
        result = Decimal(written.replace(",", "") if THOUSANDS.fullmatch(written) else written)
    except InvalidOperation:
        raise ValueError(f"{str(value)!r} is not a number") from None
    if not result.is_finite():
        raise ValueError(f"{str(value)!r} is not a number")
    return result


def whole(value: object) -> int:
    result = number(value)
    if result != result.to_integral_value() or abs(result) > MAX_NUMBER:
        raise ValueError(f"{str(value)!r} is not a whole number up to {MAX_NUMBER}")
    return int(result)


def fen(value: object) -> int:
    """Yuan with at most two decimals → fen."""
    yuan = number(value)
    if not 0 <= yuan <= MAX_YUAN:
        raise ValueError(f"an amount is between 0 and {MAX_YUAN} yuan, not {value}")
    if yuan * 100 != (yuan * 100).to_integral_value():
        raise ValueError(f"{value} has more than two decimals; amounts are in yuan")
    return int(yuan * 100)


def basis_points(value: object) -> int:
    """Percent with at most two decimals → hundredths of a percent."""
    percent = number(value)
    if not 0 <= percent <= 100:
        raise ValueError(f"a percentage is between 0 and 100, not {value}")
    if percent * 100 != (percent * 100).to_integral_value():
        raise ValueError(f"{value} has more than two decimals")
    return int(percent * 100)


def day(value: object) -> date:
    if isinstance(value, datetime):
        if value.time() != time():
            raise ValueError(f"{value} must be a day without a time")
        return value.date()
    if isinstance(value, date):
        return value
    written = str(value).strip().replace("/", "-")
    parts = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00:00)?", written)
    try:
        if parts:
            return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        pass
    raise ValueError(f"{str(value)!r} is not a day such as 2026-11-25")


def last_day(value: object) -> date | None:
    """A day, or the word for "until replaced"."""
    if isinstance(value, str) and value.strip().lower() in ("none", "不限", "长期"):
        return None
    return day(value)


def moment(value: object) -> datetime:
    """A date with a time; without an offset it is on the dealership's clock."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    try:
        return datetime.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError:
        raise ValueError(f"{str(value)!r} is not a moment such as 2026-11-25 10:00") from None


def wall_clock(value: object) -> str:
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    parts = re.fullmatch(r"(\d{1,2})[:：](\d{2})(?::00)?", str(value).strip())
    if not parts or int(parts[1]) > 23 or int(parts[2]) > 59:
        raise ValueError(f"{str(value)!r} is not a time of day such as 09:00")
    return f"{int(parts[1]):02d}:{parts[2]}"


def yes_or_no(value: object) -> bool:
    answers = {"yes": True, "true": True, "是": True, "1": True,
               "no": False, "false": False, "否": False, "0": False}  # fmt: skip
    answer = answers.get(str(value).strip().lower())
    if answer is None:
        raise ValueError(f"{str(value)!r} must be yes or no")
    return answer


def parts(value: object) -> list[object]:
    """A list, or one cell with its parts joined by | ; 、 , or line breaks."""
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return [part.strip() for part in SEPARATORS.split(value) if part.strip()]
    return [value]


def codes(value: object) -> list[str]:
    return [code(part) for part in parts(value)]


def names(value: object) -> list[str]:
    return [filled(part) for part in parts(value)]


def words(value: object) -> list[str]:
    return [word(part) for part in parts(value)]


def months(value: object) -> list[int]:
    result = [whole(part) for part in parts(value)]
    if not result or any(not 1 <= month <= 120 for month in result):
        raise ValueError("terms are months between 1 and 120, such as 12 | 24 | 36")
    if result != sorted(set(result)):
        raise ValueError("terms must rise and be named once")
    return result


def minutes(value: object) -> list[int]:
    """`120 | 60`: falling, between none and a week."""
    result = [whole(part) for part in parts(value)]
    if any(not 0 <= one <= 10_080 for one in result):
        raise ValueError("these are minutes, at most 10080, such as 120 | 60")
    if result != sorted(set(result), reverse=True):
        raise ValueError("the minutes must fall and be named once, such as 120 | 60")
    return result


def weekdays(value: object) -> list[int]:
    """`mon | wed` or `mon-sun` → numbers, 0 = Monday."""
    result: list[int] = []
    for part in parts(value):
        first, _, last = text(part).lower().partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise ValueError(f"{str(part)!r} is no weekday; they are {', '.join(WEEKDAYS)}")
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        if end < start:
            raise ValueError(f"{str(part)!r} must run from an earlier to a later weekday")
        result.extend(range(start, end + 1))
    if len(result) != len(set(result)):
        raise ValueError("a weekday is named twice")
    return sorted(result)


def steps(value: object) -> list[tuple[int, int]]:
    """`5: 950 | 9: 1100` or `[[5, 950], [9, 1100]]` → rising bounds with amounts in fen."""
    result: list[tuple[int, int]] = []
    for part in parts(value):
        pair: Any = part.replace("：", ":").split(":") if isinstance(part, str) else part
        if not isinstance(pair, list) or len(pair) != 2:
            raise ValueError("must be pairs such as 5: 950 | 9: 1100")
        result.append((whole(pair[0]), fen(pair[1])))
    bounds = [bound for bound, _ in result]
    if not bounds or bounds != sorted(set(bounds)):
        raise ValueError("the bounds must rise")
    return result


Text = Annotated[str, BeforeValidator(text)]
Filled = Annotated[str, BeforeValidator(filled)]
Code = Annotated[str, BeforeValidator(code)]
Codes = Annotated[list[str], BeforeValidator(codes)]
Names = Annotated[list[str], BeforeValidator(names)]
Fen = Annotated[int, BeforeValidator(fen)]
BasisPoints = Annotated[int, BeforeValidator(basis_points)]
Day = Annotated[date, BeforeValidator(day)]
LastDay = Annotated[date | None, BeforeValidator(last_day)]
Moment = Annotated[datetime, BeforeValidator(moment)]
WallClock = Annotated[str, BeforeValidator(wall_clock)]
YesNo = Annotated[bool, BeforeValidator(yes_or_no)]
Months = Annotated[list[int], BeforeValidator(months)]
Minutes = Annotated[list[int], BeforeValidator(minutes)]
Weekdays = Annotated[list[int], BeforeValidator(weekdays)]
Steps = Annotated[list[tuple[int, int]], BeforeValidator(steps)]
Count = Annotated[int, BeforeValidator(whole), Field(ge=0)]
Positive = Annotated[int, BeforeValidator(whole), Field(gt=0)]
Word = BeforeValidator(word)
Words = BeforeValidator(words)
