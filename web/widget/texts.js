/** Everything the widget itself says, in both languages. The dealership's words come from the API. */

const zh = {
  lang: "zh-CN",
  title: "在线客服",
  subtitle: "智能助手解答，也可转人工客服",
  launcher: "在线咨询",
  open: "打开在线客服",
  unread: (count) => `，${count} 条新消息`,
  close: "关闭对话窗口",
  language: "界面语言",
  log: "对话内容",
  input: "请输入您的问题",
  send: "发送",
  quickReplies: "快捷回复",
  assistant: "智能助手",
  staff: "客服",
  customer: "您",
  typing: "对方正在输入",
  today: "今天",
  yesterday: "昨天",
  newMessages: "有新消息",
  reconnecting: "连接中断，正在重新连接…",
  restarted: "之前的会话已失效，我们从这里重新开始。",
  greeting:
    "您好，我是门店的智能助手。车型价格、试驾、保养都可以直接问我，需要的话帮您转接客服。",
  starters: ["看看车型价格", "预约试驾", "预约保养", "转人工客服"],
  sending: "发送中",
  throttled: "发送较快，稍后自动发出",
  failed: "未发送",
  retry: "重新发送",
  discard: "删除",
  refused: {
    404: "这个选项已失效，请直接输入您的问题",
    413: "内容超过 2000 字，请分几条发送",
    other: "这条消息无法发送，请换个说法",
  },
  tooLong: (over) => `超出 ${over} 字，最多 2000 字，请删减或分几条发送`,
  count: (count, limit) => `${count} / ${limit}`,
  cards: "可左右滑动查看",
};

const en = {
  lang: "en",
  title: "Chat with us",
  subtitle: "Assistant, or our team on request",
  launcher: "Chat with us",
  open: "Open the chat",
  unread: (count) => `, ${count} new ${count === 1 ? "message" : "messages"}`,
  close: "Close the chat",
  language: "Language",
  log: "Conversation",
  input: "Type your question",
  send: "Send",
  quickReplies: "Quick replies",
  assistant: "Assistant",
  staff: "Staff",
  customer: "You",
  typing: "Typing",
  today: "Today",
  yesterday: "Yesterday",
  newMessages: "New messages",
  reconnecting: "Connection lost. Reconnecting…",
  restarted: "The earlier conversation is no longer available. We start afresh here.",
  greeting:
    "Hello, I'm the dealership's assistant. Ask me about models and prices, test drives or " +
    "servicing. I can bring in a colleague if you prefer.",
  starters: ["Models and prices", "Book a test drive", "Book a service", "Talk to a person"],
  sending: "Sending",
  throttled: "A little fast. It will go out in a moment",
  failed: "Not sent",
  retry: "Send again",
  discard: "Remove",
  refused: {
    404: "This option is no longer valid. Please type your question",
    413: "More than 2,000 characters. Please send it in parts",
    other: "This message could not be sent. Please try other words",
  },
  tooLong: (over) =>
    `${over} ${over === 1 ? "character" : "characters"} over the limit of 2,000. ` +
    "Please shorten it or send it in parts",
  count: (count, limit) => `${count} / ${limit}`,
  cards: "Scroll sideways for more",
};

export const TEXTS = { zh, en };

/**
 * The language to show first: "zh" for a browser that prefers any kind of Chinese, else "en".
 * @param {readonly string[]} preferred BCP 47 tags, most wanted first
 * @returns {"zh" | "en"}
 */
export function browserLocale(preferred) {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return "zh";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}
