/**
 * The conversation as the browser sees it: speaks the customer chat API, version 1, and knows
 * nothing of the page. It raises a "change" event whenever one of its public fields changed.
 *
 * The cursor of the feed moves by what the feed brought alone, never by an acknowledged number: an
 * answer with a lower number may still be on its way.
 */
import { Feed } from "./feed.js";
import { CallError, call } from "./http.js";
import { Outbox } from "./outbox.js";
import { Pictures } from "./pictures.js";
import { TEXT_LIMIT, Transcript, lengthOf } from "./transcript.js";

const SECONDS = 20;
const PICTURE_SECONDS = 60;

export class ChatClient extends EventTarget {
  transcript = new Transcript();
  typing = false;
  /** Staff have closed the conversation; it opens again with the customer's next message. */
  isClosed = false;
  /** Language for a conversation yet to be created, "zh" or "en". */
  locale = "zh";
  /** @type {"idle" | "connecting" | "online" | "reconnecting"} */
  connection = "idle";
  /** An earlier conversation was refused, and this one starts anew. */
  restarted = false;
  pictures = new Pictures((id) => this.#picture(id));

  #api;
  #store;
  #token;
  #started = false;
  #feed;
  #outbox;

  /** @param {string} api base URL, without a trailing slash */
  constructor(api, store) {
    super();
    this.#api = `${api}/api/chat`;
    this.#store = store;
    this.#token = store.token;
    this.#feed = new Feed(this.#api, {
      cursor: () => this.transcript.cursor,
      received: (answer) => this.#received(answer),
      lost: () => this.#connected("reconnecting"),
      refused: (token) => {
        this.#startAnew(token);
        this.#outbox.pump();
      },
    });
    this.#outbox = new Outbox(this.#api, store, this.pictures, {
      token: () => this.#conversation(),
      isCurrent: (token) => token === this.#token,
      isHeard: () => this.#feed.isAlive,
      accepted: (item, seq) => this.#accepted(item, seq),
      reached: () => this.#connected("online"),
      lost: () => this.#connected("reconnecting"),
      refused: (token) => this.#startAnew(token),
      position: () => this.transcript.last,
      changed: () => this.#changed(),
    });
  }

  /** Messages that the server has not acknowledged, oldest first. */
  get unsent() {
    return this.#outbox.items;
  }

  get hasConversation() {
    return this.#token !== null;
  }

  /** A colleague spoke last, not the assistant. */
  get isWithStaff() {
    const last = this.transcript.messages.findLast((each) =>
      ["assistant", "staff"].includes(each.sender),
    );
    return last?.sender === "staff" && !this.isClosed;
  }

  /** Milliseconds since anything was said here, as far as this browser knows. */
  get quietFor() {
    return Date.now() - (this.#store.get("active") ?? 0);
  }

  /** Takes the conversation up: fetches, then listens, and sends what is waiting. Idempotent. */
  start() {
    this.#started = true;
    this.#listen();
    this.#outbox.pump();
  }

  /** Stops listening; what is being sent is still sent. */
  stop() {
    this.#started = false;
    this.#feed.stop();
  }

  /** There is reason to believe that the network is back: tries now, and listens if it did. */
  wake(mustListen = this.#started) {
    this.#outbox.revive();
    if (!mustListen) return;
    // A stream that hangs on a dead socket would not notice for a while.
    this.stop();
    this.#feed.reset();
    this.start();
  }

  /** Another tab has begun or lost the conversation. */
  tokenChanged() {
    const token = this.#store.token;
    if (token && token !== this.#token) this.#adopt(token);
  }

  /** False when there is nothing to send or too much; the text may be empty beside a picture. */
  send(text, picture = null) {
    const trimmed = text.trim();
    if ((!trimmed && !picture) || lengthOf(trimmed) > TEXT_LIMIT) return false;
    this.#say({ text: trimmed, picture });
    return true;
  }

  /** The title is what the transcript will show. */
  choose({ choice, title }) {
    this.#say({ text: title, choice });
  }

  #say(message) {
    this.#store.set("active", Date.now());
    this.#outbox.add(message);
    this.start();
  }

  retry(id) {
    this.#outbox.retry(id);
    this.start();
  }

  discard(id) {
    this.#outbox.discard(id);
  }

  /** @param {number} score 1 to 5 @throws {CallError} */
  async rate(score, comment) {
    await call(`${this.#api}/rating`, {
      method: "POST",
      token: this.#token,
      body: { score, comment },
      seconds: SECONDS,
    });
  }

  /** The customer has nothing more to say. @throws {CallError} */
  async end() {
    if (!this.#token) return;
    await call(`${this.#api}/end`, { method: "POST", token: this.#token, seconds: SECONDS });
  }

  #picture(id) {
    return call(`${this.#api}/attachments/${encodeURIComponent(id)}`, {
      token: this.#token,
      seconds: PICTURE_SECONDS,
      as: "blob",
    });
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  #connected(connection) {
    if (this.connection === connection) return;
    const isBack = this.connection === "reconnecting" && connection === "online";
    this.connection = connection;
    if (isBack) {
      this.#outbox.revive();
      this.#feed.hurry();
    }
    this.#changed();
  }

  #listen() {
    if (!this.#token) return;
    this.#feed.start(this.#token);
    if (this.connection === "idle") this.#connected("connecting");
  }

  #received({ messages, typing, state }) {
    const valid = messages.filter((each) => Number.isInteger(each?.seq));
    for (const message of valid) {
      this.transcript.cursor = Math.max(this.transcript.cursor, message.seq);
      if (message.sender !== "customer" || this.transcript.has(message.seq)) continue;
      const item = this.#outbox.find(message);
      if (item) this.transcript.bind(item, message.seq);
    }
    this.transcript.merge(valid);
    if (valid.length) this.#store.set("active", Date.now());
    const before = `${this.typing} ${this.isClosed}`;
    this.typing = typing === true;
    this.isClosed = state === "closed";
    if (valid.length || before !== `${this.typing} ${this.isClosed}`) this.#changed();
    this.#connected("online");
  }

  #accepted(item, seq) {
    this.transcript.bind(item, seq);
    if (!this.transcript.has(seq)) {
      const sent_at = new Date().toISOString();
      const { text, attachment } = item;
      this.transcript.merge([{ seq, sender: "customer", text, attachment, sent_at }]);
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
        seconds: SECONDS,
      });
      if (typeof answer.token !== "string") throw new CallError(0, "no_token");
      this.#store.token = answer.token;
      this.#store.set("rated", null);
      return this.#adopt(answer.token);
    };
    return navigator.locks ? navigator.locks.request("chefu-conversation", create) : create();
  }

  #adopt(token) {
    this.#token = token;
    this.#empty();
    this.#changed();
    if (this.#started) this.#listen();
    return token;
  }

  #empty() {
    this.transcript = new Transcript();
    this.typing = false;
    this.isClosed = false;
  }

  /** The token is not known any more: what was not sent goes into a new conversation. */
  #startAnew(token) {
    if (token !== this.#token) return;
    const other = this.#store.token;
    if (other && other !== token) {
      this.#adopt(other);
    } else {
      this.#feed.stop();
      this.#store.token = null;
      this.#token = null;
      this.#empty();
      this.connection = "idle";
    }
    this.restarted = true;
    this.#store.set("seen", null);
    this.#outbox.renew();
    this.#changed();
  }
}
