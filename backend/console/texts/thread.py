"""The transcript: messages, how they were delivered, notes, who had the conversation."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    # Messages
    "sender.customer": ("客户", "Customer"),
    "sender.assistant": ("助手", "Assistant"),
    "sender.staff": ("员工", "Staff"),
    "sender.system": ("系统", "System"),
    "message.understood": ("理解", "Understood"),
    "message.confidence": ("置信度 {percent}%", "{percent}% sure"),
    "message.alternatives": ("其他可能", "Other readings"),
    "message.entities": ("识别到的信息", "Found in the message"),
    "message.chosen": ("点了按钮", "Pressed a button"),
    "message.buttons": ("给出的按钮", "Buttons offered"),
    "message.attachment": ("图片（{kind}，{size} KB）", "Picture ({kind}, {size} KB)"),
    "message.empty": ("（无文字）", "(no text)"),
    "turn.pending": ("等待处理", "Waiting for its turn"),
    "turn.running": ("正在处理", "Being answered"),
    "turn.failed": ("处理失败，已转人工", "Failed; passed to a person"),
    "delivery.received": ("已收到", "Received"),
    "delivery.queued": ("待发送", "Queued"),
    "delivery.sent": ("已发送", "Sent"),
    "delivery.delivered": ("已送达", "Delivered"),
    "delivery.failed": ("发送失败", "Not delivered"),
    "delivery.unknown": ("是否送达未知", "Delivery unknown"),
    "delivery.withdrawn": ("未发送，已由人工接手", "Not sent; a person took over"),
    # Among the messages
    "thread.earlier": ("更早的消息", "Earlier messages"),
    "thread.latest": ("最新的消息", "Latest messages"),
    "thread.to_the_end": ("有新消息", "New messages"),
    "thread.news": ("客户发来新消息", "The customer has written"),
    "thread.mark_seen": ("标为已读", "Mark as read"),
    "note.title": ("内部备注", "Private note"),
    "event.taken": ("{actor}接手", "{actor} took over"),
    "event.assigned": ("{actor}分配给{assignee}", "{actor} assigned it to {assignee}"),
    "event.assigned_by_itself": ("分配给{assignee}", "Assigned to {assignee}"),
    "event.waiting": ("转人工，等待接待", "Passed on; waits for a person"),
    "event.waiting_by": (
        "{actor}转回等待",
        "{actor} put it back in line",
    ),
    "event.handed_back": ("{actor}交回助手", "{actor} handed it back to the assistant"),
    "event.handed_back_by_itself": ("交回助手", "Handed back to the assistant"),
    "event.closed": ("{actor}关闭会话", "{actor} closed it"),
    "event.closed_by_itself": ("会话已关闭", "Closed"),
}
