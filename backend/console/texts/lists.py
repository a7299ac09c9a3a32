"""Lists: search, filters, pages, and what stands where there is nothing."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    # Lists
    "list.search": ("搜索", "Search"),
    "list.state": ("状态", "State"),
    "list.owner": ("接待", "Handled by"),
    "list.all": ("全部", "All"),
    "list.mine": ("我的", "Mine"),
    "list.oldest_wait": ("等待最久在前", "Longest wait first"),
    "list.from": ("从", "From"),
    "list.to": ("到", "To"),
    "list.sort": ("排序", "Sort"),
    "list.newest": ("最新在前", "Newest first"),
    "list.urgent": ("紧急在前", "Most urgent first"),
    "list.oldest": ("最早在前", "Oldest first"),
    "list.due_start": ("按到店时间", "By appointment time"),
    "list.due_deadline": ("按截止时间", "By deadline"),
    "list.filter": ("筛选", "Filter"),
    "list.more": ("日期与排序", "Dates and order"),
    "list.clear": ("清除条件", "Clear filters"),
    "list.range": ("第 {first}–{last} 条，共 {total} 条", "{first}–{last} of {total}"),
    "list.previous": ("上一页", "Previous"),
    "list.next": ("下一页", "Next"),
    "list.pages": ("翻页", "Pages"),
    "list.bad_dates": (
        "日期无法识别，未按日期筛选。",
        "The dates were not understood and are ignored.",
    ),
    "list.nothing_found": ("没有符合条件的记录", "Nothing matches"),
    "list.nothing_found_hint": (
        "换一个词，或清除筛选条件。",
        "Try another word, or clear the filters.",
    ),
    "search.conversations": (
        "内容、姓名、手机号、车牌或单号",
        "Words, name, phone, number",
    ),
    "search.order": ("按最近提到的时间排列", "Latest mention first"),
    "search.not_yet": (
        "较新的记录中没有，可往后继续找。",
        "Not in the newer chats. Look further back.",
    ),
    "search.note": ("备注", "Note"),
    "search.test_drives": ("单号、姓名、手机号、车牌或车型", "Number, name, phone, plate"),
    "search.service_bookings": ("单号、姓名、手机号或车牌", "Number, name, phone or plate"),
    "search.complaints": ("单号、内容、姓名或手机号", "Number, words, name or phone"),
    "search.tasks": ("内容、姓名或手机号", "Words, name or phone"),
    # Empty lists
    "empty.conversations": ("还没有会话", "No chats yet"),
    "empty.conversations_hint": (
        "客户在网站上开始聊天后，会显示在这里。",
        "They appear here when customers start to chat on the website.",
    ),
    "empty.test_drives": ("还没有试驾预约", "No test drives yet"),
    "empty.test_drives_hint": (
        "客户在聊天中约好试驾后，会显示在这里。",
        "They appear here when customers book one in the chat.",
    ),
    "empty.service_bookings": ("还没有维保预约", "No service bookings yet"),
    "empty.service_bookings_hint": (
        "客户在聊天中约好保养或维修后，会显示在这里。",
        "They appear here when customers book a visit in the chat.",
    ),
    "empty.complaints": ("还没有投诉", "No complaints yet"),
    "empty.complaints_hint": (
        "客户在聊天中提出的投诉会显示在这里，并带有处理期限。",
        "Complaints made in the chat appear here with their deadline.",
    ),
    "empty.tasks": ("没有任务", "No tasks"),
    "empty.tasks_hint": (
        "助手需要人工跟进时，会在这里留下任务。",
        "The assistant leaves a task here when a person has to follow up.",
    ),
}
