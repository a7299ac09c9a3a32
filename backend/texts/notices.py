"""What the backend itself says to a customer, in both languages."""

TURN_FAILED = {
    "zh": "系统暂时没能处理这条消息，已经转给人工同事，他们会在这里回复您。",
    "en": "I couldn't process that message just now. It has gone to a colleague, "
    "who will reply to you here.",
}
TURN_FAILED_BY = {
    "zh": "系统暂时没能处理这条消息，已经转给人工同事，最晚 {due} 会在这里回复您。",
    "en": "I couldn't process that message just now. It has gone to a colleague, "
    "who will reply to you here by {due}.",
}
PROMISE_MISSED = {
    "zh": "说好 {missed} 前回复您，同事还没能接上，这是我们没做到。最晚 {due} 会有人在这里回复；"
    "等不及的话请直接打 {phone}。",
    "en": "You were promised a reply by {missed} and nobody has been free yet. We did not keep "
    "that. Somebody will reply here by {due}; if you can't wait, please call {phone}.",
}
PROMISE_MISSED_UNTIMED = {
    "zh": "说好 {missed} 前回复您，同事还没能接上，这是我们没做到。请直接打 {phone}。",
    "en": "You were promised a reply by {missed} and nobody has been free yet. We did not keep "
    "that. Please call {phone}.",
}
UNAVAILABLE = {
    "zh": "系统暂时不可用，请稍后再试。",
    "en": "The system is unavailable for the moment. Please try again shortly.",
}
