"""The words by which the danger of a fault is judged, in both languages.

All patterns meet text in lower case, half width and simplified characters, Chinese without
spaces (see `safety`). A gap stays within one clause. `unless` names what makes a rule void when
it stands in the same clause: a traffic light is no warning light.
"""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["ok_to_drive", "do_not_drive_far", "stop_now"]
Kind: TypeAlias = Literal[
    "brakes", "steering", "fire", "battery", "overheating", "warning", "crash", "power", "tyre",
    "trapped", "other",
]  # fmt: skip


@dataclass(frozen=True)
class Rule:
    kind: Kind
    level: Level
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    denial: bool = True
    """Whether "no" or 没有 right before it takes it back; not where it belongs to the sign."""
    certain: bool = True
    """False for what is too dangerous to drive with and yet no emergency, such as a flat tyre."""


_GAPS = {"~": r"[^，。；、,.;!?！？\n]{0,6}", "≈": r"[^，。；,.;!?！？\n]{0,26}"}


def rule(
    kind: Kind,
    level: Level,
    pattern: str,
    unless: str = "",
    *,
    denial: bool = True,
    certain: bool = True,
) -> Rule:
    """`~` stands for a short gap within a clause, `≈` for a long one."""
    for sign, gap in _GAPS.items():
        pattern, unless = pattern.replace(sign, gap), unless.replace(sign, gap)
    return Rule(
        kind, level, re.compile(pattern), re.compile(unless) if unless else None, denial, certain
    )


BRAKE = (
    r"(?:刹车|制动|脚刹)(?!片|盘|油|液|皮|灯|卡钳|距离|能量|辅助|异|有点响|声)(?:踏板|系统|总泵)?"
)
BRAKE_EN = r"\b(?:brakes?|braking|(?:brake )?pedal)\b(?! (?:pads?|discs?|disks?|fluid|rotors?))"
WHEEL = r"(?:方向盘|转向(?!灯)|方向机|方向助力)"
SOMEONE = r"(?:孩子|小孩|宝宝|娃|婴儿|儿子|女儿|老人|老妈|老爸|奶奶|爷爷|有人|人|小狗|狗)"
SOMEONE_EN = (
    r"\b(?:child|children|kids?|baby|babies|son|daughter|toddler|infant|grand\w+|mother|mum|mom"
    r"|father|dad|wife|husband|dog|someone|somebody|person|people)\b"
)
ROAD = r"(?:高速|高架|快速路|环线|路上|马路|路中间|行驶|行车|开着|跑着|半路|途中|隧道|桥上)"
ROAD_EN = (
    r"\b(?:road|street|highway|motorway|freeway|expressway|interstate|lane|traffic|tunnel|bridge"
    r"|driving|at speed|middle of)\b"
)
LAMP = r"(?:灯|叹号|图标|标志|标识|符号|报警|警告|提示)"
LAMP_EN = r"(?:lights?|lamps?|warnings?|symbols?|icons?|indicators?|triangle|exclamation mark)"
