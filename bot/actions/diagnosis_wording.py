"""What is said of causes, codes and urgency, in both languages. Nothing here is a finding."""

from backend.diagnosis.knowledge import Finding
from backend.models import Certified, DiagnosisQuestion
from bot.actions import wording
from bot.actions.context import Turn
from values.trouble_code import TroubleCode

VISITS = {
    "next_visit": ("不急，下次来店时顺便检查就行。", "No hurry: at your next visit will do."),
    "this_week": ("这几天来检查一下。", "Have it checked in the next few days."),
    "today": (
        "今天就来检查，开不过来就叫拖车。",
        "Have it checked today; if it can't be driven, by tow.",
    ),
    "now": ("现在就处理：来店，或者叫道路救援拖过来。", "Now: come straight in, or have it towed."),
}
SYSTEMS = {
    "P": ("动力系统", "the powertrain"),
    "C": ("底盘系统", "the chassis"),
    "B": ("车身系统", "the body"),
    "U": ("车载网络通信", "communication between control units"),
}
_PARTS = {
    "1": ("燃油和空气计量", "fuel and air metering"),
    "2": ("喷油电路", "the injector circuits"),
    "3": ("点火或缺火", "ignition or misfire"),
    "4": ("排放辅助控制", "auxiliary emission control"),
    "5": ("车速和怠速控制", "vehicle speed and idle control"),
    "6": ("控制单元及其输出", "the control unit and its outputs"),
    "7": ("变速箱", "the gearbox"),
    "8": ("变速箱", "the gearbox"),
}  # fmt: skip
"""The third place of a code that begins with P0, where the standard fixes it."""


def read_codes(turn: Turn, finding: Finding) -> str:
    """One line for each code: its meaning, or honestly what is not known of it."""
    lines = [f"{row.code}{turn.either('：', ': ')}{turn.name_of(row)}" for row in finding.known]
    lines += [_unknown(turn, code) for code in finding.unknown]
    if not lines:
        return ""
    text = wording.bullets(lines)
    return text + "\n" + wording.provenance(turn, *finding.known) if finding.known else text


def _unknown(turn: Turn, code: TroubleCode) -> str:
    """The structure of a code that is not on record, only as far as it is certain."""
    zh, en = SYSTEMS[code.system]
    part = _PARTS.get(code.code[2]) if code.code.startswith("P0") else None
    if part:
        zh, en = f"{zh}中{part[0]}方面", f"{en}, {part[1]}"
    if code.generic is False:
        zh += "，由各厂家自己定义"
        en += ", defined by each maker for itself"
    elif code.generic:
        zh += "的通用码"
        en += ", a code common to all makes"
    return turn.either(
        f"{code.code}：我这里没有核实过的释义。只能确定属于{zh}，具体含义要用诊断仪读。",
        f"{code.code}: I have no confirmed meaning for it. What is certain: it belongs to {en}; "
        "the rest takes the workshop's reader.",
    )


def asks(
    turn: Turn, question: DiagnosisQuestion, *, first: bool = False, again: bool = False
) -> str:
    """A question of the dialogue, with what goes before it."""
    text = str(turn.either(question.text_zh, question.text_en))
    if again:
        return turn.either("回到刚才的问题：", "Back to my question: ") + text
    if first:
        return (
            turn.either(
                "想判断得准一点，问您几个小问题，不清楚可以跳过。",
                "A few short questions to judge it better; skip what you don't know. ",
            )
            + text
        )
    return text


def outcome(turn: Turn, finding: Finding) -> str:
    """What to do now, how soon to come, and possible causes; empty where nothing is on record."""
    if finding.empty:
        return ""
    lines = []
    if finding.advice is not None:
        advice = turn.either(finding.advice.text_zh, finding.advice.text_en)
        lines.append(turn.either("现在：", "Now: ") + str(advice))
    lines.append(turn.either("多快来：", "How soon: ") + turn.either(*VISITS[finding.visit]))
    facts: list[Certified] = [*finding.facts]
    if finding.causes:
        names = turn.either("、", ", ").join(turn.name_of(cause) for cause in finding.causes)
        lines.append(
            turn.either(
                f"可能的原因：{names}。是哪一个，要技师检查后才能确定。",
                f"Possible causes: {names}. Which it is, only the technician can tell.",
            )
        )
        facts += finding.causes
    if finding.advice is not None:
        facts.append(finding.advice)
    text = wording.bullets(lines)
    return text + "\n" + wording.provenance(turn, *facts) if facts else text
