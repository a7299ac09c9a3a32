/**
 * The conversation as the browser sees it: speaks the customer chat API, version 1, and knows
 * nothing of the page. It raises a "change" event whenever one of its public fields changed.
 *
 * A message leaves in three steps: kept locally under an id of its own, posted under that id until
 * the server acknowledges it (the same id twice is stored once), then dropped locally. The cursor
 * of the poll moves by what was polled alone, never by an acknowledged number: an answer with a
 * lower number may still be on its way.
 */
import { Transcript } from "./transcript.js";
import { CallError, Pause, backOff, call, newId } from "./http.js";

export const TEXT_LIMIT = 2000;

const FRESH = { tries: 0, throttles: 0, revivals: 0 };

const WAIT_SECONDS = 25;
/** While somebody types, ask again sooner: a turn that ends without words must end the dots too. */
const WAIT_WHILE_TYPING_SECONDS = 5;
const SEND_SECONDS = 20;
const TRIES = 5;
/** How often a failed message is tried again unasked when the connection comes back. */
const REVIVALS = 3;
/** An unsent message older than this is shown as not sent, and goes out only when asked for. */
const STALE_MS = 12 * 3600 * 1000;

/**
 * @typedef {{id: string, text: string, choice?: string, created: number, tries: number,
 *            state: "sending" | "throttled" | "failed" | "refused", status?: number,
 *            throttles: number, revivals: number, attempted?: boolean, seq?: number,
 *            restarted?: boolean}} Unsent
 */

/** Length as the server counts it: code points, not UTF-16 units. */
export function lengthOf(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

const squeezed = (text) => text.replace(/\s+/g, " ").trim();

export class ChatClient extends EventTarget {
  transcript = new Transcript();
  /** @type {Unsent[]} oldest first */
  unsent = [];
  typing = false;
  /** Language for a conversation yet to be created, "zh" or "en". */
  locale = "zh";
  /** @type {"idle" | "connecting" | "online" | "reconnecting"} */
  connection = "idle";
  /** An earlier conversation was refused, and this one starts anew. */
  restarted = false;

  #api;
  #store;
  #token;
  #started = false;
  #pumping = false;
  #poll = null;
  #sendPause = new Pause();
  #pollPause = new Pause();

  /**
   * @param {string} api base URL, without a trailing slash
   * @param {import("./store.js").Store} store
   */
  constructor(api, store) {
    super();
    this.#api = `${api}/api/chat`;
    this.#store = store;
    this.#token = store.token;
    this.unsent = store.outbox.map((item) => ({
      ...item,
      ...FRESH,
      attempted: true,
      state: Date.now() - item.created > STALE_MS ? "failed" : "sending",
    }));
  }

  get hasConversation() {
    return this.#token !== null;
  }

  /** Milliseconds since anything was said here, as far as this browser knows. */
  get quietFor() {
    return Date.now() - (this.#store.get("active") ?? 0);
  }

  /** Takes the conversation up: fetches, then listens, and sends what is waiting. Idempotent. */
  start() {
    this.#started = true;
    this.#listen();
    this.#pump();
  }

  /** Stops listening; what is being sent is still sent. */
  stop() {
    this.#started = false;
    this.#poll?.abort();
    this.#poll = null;
    this.#pollPause.cut();
  }

  /** There is reason to believe that the network is back: try now. */
  wake() {
    this.#reviveFailed();
    this.#sendPause.cut();
    if (!this.#started) return;
    // A poll that hangs on a dead socket would not notice for half a minute.
    this.stop();
    this.start();
  }

  /** Another tab has begun or lost the conversation. */
  tokenChanged() {
    const token = this.#store.token;
    if (token && token !== this.#token) this.#adopt(token);
  }

  /**
   * @param {string} text 1 to 2,000 characters
   * @returns {boolean} false when there is nothing to send or too much
   */
  send(text) {
    const trimmed = text.trim();
    if (!trimmed || lengthOf(trimmed) > TEXT_LIMIT) return false;
    this.#enqueue({ text: trimmed });
    return true;
  }

  /** @param {Button} button */
  choose(button) {
    this.#enqueue({ text: button.title, choice: button.choice });
  }

  /** @param {string} id of a message that failed */
  retry(id) {
    const item = this.unsent.find((each) => each.id === id);
    if (!item) return;
    Object.assign(item, { state: "sending", tries: 0 });
    this.#changed();
    this.start();
    this.#sendPause.cut();
  }

  /** @param {string} id of a message that failed or was refused */
  discard(id) {
    this.unsent = this.unsent.filter((each) => each.id !== id);
    this.#store.drop(id);
    this.#changed();
  }

  #enqueue({ text, choice }) {
    const item = { id: newId(), text, choice, created: Date.now(), ...FRESH, state: "sending" };
    this.unsent.push(item);
    this.#store.keep(item);
    this.#store.set("active", Date.now());
    this.#changed();
    this.start();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  #connected(connection) {
    if (this.connection === connection) return;
    const recovered = this.connection === "reconnecting" && connection === "online";
    this.connection = connection;
    if (recovered) {
      this.#reviveFailed();
      this.#sendPause.cut();
      this.#pollPause.cut();
    }
    this.#changed();
  }

  #reviveFailed() {
    for (const item of this.unsent) {
      const isFresh = Date.now() - item.created < STALE_MS && item.revivals < REVIVALS;
      if (item.state !== "failed" || !isFresh) continue;
      item.revivals += 1;
      Object.assign(item, { state: "sending", tries: 0 });
    }
    this.#pump();
  }

  // Sending: one at a time and in order, so that the server sees the order of the customer.

  async #pump() {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const item = this.unsent.find((each) => ["sending", "throttled"].includes(each.state));
        if (!item) return;
        await this.#deliver(item);
      }
    } finally {
      this.#pumping = false;
    }
  }

  async #deliver(item) {
    let token = null;
    try {
      token = await this.#conversation();
      item.attempted = true;
      const content = item.choice ? { choice: item.choice } : { text: item.text };
      const answer = await call(`${this.#api}/messages`, {
        method: "POST",
        token,
        body: { client_message_id: item.id, ...content },
        seconds: SEND_SECONDS,
      });
      if (!Number.isInteger(answer.seq)) throw new CallError(0, "no_seq");
      // Lost its conversation meanwhile: the next round sends it into the new one.
      if (token === this.#token) this.#acknowledge(item, answer.seq);
      this.#connected("online");
    } catch (error) {
      await this.#sendFailed(item, error, token);
    }
  }

  async #sendFailed(item, error, token) {
    item.status = error.status;
    if (error.status === 401 && token && !item.restarted) {
      item.restarted = true;
      this.#startAnew(token);
    } else if (error.isFinal) {
      item.state = "refused";
      item.seq = undefined;
      this.#store.drop(item.id);
      this.#changed();
    } else if (error.status === 429) {
      item.throttles += 1;
      item.state = "throttled";
      this.#changed();
      await this.#sendPause.wait(error.retryAfter * 1000 || backOff(item.throttles + 1));
    } else {
      item.tries += 1;
      item.state = item.tries < TRIES ? "sending" : "failed";
      // An error of the server while the poll is alive concerns this message alone.
      if (error.status === 0 || !this.#token) this.#connected("reconnecting");
      this.#changed();
      if (item.state === "sending") await this.#sendPause.wait(backOff(item.tries));
    }
  }

  #acknowledge(item, seq) {
    this.unsent = this.unsent.filter((each) => each !== item);
    this.#store.drop(item.id);
    this.transcript.bind(item, seq);
    if (!this.transcript.has(seq)) {
      const sentAt = new Date().toISOString();
      this.transcript.merge([{ seq, sender: "customer", text: item.text, sent_at: sentAt }]);
    }
    this.#changed();
  }

  /** The token of the conversation, which is created with the first message and not before. */
  async #conversation() {
    if (this.#token) return this.#token;
    const create = async () => {
      // Another tab may have been first.
      if (this.#store.token) return this.#adopt(this.#store.token);
      const answer = await call(`${this.#api}/conversations`, {
        method: "POST",
        body: { locale: this.locale },
        seconds: SEND_SECONDS,
      });
      if (typeof answer.token !== "string") throw new CallError(0, "no_token");
      this.#store.token = answer.token;
      return this.#adopt(answer.token);
    };
    return navigator.locks ? navigator.locks.request("chefu-conversation", create) : create();
  }

  #adopt(token) {
    this.#token = token;
    this.transcript = new Transcript();
    this.typing = false;
    this.#changed();
    if (this.#started) this.#listen();
    return token;
  }

  /** The token is not known any more: what was not sent goes into a new conversation. */
  #startAnew(token) {
    if (token !== this.#token) return;
    const other = this.#store.token;
    if (other && other !== token) {
      this.#adopt(other);
    } else {
      this.#store.token = null;
      this.#token = null;
      this.transcript = new Transcript();
      this.typing = false;
      this.connection = "idle";
    }
    this.restarted = true;
    this.#store.set("seen", null);
    for (const item of this.unsent) {
      // A button belongs to the conversation that offered it; its words are understood anywhere.
      // A new id, because the old one may be taken by a message in the conversation that is gone.
      this.#store.drop(item.id);
      Object.assign(item, { id: newId(), choice: undefined, seq: undefined });
      if (item.state !== "refused") this.#store.keep(item);
    }
    this.#changed();
  }

  // Listening: one long poll after the other.

  async #listen() {
    const token = this.#token;
    if (!token || (this.#poll && this.#poll.token === token)) return;
    this.#poll?.abort();
    const poll = new AbortController();
    poll.token = token;
    this.#poll = poll;
    if (this.connection === "idle") this.#connected("connecting");
    let failures = 0;
    let quickAndEmpty = 0;
    // The first answer comes at once: it shows the transcript and that the token still counts.
    let wait = 0;
    while (this.#poll === poll) {
      const began = performance.now();
      try {
        const query = `after=${this.transcript.cursor}&wait=${wait}`;
        const answer = await call(`${this.#api}/messages?${query}`, {
          token,
          seconds: wait + 15,
          signal: poll.signal,
        });
        if (this.#poll !== poll) return;
        if (!Array.isArray(answer.messages)) throw new CallError(0, "no_messages");
        failures = 0;
        this.#received(answer);
        this.#connected("online");
        // A server that does not hold the call must not be asked in a tight loop.
        const early = !answer.messages.length && wait && performance.now() - began < 500;
        quickAndEmpty = early ? quickAndEmpty + 1 : 0;
        if (quickAndEmpty > 1) await this.#pollPause.wait(Math.min(2000, 250 * quickAndEmpty));
        wait = this.typing ? WAIT_WHILE_TYPING_SECONDS : WAIT_SECONDS;
      } catch (error) {
        if (this.#poll !== poll) return;
        if (error.status === 401) {
          this.#poll = null;
          this.#startAnew(token);
          this.#pump();
          return;
        }
        failures += 1;
        wait = 0;
        if (error.status !== 429) this.#connected("reconnecting");
        await this.#pollPause.wait(error.retryAfter * 1000 || backOff(failures));
      }
    }
  }

  #received({ messages, typing }) {
    const valid = messages.filter((each) => Number.isInteger(each?.seq));
    for (const message of valid) {
      this.transcript.cursor = Math.max(this.transcript.cursor, message.seq);
      if (message.sender === "customer") this.#recognise(message);
    }
    this.transcript.merge(valid);
    if (valid.length) this.#store.set("active", Date.now());
    const isTyping = typing === true;
    if (!valid.length && isTyping === this.typing) return;
    this.typing = isTyping;
    this.#changed();
  }

  /**
   * The customer's own words may come by the poll before (or without) the acknowledgement. Sends go
   * one at a time, so they can only be those of the first attempted one; they are not shown twice
   * while its number is unknown.
   */
  #recognise(message) {
    if (this.transcript.has(message.seq)) return;
    const item = this.unsent.find((each) => each.attempted && each.state !== "refused");
    if (item && !item.seq && squeezed(item.text) === squeezed(message.text ?? "")) {
      this.transcript.bind(item, message.seq);
    }
  }
}
