"""What the importer's checks say, in the reader's words, beside the field it is about."""

import re
from collections.abc import Mapping, Sequence

PATTERNS: Sequence[tuple[str, str, str, str]] = (
    # pattern, field where the check names none, Chinese, English
    (r"source is missing", "source", "请填写来源。", "Say where it comes from."),
    (r"valid_from is missing", "valid_from", "请填写生效日期。", "Say from when it is valid."),
    (r"valid_until lies before valid_from", "valid_until", "失效日期早于生效日期。",
     "It ends before it begins."),
    (r"amount is missing: a cash", "amount", "直降优惠要填金额。",
     "A cash discount needs an amount."),
    (r"(?P<names>[\w, ]+) is missing for the rule", "rule", "这个规则还缺：{names}",
     "This rule also needs: {names}"),
    (r"(?P<names>[\w, ]+) has no meaning for the rule", "rule", "这个规则不用：{names}",
     "This rule does not use: {names}"),
    (r"^\w+ is missing$", "", "请填写。", "Please fill this in."),
    (r"is empty$", "", "请填写。", "Please fill this in."),
    (r"is longer than", "", "太长了。", "This is too long."),
    (r"control characters", "", "含有不可见的控制字符。", "It contains control characters."),
    (r"between 0 and \d+ yuan", "", "金额要在 0 到 2000 万元之间。",
     "An amount is between 0 and 20,000,000 yuan."),
    (r"more than two decimals", "", "最多两位小数。", "At most two decimals."),
    (r"percentage is between", "", "百分比要在 0 到 100 之间。",
     "A percentage is between 0 and 100."),
    (r"not a number between", "", "要填 0 到 10 亿之间的数字。",
     "A number between 0 and 1,000,000,000 is needed."),
    (r"is not a (?:whole )?number", "", "要填数字。", "A number is needed."),
    (r"greater than", "", "要大于 0。", "It has to be more than 0."),
    (r"less than or equal", "", "数值太大。", "The number is too large."),
    (r"is not a day", "", "日期不存在。", "There is no such day."),
    (r"terms are months", "", "期数是 1 到 120 个月，例如 12 | 24 | 36。",
     "Terms are 1 to 120 months, such as 12 | 24 | 36."),
    (r"terms must rise", "", "期数要从小到大，不能重复。", "Terms rise, each named once."),
    (r"bounds must rise", "", "上限要从小到大。", "The bounds have to rise."),
    (r"must be pairs", "", "请写成 5: 950 | 9: 1100。", "Write it like 5: 950 | 9: 1100."),
    (r"must be one of (?P<names>.+)", "", "只能是：{names}", "It is one of: {names}"),
    (r"must be standard, optional or none", "", "只能是标配、选装或无。",
     "It is standard, optional or none."),
    (r"must be yes or no", "", "请选是或否。", "Choose yes or no."),
    (r"text needs both languages", "value_en", "中英文都要填。", "Both languages are needed."),
    (r"only a text has an English", "value_en", "这一项不用填英文。",
     "This one has no English wording."),
    (r"is not a code", "", "代码只能用小写字母、数字、- 和 _。",
     "A code has lower-case letters, digits, - and _."),
    (r"begins before the one at", "valid_from", "有效期和另一期重叠，请先调整日期。",
     "It overlaps with another period; change the dates first."),
    (r"the trim '(?P<names>[^']+)' is not one of", "trim", "版本 {names} 不属于这个车型。",
     "The trim {names} is not one of this model."),
    (r"'(?P<names>[^']*)' is not in \w+", "", "没有这个代码：{names}", "There is no {names}."),
    (r"alias '(?P<names>[^']+)' is a single character", "aliases",
     "“{names}”只有一个字，容易误认。",
     "“{names}” is a single character and would be found everywhere."),
    (r"alias '(?P<names>[^']+)' is an ordinary word", "aliases", "“{names}”是常用词，容易误认。",
     "“{names}” is an ordinary word and would be found everywhere."),
    (r"alias '(?P<names>[^']+)' stands here twice", "aliases", "“{names}”写了两次。",
     "“{names}” stands here twice."),
)  # fmt: skip
UNKNOWN = ("填写不正确：{message}", "{message}")


def worded(
    problems: Mapping[str, Sequence[str]], language: str, shown: Sequence[str]
) -> dict[str, list[str]]:
    """By field; under "" what belongs to none of those `shown`."""
    found: dict[str, list[str]] = {}
    for field, messages in problems.items():
        for message in messages:
            place, text = _word(message, language)
            at = field if field in shown else place if place in shown else ""
            if text not in found.setdefault(at, []):
                found[at].append(text)
    return found


def _word(message: str, language: str) -> tuple[str, str]:
    for pattern, field, zh, en in PATTERNS:
        match = re.search(pattern, message)
        if match:
            text = en if language == "en" else zh
            return field, text.format(**match.groupdict())
    return "", UNKNOWN[language == "en"].format(message=message)
