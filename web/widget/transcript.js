/** Characters of a message. */
export const TEXT_LIMIT = 2000;
/** Bytes of a picture. */
export const PICTURE_LIMIT = 8 * 1024 * 1024;
export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** Length as the server counts it: code points, not UTF-16 units. */
export function lengthOf(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * The messages of one conversation in the order of the server's numbers, and which of them began in
 * this page: those keep their local identity, so that an acknowledgement never redraws a bubble.
 *
 * @typedef {{choice: string, title: string}} Button
 * @typedef {{title: string, subtitle?: string, image?: string,
 *            facts?: {label: string, value: string}[], buttons?: Button[]}} Card
 * @typedef {{seq: number, sender: "customer" | "assistant" | "staff" | "system", text: string,
 *            buttons?: Button[], cards?: Card[], attachment?: string, sent_at: string}} Message
 */
export class Transcript {
  /** @type {Message[]} */
  messages = [];
  /** The highest number that was polled; `after=` of the next poll. */
  cursor = 0;
  /** @type {Map<number, string>} seq → local id */
  #localIds = new Map();

  has(seq) {
    return this.messages.some((each) => each.seq === seq);
  }

  /** The id under which a message left this page; undefined for all others. */
  localId(seq) {
    return this.#localIds.get(seq);
  }

  /** The number of the last message, 0 before the first. */
  get last() {
    return this.messages.at(-1)?.seq ?? 0;
  }

  /** The number of the customer's last message, 0 before the first. */
  get lastOwn() {
    return this.messages.findLast((each) => each.sender === "customer")?.seq ?? 0;
  }

  /** An identity that stays the same from typing to transcript. */
  keyOf(message) {
    const id = this.#localIds.get(message.seq);
    return id ? `own:${id}` : `seq:${message.seq}`;
  }

  /** Binds an unsent message to its number. An earlier guess (see Outbox.find) gives way. */
  bind(item, seq) {
    if (item.seq) this.#localIds.delete(item.seq);
    item.seq = seq;
    this.#localIds.set(seq, item.id);
  }

  /** Merges by seq; what came later wins, so the server's wording replaces the local one. */
  merge(messages) {
    for (const message of messages) {
      const index = this.messages.findIndex((each) => each.seq >= message.seq);
      if (index < 0) this.messages.push(message);
      else if (this.messages[index].seq === message.seq) this.messages[index] = message;
      else this.messages.splice(index, 0, message);
    }
  }
}
