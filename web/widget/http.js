/** One call of the chat API, with a time limit, and waiting between tries. */

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

/**
 * @param {string} url
 * @param {{method?: string, token?: string | null, body?: object, seconds: number,
 *          signal?: AbortSignal}} options `seconds` limits the whole call
 * @returns {Promise<any>} the parsed JSON
 * @throws {CallError}
 */
export async function call(url, { method = "GET", token = null, body, seconds, signal }) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, seconds * 1000);
  signal?.addEventListener("abort", abort, { once: true });
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, {
      method,
      headers,
      body: body && JSON.stringify(body),
      signal: controller.signal,
      cache: "no-store",
      credentials: "omit",
    });
    // A captive portal answers 200 with a page of its own: no JSON is no answer.
    const answer = await response.json().catch(() => null);
    if (!response.ok) {
      const seconds = Number(response.headers.get("Retry-After")) || 0;
      throw new CallError(response.status, answer?.error?.code ?? "", seconds);
    }
    if (answer === null || typeof answer !== "object") throw new CallError(0, "not_json");
    return answer;
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw new CallError(0, "unreachable");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
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

  /** @param {number} milliseconds */
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
