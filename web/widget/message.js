/** One message as nodes: its bubble, who says it and when, its picture, how far it has got. */
import { button, h, icon, langOf, linked } from "./dom.js";
import { refusalOf } from "./texts.js";

/** What the system says, as a line of its own. */
export function note(text) {
  return h("p", { class: "note", lang: langOf(text) }, ...linked(text));
}

/**
 * @param {import("./transcript.js").Message} message
 * @param {{isFirst: boolean, texts: object, said?: Node[]}} how `said` stands for the linked text
 */
export function bubble({ sender, text, sent_at }, { isFirst, texts, said }) {
  const label = texts[sender] ?? texts.assistant;
  const node = h("div", { class: `message ${sender}${isFirst ? " first" : ""}` });
  if (sender === "customer") {
    node.append(h("span", { class: "unseen" }, `${label}: `));
  } else if (isFirst) {
    node.append(
      h(
        "p",
        { class: "sender" },
        h("span", { class: "badge" }, icon(sender === "staff" ? "person" : "car")),
        h("span", {}, label),
        sent_at && h("time", { datetime: sent_at }, timeOf(new Date(sent_at), texts)),
      ),
    );
  }
  if (text) {
    const content = said ?? (sender === "customer" ? [text] : linked(text));
    node.append(h("p", { class: "bubble", lang: langOf(text) }, ...content));
  }
  return node;
}

/**
 * A picture of the customer; a line of text takes its place when it cannot be shown.
 * @param {Promise<string>} address
 */
export function picture(address, texts) {
  const image = h("img", { alt: texts.picture });
  const frame = h("div", { class: "picture" }, image);
  const fail = () => frame.replaceChildren(h("p", {}, icon("picture"), texts.pictureGone));
  image.addEventListener("error", fail);
  address.then((found) => (image.src = found), fail);
  return frame;
}

/**
 * How far an unsent message has got, and what can be done about it.
 * @param {import("./outbox.js").Unsent} item
 * @param {{isLost: boolean, texts: object, onRetry(id: string): void, onDiscard(id: string): void}}
 *   how `isLost` while there is no connection
 */
export function state(item, { isLost, texts, onRetry, onDiscard }) {
  const words = {
    sending: isLost
      ? texts.waiting
      : item.progress === undefined || item.attachment
        ? texts.sending
        : texts.uploading(item.progress),
    throttled: texts.throttled,
    failed: texts.failed,
    refused: refusalOf(texts, item),
  };
  const isOver = item.state === "failed" || item.state === "refused";
  return h(
    "p",
    { class: "state" },
    h("span", {}, words[item.state]),
    item.state === "failed" && button(texts.retry, () => onRetry(item.id)),
    isOver && button(texts.discard, () => onDiscard(item.id)),
  );
}

function timeOf(date, texts) {
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleTimeString(texts.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** The day of a message as the line above it says it; the year when it is another one. */
export function dayOf(date, texts) {
  if (Number.isNaN(date.getTime())) return "";
  const now = new Date();
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  if (date.toDateString() === now.toDateString()) return texts.today;
  now.setDate(now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return texts.yesterday;
  return date.toLocaleDateString(texts.lang, {
    year,
    month: "long",
    day: "numeric",
    weekday: "short",
  });
}
