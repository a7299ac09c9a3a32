"""What was just done, told once at the head of the page that follows."""

from collections.abc import Mapping

WARNINGS = frozenset({"roadside_call", "roadside_stands"})
"""After these something is left to do."""

TEXTS: Mapping[str, tuple[str, str]] = {
    "said.task_taken": ("任务由您处理。", "The task is yours now."),
    "said.task_assigned": ("任务已转交。", "The task was given to your colleague."),
    "said.task_rescheduled": ("截止时间已改。", "The new time is saved."),
    "said.task_finished": ("任务已完成。", "The task is done."),
    "said.drive_arrived": ("已记录客户到店。", "The arrival is recorded."),
    "said.drive_completed": ("已记录试驾完成。", "The drive is recorded as finished."),
    "said.drive_no_show": ("已记录客户未到。", "It is recorded that nobody came."),
    "said.drive_checked": ("检查结果已保存。", "The check is saved."),
    "said.visit_arrived": ("已记录车辆到店。", "The arrival is recorded."),
    "said.visit_completed": ("已记录完工。", "The work is recorded as done."),
    "said.visit_no_show": ("已记录客户未到。", "It is recorded that nobody came."),
    "said.canned_added": ("常用回复已添加。", "The canned reply was added."),
    "said.canned_saved": ("常用回复已保存。", "The canned reply is saved."),
    "said.canned_deleted": ("常用回复已删除。", "The canned reply was deleted."),
    "said.token_revoked": ("令牌已停用。", "The token was revoked."),
    "said.entered": ("已登记。", "It has been entered."),
    "said.roadside_told": ("状态已更新，已告知客户。", "Updated, and the customer was told."),
    "said.roadside_call": (
        "状态已更新。客户没有收到消息，请打电话告知。",
        "Updated. The customer was not told: please call.",
    ),
    "said.roadside_stands": (
        "没有改：这位客户之后又请求了救援，请处理新的那一单。",
        "Not changed: this customer has asked for help again since; see the newer request.",
    ),
    "said.complaint_take": ("投诉由您处理。", "The complaint is yours now."),
    "said.complaint_assign": ("投诉已转交。", "The complaint was given to your colleague."),
    "said.complaint_message": ("消息已发给客户。", "The message is on its way to the customer."),
    "said.complaint_called": ("通话记录已保存。", "What was said on the phone is saved."),
    "said.complaint_cause": ("原因和措施已保存。", "The cause and the remedy are saved."),
    "said.complaint_resolve": ("投诉已办结。", "The complaint is resolved."),
    "said.complaint_reopen": ("投诉已重新打开。", "The complaint is open again."),
    "said.complaint_note": ("备注已保存。", "The note is saved."),
    "said.complaint_grade": ("类别和程度已保存。", "The category and severity are saved."),
}
