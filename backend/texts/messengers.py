"""What customers of a messenger are told when they send what the assistant cannot read."""

VOICE = {
    "zh": "语音我暂时听不懂，录音已经保存在对话里。麻烦打字告诉我。",
    "en": "I can't listen to voice messages yet; the recording is kept in this chat. "
    "Please type your question.",
}
VIDEO = {
    "zh": "视频已经保存在对话里，我自己看不了。麻烦用文字说一下情况。",
    "en": "The video is kept in this chat, but I can't watch it myself. "
    "Please describe it in a few words.",
}
FILE = {
    "zh": "文件已经保存在对话里，我自己打不开。麻烦用文字说一下需要什么。",
    "en": "The file is kept in this chat, but I can't open it myself. "
    "Please tell me in a few words what you need.",
}
TOO_LARGE = {
    "zh": "这个文件太大，没能保存。可以发小一点的，或者用文字说明。",
    "en": "That file is too large to keep. Please send a smaller one, or describe it in words.",
}
PLACE = {
    "zh": "位置已经记在对话里。麻烦打字告诉我需要什么帮助。",
    "en": "Your location is noted in this chat. Please type what I can help you with.",
}
UNSUPPORTED = {
    "zh": "这种消息我这里收不到内容。麻烦用文字再说一遍。",
    "en": "I can't read that kind of message. Please say it in words.",
}
BUTTON_GONE = {
    "zh": "这个按钮已经失效，直接打字告诉我就行。",
    "en": "That button is no longer open. Just type what you would like.",
}
