/**
 * What the widget keeps in the browser: the conversation's token, messages not yet acknowledged,
 * the chosen language. Where storage is blocked (private mode, embedded views) it lives as long as
 * the page, and the chat still works.
 */

/** A storage that really accepts a write; else a map with the same methods. */
function usable(name) {
  try {
    const storage = window[name];
    const probe = "chefu:probe";
    storage.setItem(probe, "1");
    storage.removeItem(probe);
    return storage;
  } catch {
    const map = new Map();
    return {
      get length() {
        return map.size;
      },
      key: (index) => [...map.keys()][index] ?? null,
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
    };
  }
}

export class Store {
  #local = usable("localStorage");
  #session = usable("sessionStorage");
  #prefix;

  /** @param {string} api base URL of the chat API; two APIs on one page origin stay apart */
  constructor(api) {
    this.#prefix = `chefu:${api}:`;
  }

  get token() {
    return this.#local.getItem(`${this.#prefix}token`);
  }

  set token(value) {
    this.#put(this.#local, "token", value);
  }

  /** Whether a `storage` event of another tab concerns the token. */
  isTokenKey(key) {
    return key === null || key === `${this.#prefix}token`;
  }

  /** A small JSON value that outlives the page, such as the chosen language. */
  get(name) {
    return this.#read(this.#local, this.#prefix + name);
  }

  set(name, value) {
    this.#put(this.#local, name, value === null ? null : JSON.stringify(value));
  }

  /** A small JSON value of this tab alone, such as whether the panel is open. */
  getForTab(name) {
    return this.#read(this.#session, this.#prefix + name);
  }

  setForTab(name, value) {
    this.#put(this.#session, name, value === null ? null : JSON.stringify(value));
  }

  /**
   * Unsent messages, oldest first. One key each: two tabs that wrote a common list would overwrite
   * each other's messages.
   */
  get outbox() {
    const start = `${this.#prefix}outbox:`;
    const items = [];
    for (let index = 0; index < this.#local.length; index += 1) {
      const key = this.#local.key(index);
      if (!key?.startsWith(start)) continue;
      const item = this.#read(this.#local, key);
      if (item && typeof item.id === "string" && typeof item.text === "string") items.push(item);
    }
    return items.sort((a, b) => a.created - b.created);
  }

  keep({ id, text, choice, picture, attachment, created }) {
    const kept = { id, text, choice, picture, attachment, created };
    this.#put(this.#local, `outbox:${id}`, JSON.stringify(kept));
  }

  drop(id) {
    this.#put(this.#local, `outbox:${id}`, null);
  }

  #read(storage, key) {
    try {
      return JSON.parse(storage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  #put(storage, name, value) {
    try {
      if (value === null) storage.removeItem(this.#prefix + name);
      else storage.setItem(this.#prefix + name, value);
    } catch {
      // Quota used up by the host page: what matters now is in memory already.
    }
  }
}
