"""Writing to the customer and to colleagues; canned replies."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    # Replying
    "reply.label": ("回复客户", "Reply to the customer"),
    "reply.send": ("回复", "Reply"),
    "reply.assistant": (
        "助手正在接待。回复后由您接待，助手不再作答。",
        "The assistant handles this chat. Your reply takes it over and the assistant goes silent.",
    ),
    "reply.waiting": (
        "客户在等人工。回复后由您接待，助手不再作答。",
        "The customer waits for a person. Your reply takes the chat over from the assistant.",
    ),
    "reply.mine": (
        "由您接待，助手不作答，直到交回或关闭。",
        "This chat is yours. The assistant stays silent until you hand it back or close it.",
    ),
    "reply.other": (
        "{name} 正在接待。您一回复就改由您接待。",
        "{name} handles this chat. If you reply, it becomes yours.",
    ),
    "reply.closed": (
        "会话已关闭。回复会重新打开，并由您接待。",
        "This chat is closed. Your reply opens it again and it becomes yours.",
    ),
    "reply.empty": ("还没有写内容。", "Nothing is written yet."),
    "reply.too_long": (
        "最多 {limit} 个字，现在有 {length} 个。请缩短后再发。",
        "At most {limit} characters; this has {length}. Shorten it and send it again.",
    ),
    "reply.failed": (
        "没有成功，所写内容还在。请再试一次，或复制后刷新页面。",
        "That did not work. Your text is still here: try again, or copy it and reload the page.",
    ),
    "reply.mode": ("写给谁", "To whom"),
    "reply.mode_reply": ("回复客户", "Reply"),
    "reply.mode_note": ("内部备注", "Private note"),
    "reply.keys": (
        "输入 / 选用常用回复，Ctrl-Enter 发送",
        "Type / for canned replies, Ctrl-Enter sends",
    ),
    "reply.unfilled": (
        "还有未填写的内容：{fields}。填好或删去后再发。",
        "Not filled in yet: {fields}. Fill it in or delete it, then send.",
    ),
    "note.label": ("内部备注，客户看不到", "Private note; the customer never sees it"),
    "note.send": ("保存备注", "Add note"),
    "note.hint": ("只有同事能看到，不会发给客户。", "Only colleagues see this. It is not sent."),
    # Canned replies
    "canned.title": ("常用回复", "Canned replies"),
    "canned.lead": (
        "在回复框中输入 / 加快捷词即可选用，以客户的语言填入。",
        "Type / and the shortcut where you reply; the text comes in the customer's language.",
    ),
    "canned.fields": ("可用字段", "Fields"),
    "canned.field_name": ("客户姓名", "customer's name"),
    "canned.field_staff": ("您的姓名", "your name"),
    "canned.field_dealership": ("门店名称", "name of the dealership"),
    "canned.field_phone": ("客户手机号", "customer's phone"),
    "canned.field_number": (
        "最近一张预约或投诉的单号",
        "number of the latest booking or complaint",
    ),
    "canned.shortcut": ("快捷词", "Shortcut"),
    "canned.text_zh": ("中文", "Chinese"),
    "canned.text_en": ("英文", "English"),
    "canned.add": ("新增", "Add"),
    "canned.add_title": ("新增常用回复", "Add a canned reply"),
    "canned.edit": ("修改", "Edit"),
    "canned.edit_title": ("修改常用回复", "Edit the canned reply"),
    "canned.edit_named": ("修改 {shortcut}", "Edit {shortcut}"),
    "canned.save": ("保存", "Save"),
    "canned.cancel": ("取消", "Cancel"),
    "canned.delete": ("删除", "Delete"),
    "canned.delete_named": ("删除 {shortcut}", "Delete {shortcut}"),
    "canned.deleted": ("已删除 {shortcut}", "Deleted {shortcut}"),
    "canned.none": ("还没有常用回复", "No canned replies yet"),
    "canned.none_hint": ("经理和管理员可以新增。", "Managers and administrators can add them."),
    "canned.no_match": ("没有符合的常用回复", "No canned reply matches"),
    "canned.choose": ("选用常用回复", "Choose a canned reply"),
    "canned.bad_shortcut": (
        "快捷词为 1 到 32 个字母、数字、汉字或 - _，不含空格。",
        "A shortcut has 1 to 32 letters, digits, - or _, and no spaces.",
    ),
    "canned.shortcut_taken": ("这个快捷词已经有了。", "This shortcut is taken."),
    "canned.bad_text": (
        "两种语言都要填写，每种最多 {limit} 个字。",
        "Both languages are needed, each with at most {limit} characters.",
    ),
    "canned.unknown_field": ("没有字段 {fields}。", "There is no field {fields}."),
}
