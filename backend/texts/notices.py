"""What the backend itself says to a customer, in both languages."""

TURN_FAILED = {
    "zh": "系统暂时没能处理这条消息，已经转给人工同事，他们会在这里回复您。",
    "en": "I couldn't process that message just now. It has gone to a colleague, "
    "who will reply to you here.",
}
