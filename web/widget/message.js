/**
 * One message as nodes: its bubble, who says it and when, its picture, its cards.
 *
 * Buttons belong to the moment: they can be pressed until the customer has said something else.
 * Nodes marked data-live="yes" are shown up to then, those marked "no" afterwards; `setLive` is what
 * turns them, so that nothing is drawn or read out again.
 */
import { button, h, icon, langOf, linked } from "./dom.js";
import { refusalOf } from "./texts.js";

/** What the system says, as a line of its own. */
export function note(text) {
  return h("p", { class: "note", lang: langOf(text) }, ...linked(text));
}

/** @param how {isFirst, texts, said}: `said` are nodes in the place of the linked text */
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

/** How far an unsent message has got, and what can be done about it; `isLost` without connection. */
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

/** Whether these cards are nothing but days with times to choose from. */
export function areTimes(cards) {
  const isBare = (card) => card.buttons?.length && !card.image && !card.facts?.length;
  return cards.length > 0 && cards.every((card) => isBare(card) && !card.subtitle);
}

export function setLive(node, isLive) {
  for (const each of node.querySelectorAll("[data-live]")) {
    each.hidden = (each.dataset.live === "yes") !== isLive;
  }
}

/**
 * The text beside times. Its lines that begin with the title of a card say in words what the card
 * shows: they are for the time when the card is gone.
 */
export function textBeside(text, cards) {
  const isOfCard = (line) => cards.some(({ title }) => title && line.startsWith(`${title} `));
  const lines = text.split("\n");
  const others = lines.filter((line) => !isOfCard(line)).join("\n");
  if (others === text) return linked(text);
  const all = h("span", { "data-live": "no", hidden: true, "aria-live": "off" }, ...linked(text));
  return [h("span", { "data-live": "yes" }, ...linked(others)), all];
}

/** @param {import("./transcript.js").Card[]} cards @param how {onChoice, imageBase, texts} */
export function cardsNode(cards, how) {
  if (areTimes(cards)) return times(cards, how);
  const several = { class: "cards several", role: "group", tabindex: "0", "aria-label": how.texts.cards };
  return h(
    "div",
    cards.length > 1 ? several : { class: "cards" },
    ...cards.map((card) => cardNode(card, how)),
  );
}

function cardNode({ title = "", subtitle, image, facts = [], buttons = [] }, { onChoice, imageBase }) {
  const address = imageAddress(image, imageBase);
  return h(
    "article",
    { class: "card", lang: langOf(title + (facts[0]?.label ?? "")) },
    address &&
      h("img", {
        src: address,
        alt: "",
        loading: "lazy",
        onerror: (event) => event.target.remove(),
      }),
    h("h3", {}, title),
    subtitle && h("p", { class: "subtitle" }, subtitle),
    facts.length > 0 &&
      h(
        "table",
        {},
        h(
          "tbody",
          {},
          ...facts.map(({ label, value }) =>
            h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, ...linked(String(value)))),
          ),
        ),
      ),
    buttons.length > 0 &&
      h(
        "div",
        { class: "card-buttons", "data-live": "yes" },
        ...buttons.map((each) =>
          button(each.title, (event) => onChoice(each, event), {
            "aria-label": `${each.title} ${title}`,
          }),
        ),
      ),
  );
}

function times(cards, { onChoice, texts }) {
  return h(
    "div",
    {
      class: "times",
      role: "group",
      "aria-label": texts.times,
      "data-live": "yes",
      onkeydown: moveAmongTimes,
    },
    ...cards.map(({ title = "", buttons }) =>
      h(
        "div",
        { class: "day-times", role: "group", "aria-label": title, lang: langOf(title) },
        h("h3", {}, ...titleParts(title)),
        ...buttons.map((each) => {
          // Said with its day: "10:00" alone would tell nothing in the transcript.
          const said = `${title} ${each.title}`.trim();
          const choose = (event) => onChoice({ ...each, title: said }, event);
          return button(each.title, choose, { "aria-label": said });
        }),
      ),
    ),
  );
}

/** "11月28日周六" may break before the day of the week, and nowhere else. */
function titleParts(title) {
  const week = title.indexOf("周");
  return week > 0 ? [title.slice(0, week), h("wbr"), title.slice(week)] : [title];
}

/** Arrow keys: up and down among the times of a day, left and right from day to day. */
function moveAmongTimes(event) {
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  const here = event.target.closest("button");
  if (!step || !here) return;
  event.preventDefault();
  const days = [...event.currentTarget.children].map((day) => [...day.querySelectorAll("button")]);
  const day = days.findIndex((each) => each.includes(here));
  const next = days[day + step[0]];
  const row = days[day].indexOf(here) + step[1];
  next?.[Math.min(Math.max(row, 0), next.length - 1)]?.focus();
}

/** An image's absolute address, or null for anything but http(s). */
function imageAddress(image, base) {
  if (!image) return null;
  try {
    const url = new URL(image, base);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
