"""Remote diagnosis and roadside requests."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "nav.roadside_requests": ("救援", "Roadside"),
    "record.roadside_request": ("救援", "Roadside"),
    "empty.roadside_requests": ("还没有救援请求", "No roadside requests yet"),
    "empty.roadside_requests_hint": (
        "客户在聊天中请求道路救援，或打电话来由您登记后，会显示在这里。",
        "They appear here when customers ask for help on the road in the chat, or call and you "
        "enter it.",
    ),
    "search.roadside_requests": ("单号、位置、姓名或手机号", "Number, place, name or phone"),
    "roadside.place": ("位置", "Place"),
    "roadside.no_place": ("还没有说明位置", "Place not told yet"),
    "roadside.phone": ("现场电话", "Phone on the spot"),
    "roadside.text": ("客户原话", "In the customer's words"),
    "roadside.details": ("救援信息", "Request"),
    "roadside.requested": ("请求于", "Requested"),
    "roadside.move": ("改为：{state}", "Set to: {state}"),
    "roadside.tells": (
        "改状态后，客户会在对话里收到消息。",
        "The customer is told of a new state in the chat.",
    ),
    "roadside.calls": (
        "没有能联系到客户的对话，改状态后请打电话告知。",
        "No chat reaches this customer: please call about a new state.",
    ),
    "roadside_state.open": ("待派车", "Open"),
    "roadside_state.in_progress": ("救援中", "On the way"),
    "roadside_state.done": ("已完成", "Done"),
    "roadside_state.cancelled": ("已取消", "Cancelled"),
    "diagnosis.title": ("远程诊断", "Remote diagnosis"),
    "diagnosis.caution": (
        "由客户描述得出，仅供参考，以技师检查为准。",
        "From what the customer told. The technician's check decides.",
    ),
    "diagnosis.verdict": ("告知客户", "Told the customer"),
    "diagnosis.visit": ("到店时间", "Visit"),
    "diagnosis.symptoms": ("症状", "Symptoms"),
    "diagnosis.codes": ("故障码", "Trouble codes"),
    "diagnosis.unknown": ("无释义", "no meaning on record"),
    "diagnosis.answers": ("问答", "Questions and answers"),
    "diagnosis.skipped": ("未回答", "not answered"),
    "diagnosis.causes": ("可能原因", "Possible causes"),
    "diagnosis.text": ("客户原话", "In the customer's words"),
    "diagnosis.at": ("时间", "Time"),
    "verdict.no_hurry": ("可正常行驶", "May be driven as usual"),
    "verdict.until_visit": ("可先开，尽快检查", "May be driven until it is checked"),
    "verdict.unclear": ("无法判断", "Cannot be judged"),
    "verdict.short_way": ("只能低速短距离", "Slowly and a short way only"),
    "verdict.stop": ("立即停驶", "Must not be driven"),
    "visit.next_visit": ("下次来店", "At the next visit"),
    "visit.this_week": ("这几天", "In the next days"),
    "visit.today": ("当天", "Today"),
    "visit.now": ("立即", "Now"),
}
