/**
 * Messages on their way out, one at a time and in order. Each is kept in the browser under an id of
 * its own until the server acknowledges it; the same id twice is stored once, so trying again is
 * always safe. Without a network they wait as long as it takes; what the server fails at is tried a
 * few times and then shown as not sent.
 */
import { CallError, Pause, backOff, call, newId, upload } from "./http.js";

const SEND_SECONDS = 20;
const UPLOAD_SECONDS = 180;
const TRIES = 5;
/** How often a failed message is tried again unasked when the connection comes back. */
const REVIVALS = 3;
/** An unsent message older than this is shown as not sent, and goes out only when asked for. */
const STALE_MS = 12 * 3600 * 1000;

const FRESH = { tries: 0, throttles: 0, revivals: 0, losses: 0 };

/**
 * @typedef {{id: string, text: string, choice?: string, picture?: boolean, attachment?: string,
 *            state: "sending" | "throttled" | "failed" | "refused", status?: number, code?: string,
 *            progress?: number, after?: number}} Unsent
 *   `progress` of an upload in percent; a refused one stays `after` the message of that number
 */

const squeezed = (text) => text.replace(/\s+/g, " ").trim();

export class Outbox {
  /** @type {Unsent[]} oldest first */
  items = [];

  #api;
  #store;
  #pictures;
  #on;
  #isPumping = false;
  #pause = new Pause();

  /** `on`: what is known of the conversation, and what happens to it (see ChatClient). */
  constructor(api, store, pictures, on) {
    this.#api = api;
    this.#store = store;
    this.#pictures = pictures;
    this.#on = on;
    this.items = store.outbox.map((item) => ({
      ...item,
      ...FRESH,
      attempted: true,
      state: Date.now() - item.created > STALE_MS ? "failed" : "sending",
    }));
  }

  /** @param {{text: string, choice?: string, picture?: Blob}} message */
  add({ text, choice, picture }) {
    const id = newId();
    const item = { id, text, choice, created: Date.now(), ...FRESH, state: "sending" };
    if (picture) {
      item.picture = true;
      this.#pictures.keep(id, picture);
    }
    this.items.push(item);
    this.#store.keep(item);
    this.#on.changed();
    this.pump();
  }

  retry(id) {
    const item = this.items.find((each) => each.id === id);
    if (!item) return;
    Object.assign(item, { state: "sending", tries: 0 });
    this.#on.changed();
    this.hurry();
    this.pump();
  }

  discard(id) {
    this.items = this.items.filter((each) => each.id !== id);
    this.#forget(id);
    this.#on.changed();
  }

  /** Tries again what failed, because the connection came back. */
  revive() {
    for (const item of this.items) {
      const isFresh = Date.now() - item.created < STALE_MS && item.revivals < REVIVALS;
      if (item.state !== "failed" || !isFresh) continue;
      item.revivals += 1;
      Object.assign(item, { state: "sending", tries: 0 });
    }
    this.hurry();
    this.pump();
  }

  hurry() {
    this.#pause.cut();
  }

  /** Another conversation goes on from here: what was not sent goes into that one. */
  renew() {
    for (const item of this.items) {
      const { id } = item;
      // A button belongs to the conversation that offered it; its words are understood anywhere.
      // A new id, because the old one may be taken by a message in the conversation that is gone.
      Object.assign(item, { id: newId(), choice: undefined, attachment: undefined, seq: undefined });
      this.#store.drop(id);
      this.#pictures.rename(id, item.id);
      if (item.state !== "refused") this.#store.keep(item);
    }
  }

  /**
   * The unsent message that this one of the server is, if any: it may come by the stream before (or
   * without) the acknowledgement. Sends go one at a time, so it can only be the first attempted.
   */
  find(message) {
    const item = this.items.find((each) => each.attempted && each.state !== "refused");
    if (!item || item.seq) return null;
    if (item.picture) return item.attachment && item.attachment === message.attachment ? item : null;
    return squeezed(item.text) === squeezed(message.text ?? "") ? item : null;
  }

  async pump() {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (;;) {
        const item = this.items.find((each) => ["sending", "throttled"].includes(each.state));
        if (!item) return;
        await this.#deliver(item);
      }
    } finally {
      this.#isPumping = false;
    }
  }

  async #deliver(item) {
    let token = null;
    try {
      token = await this.#on.token();
      if (item.picture && !item.attachment) await this.#upload(item, token);
      item.attempted = true;
      const { id, text, choice, attachment } = item;
      const said = choice ? { choice } : text ? { text } : {};
      const answer = await call(`${this.#api}/messages`, {
        method: "POST",
        token,
        body: { client_message_id: id, ...said, attachment },
        seconds: SEND_SECONDS,
      });
      if (!Number.isInteger(answer.seq)) throw new CallError(0, "no_seq");
      // Lost its conversation meanwhile: the next round sends it into the new one.
      if (this.#on.isCurrent(token)) {
        this.items = this.items.filter((each) => each !== item);
        if (item.picture) this.#pictures.adopt(id, attachment);
        this.#forget(id);
        this.#on.accepted(item, answer.seq);
      }
      this.#on.reached();
    } catch (error) {
      await this.#failed(item, error, token);
    }
  }

  async #upload(item, token) {
    const file = await this.#pictures.file(item.id);
    if (!file) throw new CallError(400, "picture_lost");
    let told = 0;
    const answer = await upload(`${this.#api}/attachments`, {
      token,
      file,
      seconds: UPLOAD_SECONDS,
      onProgress: (share) => {
        item.progress = Math.round(share * 100);
        if (item.progress === told) return;
        told = item.progress;
        this.#on.changed();
      },
    });
    if (typeof answer.attachment_id !== "string") throw new CallError(0, "no_attachment");
    if (!this.#on.isCurrent(token)) throw new CallError(0, "restarted");
    item.attachment = answer.attachment_id;
    this.#store.keep(item);
  }

  async #failed(item, error, token) {
    item.status = error.status;
    item.code = error.code;
    item.progress = undefined;
    if (error.status === 401 && token && !item.restarted) {
      item.restarted = true;
      this.#on.refused(token);
    } else if (error.isFinal) {
      item.state = "refused";
      item.after = this.#on.position();
      item.seq = undefined;
      this.#store.drop(item.id);
      this.#on.changed();
    } else if (error.status === 429) {
      item.throttles += 1;
      item.state = "throttled";
      this.#on.changed();
      await this.#pause.wait(error.retryAfter * 1000 || backOff(item.throttles + 1));
    } else if (error.status === 0 && !this.#on.isHeard()) {
      item.losses += 1;
      this.#on.lost();
      this.#on.changed();
      await this.#pause.wait(backOff(item.losses));
    } else {
      // The server can be heard: it is this message that does not get through.
      item.tries += 1;
      item.state = item.tries < TRIES ? "sending" : "failed";
      this.#on.changed();
      if (item.state === "sending") await this.#pause.wait(backOff(item.tries));
    }
  }

  #forget(id) {
    this.#store.drop(id);
    this.#pictures.drop(id);
  }
}
