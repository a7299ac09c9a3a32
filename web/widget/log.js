/**
 * The list of messages. It keeps one node per message and only ever adds, moves or amends: what is
 * announced to a screen reader is what is really new.
 */
import { h, icon, langOf, linked } from "./dom.js";

const QUICK_REPLIES_SHOWN = 12;

export class Log {
  /** @type {Map<string, {node: HTMLElement, signature: string}>} */
  #drawn = new Map();
  #handlers;
  #imageBase;

  /**
   * @param {{onStarter(text: string, event: Event): void, onChoice(button: object, event: Event): void,
   *          onRetry(id: string): void, onDiscard(id: string): void, isUsed(choice: string): boolean}}
   *   handlers
   * @param {string} imageBase address that a card's image is relative to
   */
  constructor(handlers, imageBase) {
    this.#handlers = handlers;
    this.#imageBase = imageBase;
    this.element = h("div", { class: "log", role: "log", "aria-live": "polite" });
  }

  /**
   * @param {import("./client.js").ChatClient} client
   * @param {typeof import("./texts.js").TEXTS.zh} texts
   */
  draw(client, texts) {
    this.element.setAttribute("aria-label", texts.log);
    const entries = this.#entries(client, texts);
    const keys = new Set(entries.map((entry) => entry.key));
    for (const [key, { node }] of this.#drawn) {
      if (keys.has(key)) continue;
      node.remove();
      this.#drawn.delete(key);
    }
    let place = this.element.firstChild;
    for (const { key, signature, build, amend } of entries) {
      let drawn = this.#drawn.get(key);
      if (drawn?.signature !== signature) {
        const node = build();
        if (drawn) {
          if (place === drawn.node) place = node;
          drawn.node.replaceWith(node);
        }
        drawn = { node, signature };
        this.#drawn.set(key, drawn);
      }
      amend?.(drawn.node);
      if (drawn.node === place) place = place.nextSibling;
      else this.element.insertBefore(drawn.node, place);
    }
  }

  /** The node of the first message after `seq` that is not the customer's, if there is one. */
  firstAfter(client, seq) {
    const message = client.transcript.messages.find(
      (each) => each.seq > seq && each.sender !== "customer",
    );
    return message && this.#drawn.get(client.transcript.keyOf(message))?.node;
  }

  #entries(client, texts) {
    const { messages } = client.transcript;
    const unsent = client.unsent.filter((item) => !(item.seq && client.transcript.has(item.seq)));
    const entries = [];
    if (client.restarted) {
      entries.push(this.#entry("restarted", [texts.lang], () => note(texts.restarted)));
    }
    let day = "";
    let previous = "";
    const greeting = { sender: "assistant", text: texts.greeting };
    if (!messages.length) {
      entries.push(this.#message("greeting", greeting, true, texts));
      previous = "assistant";
    }
    for (const message of messages) {
      const sentAt = new Date(message.sent_at);
      const date = dayOf(sentAt, texts);
      if (date !== day) {
        day = date;
        previous = "";
        const key = `day:${sentAt.toDateString()}`;
        entries.push(this.#entry(key, [date], () => h("p", { class: "day" }, date)));
      }
      if (message === messages[0]) {
        entries.push(this.#message("greeting", greeting, true, texts));
        previous = "assistant";
      }
      const isFirst = message.sender !== previous;
      previous = message.sender;
      entries.push(this.#message(client.transcript.keyOf(message), message, isFirst, texts));
    }
    for (const item of unsent) {
      const key = `own:${item.id}`;
      entries.push(this.#own(key, item.text, previous !== "customer", item, texts));
      previous = "customer";
    }
    const replies = this.#quickReplies(client, unsent, texts);
    if (replies) entries.push(replies);
    return entries;
  }

  #entry(key, parts, build) {
    return { key, signature: JSON.stringify(parts), build };
  }

  #message(key, message, isFirst, texts) {
    const { sender, text = "", sent_at, cards = [] } = message;
    const open = cards.flatMap((card) => card.buttons ?? []).some((b) => this.#handlers.isUsed(b.choice));
    const parts = [sender, text, sent_at, cards, isFirst, open, texts.lang];
    if (sender === "customer") return this.#own(key, text, isFirst, null, texts);
    if (sender === "system") return this.#entry(key, [text], () => note(text));
    return this.#entry(key, parts, () => {
      const node = bubble(sender, text, isFirst, texts, sent_at);
      if (cards.length) node.append(this.#cards(cards, open, texts));
      return node;
    });
  }

  /**
   * The customer's own words, unsent or acknowledged. The bubble is the same in both; only its state
   * is amended, or a screen reader would hear every message twice.
   * @param {import("./client.js").Unsent | null} item
   */
  #own(key, text, isFirst, item, texts) {
    const state = item ? `${item.state} ${item.status ?? ""}` : "";
    const entry = this.#entry(key, ["customer", text, isFirst, texts.lang], () =>
      bubble("customer", text, isFirst, texts),
    );
    entry.amend = (node) => {
      if ((node.dataset.state ?? "") === state) return;
      node.dataset.state = state;
      node.querySelector(".state")?.remove();
      node.classList.toggle("sending", item?.state === "sending");
      node.classList.toggle("failed", ["failed", "refused"].includes(item?.state));
      if (item) node.append(this.#state(item, texts));
    };
    return entry;
  }

  #state(item, texts) {
    const { onRetry, onDiscard } = this.#handlers;
    const words = {
      sending: texts.sending,
      throttled: texts.throttled,
      failed: texts.failed,
      refused: texts.refused[item.status] ?? texts.refused.other,
    };
    const isOver = item.state === "failed" || item.state === "refused";
    return h(
      "p",
      { class: "state" },
      h("span", {}, words[item.state]),
      item.state === "failed" && action(texts.retry, () => onRetry(item.id)),
      isOver && action(texts.discard, () => onDiscard(item.id)),
    );
  }

  /** Starters before anything was said; then the buttons since the customer's last words. */
  #quickReplies(client, unsent, texts) {
    const { messages } = client.transcript;
    const pending = unsent.some((item) => item.state !== "refused");
    let buttons = [];
    let press = this.#handlers.onChoice;
    if (pending) return null;
    if (!messages.length) {
      // Nothing to offer while the transcript of an earlier visit is on its way.
      if (client.hasConversation && client.connection !== "online") return null;
      buttons = texts.starters.map((title) => ({ title, choice: title }));
      press = (button, event) => this.#handlers.onStarter(button.title, event);
    } else {
      const last = messages.findLastIndex((each) => each.sender === "customer");
      buttons = messages
        .slice(last + 1)
        .flatMap((each) => each.buttons ?? [])
        .filter((button) => !this.#handlers.isUsed(button.choice))
        .slice(-QUICK_REPLIES_SHOWN);
    }
    if (!buttons.length) return null;
    return this.#entry("replies", [buttons, texts.lang, !messages.length], () =>
      h(
        "div",
        { class: "replies", role: "group", "aria-label": texts.quickReplies },
        ...buttons.map((button) =>
          h(
            "button",
            { type: "button", class: "reply", onclick: (event) => press(button, event) },
            button.title,
          ),
        ),
      ),
    );
  }

  #cards(cards, isUsed, texts) {
    const several = cards.length > 1;
    return h(
      "div",
      several
        ? { class: "cards several", role: "group", tabindex: "0", "aria-label": texts.cards }
        : { class: "cards" },
      ...cards.map((card) => this.#card(card, isUsed)),
    );
  }

  #card({ title = "", subtitle, image, facts = [], buttons = [] }, isUsed) {
    const address = imageAddress(image, this.#imageBase);
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
        !isUsed &&
        h(
          "div",
          { class: "card-buttons" },
          ...buttons.map((button) =>
            h(
              "button",
              {
                type: "button",
                "aria-label": `${button.title} ${title}`,
                onclick: (event) => this.#handlers.onChoice(button, event),
              },
              button.title,
            ),
          ),
        ),
    );
  }
}

function action(title, onclick) {
  return h("button", { type: "button", onclick }, title);
}

function note(text) {
  return h("p", { class: "note", lang: langOf(text) }, ...linked(text));
}

function bubble(sender, text, isFirst, texts, sentAt) {
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
        sentAt && h("time", { datetime: sentAt }, timeOf(new Date(sentAt), texts)),
      ),
    );
  }
  if (text) {
    const content = sender === "customer" ? [text] : linked(text);
    node.append(h("p", { class: "bubble", lang: langOf(text) }, ...content));
  }
  return node;
}

function timeOf(date, texts) {
  if (Number.isNaN(date.getTime())) return "";
  return date.toLocaleTimeString(texts.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
}

function dayOf(date, texts) {
  if (Number.isNaN(date.getTime())) return "";
  const now = new Date();
  if (date.toDateString() === now.toDateString()) return texts.today;
  now.setDate(now.getDate() - 1);
  if (date.toDateString() === now.toDateString()) return texts.yesterday;
  return date.toLocaleDateString(texts.lang, { month: "long", day: "numeric", weekday: "short" });
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
