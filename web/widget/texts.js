/** Everything the widget itself says, in both languages. The dealership's words come from the API. */

const expiredZh = "这个选项已失效，直接写下您的需求就可以";

const zh = {
  lang: "zh-CN",
  title: "在线客服",
  subtitle: "智能助手，可转人工",
  withStaff: "同事正在为您服务",
  launcher: "在线咨询",
  unread: (count) => `${count} 条新消息`,
  close: "关闭对话窗口",
  language: "界面语言",
  more: "更多操作",
  end: "结束并评价",
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
  closed: "本次会话已结束，需要时继续输入就可以。",
  greeting:
    "您好，我是门店的智能助手。车型价格、试驾、保养都可以直接问我，需要的话帮您转接客服。",
  starters: ["看看车型价格", "预约试驾", "预约保养", "转人工客服"],
  sending: "发送中",
  waiting: "未发送，网络恢复后自动发出",
  uploading: (percent) => `图片上传中 ${percent}%`,
  throttled: "发送较快，稍后自动发出",
  failed: "未发送",
  retry: "重新发送",
  discard: "删除",
  refused: {
    expired_choice: expiredZh,
    unknown_choice: expiredZh,
    picture_lost: "图片没有保存下来，请重新选择",
    unknown_attachment: "图片没有上传成功，请重新选择",
    not_an_image: "这张图片无法识别，请换一张",
    too_many_pictures: "图片数量已达上限，请用文字说明",
    413: "内容超过 2000 字，请分几条发送",
    other: "这条消息无法发送，请换个说法",
  },
  tooLong: (over) => `超出 ${over} 字，最多 2000 字，请删减或分几条发送`,
  count: (count, limit) => `${count} / ${limit}`,
  cards: "可左右滑动查看",
  times: "可约时间，可用方向键选择",
  attach: "添加图片",
  removePicture: "移除图片",
  pictureAdded: "图片已添加，发送后对方才能看到",
  pictureTooLarge: "图片超过 8 MB，请换一张小一点的",
  notAPicture: "只能发送 JPEG、PNG、WebP 或 GIF 图片",
  onePicture: "一次发送一张图片，已添加第一张",
  picture: "您发送的图片",
  pictureGone: "图片暂时无法显示",
  drop: "松开即可添加图片",
  rating: {
    title: "这次服务怎么样？",
    stars: ["很不满意", "不太满意", "一般", "满意", "很满意"],
    star: (count, words) => `${count} 星，${words}`,
    comment: "想补充的话（选填）",
    submit: "提交评价",
    skip: "暂不评价",
    missing: "请先选择星级",
    failed: "评价没有提交成功，请再试一次",
    thanks: "谢谢，您的评价已收到。",
    close: "关闭窗口",
  },
};

const expiredEn = "This choice is no longer valid. Just write what you would like";

/** @type {typeof zh} */
const en = {
  lang: "en",
  title: "Chat with us",
  subtitle: "Assistant and team",
  withStaff: "A colleague is here",
  launcher: "Chat with us",
  unread: (count) => `${count} new ${count === 1 ? "message" : "messages"}`,
  close: "Close the chat",
  language: "Language",
  more: "More options",
  end: "End and rate",
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
  closed: "This conversation has ended. Write again whenever you like.",
  greeting:
    "Hello, I'm the dealership's assistant. Ask me about models and prices, test drives or " +
    "servicing. I can bring in a colleague if you prefer.",
  starters: ["Models and prices", "Book a test drive", "Book a service", "Talk to a person"],
  sending: "Sending",
  waiting: "Not sent yet. It goes out when you are back online",
  uploading: (percent) => `Sending the picture, ${percent}%`,
  throttled: "A little fast. It will go out in a moment",
  failed: "Not sent",
  retry: "Send again",
  discard: "Remove",
  refused: {
    expired_choice: expiredEn,
    unknown_choice: expiredEn,
    picture_lost: "The picture was not kept. Please choose it again",
    unknown_attachment: "The picture did not arrive. Please choose it again",
    not_an_image: "This picture cannot be read. Please try another one",
    too_many_pictures: "No more pictures can be added here. Please describe it in words",
    413: "More than 2,000 characters. Please send it in parts",
    other: "This message could not be sent. Please try other words",
  },
  tooLong: (over) =>
    `${over} ${over === 1 ? "character" : "characters"} over the limit of 2,000. ` +
    "Please shorten it or send it in parts",
  count: (count, limit) => `${count} / ${limit}`,
  cards: "Scroll sideways for more",
  times: "Free times. The arrow keys move between them",
  attach: "Add a picture",
  removePicture: "Remove the picture",
  pictureAdded: "Picture added. It goes out when you press Send",
  pictureTooLarge: "This picture is over 8 MB. Please choose a smaller one",
  notAPicture: "Only JPEG, PNG, WebP and GIF pictures can be sent",
  onePicture: "One picture at a time. The first one was added",
  picture: "Picture you sent",
  pictureGone: "The picture cannot be shown right now",
  drop: "Drop the picture here",
  rating: {
    title: "How did we do?",
    stars: ["Very poor", "Poor", "Fair", "Good", "Very good"],
    star: (count, words) => `${count} ${count === 1 ? "star" : "stars"}, ${words}`,
    comment: "Anything to add? (optional)",
    submit: "Submit rating",
    skip: "Not now",
    missing: "Please choose a number of stars first",
    failed: "Your rating was not sent. Please try again",
    thanks: "Thank you. We have received your rating.",
    close: "Close the chat",
  },
};

export const TEXTS = { zh, en };

/** The language to show first, "zh" or "en", by the tags that a browser prefers in this order. */
export function browserLocale(preferred) {
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return "zh";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}

/** Why a message was refused, by the code of the API, else by the status. */
export function refusalOf(texts, { code, status, picture, attachment }) {
  if (status === 413 && picture && !attachment) return texts.pictureTooLarge;
  return texts.refused[code] ?? texts.refused[status] ?? texts.refused.other;
}
