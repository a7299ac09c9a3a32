/** Calls of the chat API: one answer, a stream of events, an upload; and waiting between tries. */

/** A call that brought no usable answer; `status` 0 when the server was not reached at all. */
export class CallError extends Error {
  constructor(status, code, retryAfter = 0) {
    super(`chat API: ${status} ${code}`);
    this.status = status;
    this.code = code;
    /** seconds the server asked to wait, 0 when it did not say */
    this.retryAfter = retryAfter;
  }

  /** True when the same request can never succeed; time-outs and pressure are not of that kind. */
  get isFinal() {
    return this.status >= 400 && this.status < 500 && ![401, 408, 425, 429].includes(this.status);
  }
}

/** A signal that aborts with another one, or when the time that was last set is over. */
class Limit {
  #controller = new AbortController();
  #outer;
  #timer;
  isOver = false;
  #abort = () => this.#controller.abort();

  constructor(seconds, outer) {
    this.#outer = outer;
    outer?.addEventListener("abort", this.#abort, { once: true });
    this.set(seconds);
  }

  get signal() {
    return this.#controller.signal;
  }

  set(seconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.isOver = true;
      this.#abort();
    }, seconds * 1000);
  }

  end() {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
  }
}

/** The response of a call that succeeded. @throws {CallError} for a status of an error */
async function ask(url, { method = "GET", token = null, body, signal }) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(url, {
    method,
    headers,
    body: body && JSON.stringify(body),
    signal,
    cache: "no-store",
    credentials: "omit",
  });
  if (response.ok) return response;
  const answer = await response.json().catch(() => null);
  const seconds = Number(response.headers.get("Retry-After")) || 0;
  throw new CallError(response.status, answer?.error?.code ?? "", seconds);
}

const asCallError = (error, code) => (error instanceof CallError ? error : new CallError(0, code));

/**
 * The parsed JSON, or with `as: "blob"` the bytes; null when there is no content. `seconds` limits
 * the whole call.
 * @throws {CallError}
 */
export async function call(url, { seconds, signal, as = "json", ...options }) {
  const limit = new Limit(seconds, signal);
  try {
    const response = await ask(url, { ...options, signal: limit.signal });
    if (response.status === 204) return null;
    if (as === "blob") return await response.blob();
    // A captive portal answers 200 with a page of its own: no JSON is no answer.
    const answer = await response.json().catch(() => null);
    if (answer === null || typeof answer !== "object") throw new CallError(0, "not_json");
    return answer;
  } catch (error) {
    throw asCallError(error, "unreachable");
  } finally {
    limit.end();
  }
}

/**
 * The data of server-sent events, as they come; ends when the server ends the stream.
 *
 * `first` seconds may pass until the first byte, `silence` between two (the server sends a comment
 * now and then): a connection that died without a word is found out like that alone.
 * @throws {CallError} with the code "silent" when a limit was reached
 */
export async function* events(url, { token, signal, first, silence }) {
  const limit = new Limit(first, signal);
  try {
    const response = await ask(url, { token, signal: limit.signal });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      limit.set(silence);
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const lines = block.split("\n").filter((line) => line.startsWith("data:"));
        if (lines.length) yield JSON.parse(lines.map((line) => line.slice(5)).join("\n"));
      }
    }
  } catch (error) {
    throw asCallError(error, limit.isOver ? "silent" : "unreachable");
  } finally {
    limit.end();
  }
}

/**
 * Sends a file as the field `file`. Not by fetch, which does not tell how far it has got.
 * @throws {CallError}
 */
export function upload(url, { token, file, seconds, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.timeout = seconds * 1000;
    request.responseType = "json";
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const { status, response } = request;
      if (status === 201 && response) return resolve(response);
      const wait = Number(request.getResponseHeader("Retry-After")) || 0;
      reject(new CallError(status < 300 ? 0 : status, response?.error?.code ?? "", wait));
    };
    request.onerror = request.ontimeout = () => reject(new CallError(0, "unreachable"));
    const form = new FormData();
    form.append("file", file, "picture");
    request.send(form);
  });
}

/**
 * Milliseconds before try number `failures` + 1: doubling from one second to thirty, with the upper
 * half random, so that browsers that lost the same server do not come back all at once.
 */
export function backOff(failures) {
  const most = Math.min(30_000, 1000 * 2 ** Math.max(0, failures - 1));
  return most / 2 + (Math.random() * most) / 2;
}

/** A pause that can be cut short when there is reason to try at once. */
export class Pause {
  #end = null;

  wait(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.cut(), milliseconds);
      this.#end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  cut() {
    this.#end?.();
    this.#end = null;
  }
}

/** A random id; randomUUID exists on secure origins only, a dealership's test page may be plain http. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
