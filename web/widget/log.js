/**
 * The list of messages. It keeps one node per message and only ever adds, moves or amends: what is
 * announced to a screen reader is what is really new.
 */
import { button, h } from "./dom.js";
import {
  areTimes,
  bubble,
  cardsNode,
  dayOf,
  note,
  picture,
  setLive,
  state,
  textBeside,
} from "./message.js";

const QUICK_REPLIES_SHOWN = 12;

export class Log {
  /** @type {Map<string, {node: HTMLElement, signature: string}>} */
  #drawn = new Map();
  #handlers;
  #imageBase;

  /**
   * @param handlers {onStarter, onChoice, onRetry, onDiscard, isUsed}
   * @param {string} imageBase address that a card's image is relative to
   */
  constructor(handlers, imageBase) {
    this.#handlers = handlers;
    this.#imageBase = imageBase;
    this.element = h("div", { class: "log", role: "log", "aria-live": "polite" });
  }

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
    const { transcript } = client;
    const { messages } = transcript;
    const unsent = client.unsent.filter((item) => !(item.seq && transcript.has(item.seq)));
    // What has been said since a button was offered, or is on its way, has answered it.
    const isPending = unsent.some((item) => item.state !== "refused");
    const answered = isPending ? Infinity : transcript.lastOwn;
    const entries = [];
    if (client.restarted) {
      entries.push(entry("restarted", [texts.lang], () => note(texts.restarted)));
    }
    let day = "";
    let previous = "";
    const greet = () => {
      const greeting = { sender: "assistant", text: texts.greeting };
      entries.push(this.#theirs("greeting", greeting, true, answered, texts));
      previous = "assistant";
    };
    if (!messages.length) greet();
    const pushOwn = (item) => {
      const isFirst = previous !== "customer";
      entries.push(this.#own(`own:${item.id}`, item, isFirst, item, client, texts));
      previous = "customer";
    };
    const isRefused = (item) => item.state === "refused";
    const refused = unsent.filter(isRefused);
    for (const message of messages) {
      while (refused.length && refused[0].after < message.seq) pushOwn(refused.shift());
      const sentAt = new Date(message.sent_at);
      const date = dayOf(sentAt, texts);
      if (date !== day) {
        day = date;
        previous = "";
        const key = `day:${sentAt.toDateString()}`;
        entries.push(entry(key, [date], () => h("p", { class: "day" }, date)));
      }
      if (message === messages[0]) greet();
      const isFirst = message.sender !== previous;
      previous = message.sender;
      const key = transcript.keyOf(message);
      if (message.sender === "customer") {
        const own = { ...message, id: transcript.localId(message.seq) };
        entries.push(this.#own(key, own, isFirst, null, client, texts));
      } else {
        entries.push(this.#theirs(key, message, isFirst, answered, texts));
      }
    }
    for (const item of [...refused, ...unsent.filter((each) => !isRefused(each))]) pushOwn(item);
    if (client.isClosed && !isPending) {
      entries.push(entry("closed", [texts.lang], () => note(texts.closed)));
    }
    const replies = isPending ? null : this.#quickReplies(client, answered, texts);
    if (replies) entries.push(replies);
    return entries;
  }

  #theirs(key, message, isFirst, answered, texts) {
    const { sender, seq = 0, text = "", sent_at, cards = [] } = message;
    // What the system says is a line of its own, unless there is something to choose.
    if (sender === "system" && !cards.length) return entry(key, [text], () => note(text));
    const made = entry(key, [sender, text, sent_at, cards, isFirst, texts.lang], () => {
      const said = areTimes(cards) ? textBeside(text, cards) : undefined;
      const node = bubble(message, { isFirst, texts, said });
      const { onChoice } = this.#handlers;
      if (cards.length) node.append(cardsNode(cards, { onChoice, imageBase: this.#imageBase, texts }));
      return node;
    });
    const choices = cards.flatMap((card) => card.buttons ?? []);
    const isUsed = choices.some((each) => this.#handlers.isUsed(each.choice));
    made.amend = (node) => setLive(node, seq > answered && !isUsed);
    return made;
  }

  /**
   * The customer's own words, unsent or acknowledged. The bubble is the same in both; only its state
   * is amended, or a screen reader would hear every message twice.
   * @param {import("./outbox.js").Unsent | null} item null once it is acknowledged
   */
  #own(key, said, isFirst, item, client, texts) {
    const { id, text = "", attachment } = said;
    const hasPicture = Boolean(said.picture || attachment);
    const isLost = client.connection === "reconnecting";
    const now = item ? [item.state, item.status, item.code, item.progress, isLost].join(" ") : "";
    const made = entry(key, ["customer", text, hasPicture, isFirst, texts.lang], () => {
      const node = bubble({ sender: "customer", text }, { isFirst, texts });
      if (hasPicture) node.append(picture(client.pictures.address({ id, attachment }), texts));
      return node;
    });
    made.amend = (node) => {
      if ((node.dataset.state ?? "") === now) return;
      node.dataset.state = now;
      node.querySelector(".state")?.remove();
      const isSending = item?.state === "sending";
      node.classList.toggle("sending", isSending && !isLost && !said.picture);
      node.classList.toggle("waiting", isSending && isLost);
      node.classList.toggle("failed", ["failed", "refused"].includes(item?.state));
      if (item) node.append(state(item, { isLost, texts, ...this.#handlers }));
    };
    return made;
  }

  /** Starters before anything was said; then the buttons since the customer's last words. */
  #quickReplies(client, answered, texts) {
    const { messages } = client.transcript;
    let buttons = [];
    let press = this.#handlers.onChoice;
    if (!messages.length) {
      // Nothing to offer while the transcript of an earlier visit is on its way.
      if (client.hasConversation && client.connection !== "online") return null;
      buttons = texts.starters.map((title) => ({ title, choice: title }));
      press = (starter, event) => this.#handlers.onStarter(starter.title, event);
    } else {
      buttons = messages
        .filter((each) => each.seq > answered)
        .flatMap((each) => each.buttons ?? [])
        .filter((each) => !this.#handlers.isUsed(each.choice))
        .slice(-QUICK_REPLIES_SHOWN);
    }
    if (!buttons.length) return null;
    return entry("replies", [buttons, texts.lang, !messages.length], () =>
      h(
        "div",
        { class: "replies", role: "group", "aria-label": texts.quickReplies },
        ...buttons.map((each) =>
          button(each.title, (event) => press(each, event), { class: "reply" }),
        ),
      ),
    );
  }
}

function entry(key, parts, build) {
  return { key, signature: JSON.stringify(parts), build };
}
