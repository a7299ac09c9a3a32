/**
 * Cards: what a car is like, or free times with a card for each day.
 *
 * Buttons belong to the moment: they can be pressed until the customer has said something else.
 * Nodes marked data-live="yes" are shown up to then, those marked "no" afterwards; `setLive` is what
 * turns them, so that nothing is drawn or read out again.
 */
import { button, h, langOf, linked } from "./dom.js";

/** @typedef {import("./transcript.js").Card} Card */

/** Whether these cards are nothing but days with times to choose from. @param {Card[]} cards */
export function areTimes(cards) {
  const isBare = (card) => card.buttons?.length && !card.image && !card.facts?.length;
  return cards.length > 0 && cards.every((card) => isBare(card) && !card.subtitle);
}

/** @param {HTMLElement} node @param {boolean} isLive */
export function setLive(node, isLive) {
  for (const each of node.querySelectorAll("[data-live]")) {
    each.hidden = (each.dataset.live === "yes") !== isLive;
  }
}

/**
 * The text beside times. Its lines that begin with the title of a card say in words what the card
 * shows: they are for the time when the card is gone.
 * @param {string} text @param {Card[]} cards
 */
export function textBeside(text, cards) {
  const isOfCard = (line) => cards.some(({ title }) => title && line.startsWith(`${title} `));
  const lines = text.split("\n");
  const others = lines.filter((line) => !isOfCard(line)).join("\n");
  if (others === text) return linked(text);
  const all = h("span", { "data-live": "no", hidden: true, "aria-live": "off" }, ...linked(text));
  return [h("span", { "data-live": "yes" }, ...linked(others)), all];
}

/**
 * @param {Card[]} cards
 * @param {{onChoice(button: object, event: Event): void, imageBase: string, texts: object}} how
 */
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
