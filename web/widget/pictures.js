/**
 * Pictures: whether a file is one, those that wait to be sent (kept in the browser, as messages
 * are), and those of the transcript, which are fetched with the token and shown from memory.
 */
import { PICTURE_LIMIT } from "./transcript.js";

/** The first bytes of what the server takes; `null` is any byte. */
const BEGINNINGS = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
];

/** What is wrong with a file, by its content as on the server: the key of its words, or null. */
export async function faultOf(file) {
  let head = [];
  try {
    head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  } catch {
    // Dragged folders cannot be read.
  }
  const isPicture = BEGINNINGS.some((bytes) =>
    bytes.every((byte, index) => byte === null || byte === head[index]),
  );
  if (!isPicture) return "notAPicture";
  return file.size > PICTURE_LIMIT ? "pictureTooLarge" : null;
}

/** One call of the browser's database; null where it is blocked. */
function stored(mode, act) {
  return new Promise((resolve) => {
    try {
      const opening = indexedDB.open("chefu", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("pictures");
      opening.onerror = () => resolve(null);
      opening.onsuccess = () => {
        const transaction = opening.result.transaction("pictures", mode);
        const request = act(transaction.objectStore("pictures"));
        transaction.oncomplete = () => {
          opening.result.close();
          resolve(request.result ?? null);
        };
        transaction.onerror = transaction.onabort = () => {
          opening.result.close();
          resolve(null);
        };
      };
    } catch {
      resolve(null);
    }
  });
}

export class Pictures {
  /** @type {Map<string, Blob>} by id of the unsent message */
  #files = new Map();
  /** @type {Map<string, Promise<string>>} addresses in memory, by id of message or attachment */
  #addresses = new Map();
  #fetch;

  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** Keeps the picture of an unsent message until it is dropped. */
  keep(id, file) {
    this.#files.set(id, file);
    stored("readwrite", (store) => store.put(file, id));
  }

  /** The picture of an unsent message; null when the browser has not kept it. */
  async file(id) {
    const file = this.#files.get(id) ?? (await stored("readonly", (store) => store.get(id)));
    if (file) this.#files.set(id, file);
    return file;
  }

  drop(id) {
    this.#files.delete(id);
    stored("readwrite", (store) => store.delete(id));
  }

  rename(from, to) {
    const file = this.#files.get(from);
    if (!file) return;
    this.drop(from);
    this.keep(to, file);
  }

  /** The picture of a message that was sent is that of this attachment: no need to fetch it. */
  adopt(id, attachment) {
    const address = this.#addresses.get(id);
    if (address) this.#addresses.set(attachment, address);
  }

  /**
   * An address for the <img> of an unsent message or of an attachment; rejected when there is no
   * such picture or it cannot be reached.
   */
  address({ id, attachment }) {
    const key = attachment && this.#addresses.has(attachment) ? attachment : (id ?? attachment);
    if (!this.#addresses.has(key)) {
      const made = this.#blob(id, attachment).then((blob) => URL.createObjectURL(blob));
      this.#addresses.set(key, made);
      // The next one who asks tries again.
      made.catch(() => this.#addresses.delete(key));
    }
    return this.#addresses.get(key);
  }

  async #blob(id, attachment) {
    const file = id && (await this.file(id));
    if (file) return file;
    if (!attachment) throw new Error("this picture was not kept");
    return this.#fetch(attachment);
  }
}
