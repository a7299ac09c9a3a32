"""What this channel itself says: to customers in both languages, to staff about an event."""

CHOOSE = {"zh": "回复序号即可选择。", "en": "Reply with a number to choose."}

# Shown to staff as the customer's part of the transcript, in the account's language.
VOICE = "[语音]"
VIDEO = "[视频]"
FILE = "[文件]"
UNKNOWN = "[暂不支持的消息]"
LOCATION = "[位置]"
FOLLOWED = "关注了公众号"
FOLLOWED_BY_CODE = "扫码关注了公众号"
SCANNED = "扫了二维码"
SCENE = "场景"

COMMAND_TITLES = {
    "/book_test_drive": "预约试驾",
    "/ask_price": "询问价格",
    "/book_maintenance": "预约保养",
    "/human_handoff": "转人工",
}
"""What a press on the account's menu reads like."""
