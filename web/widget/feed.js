/**
 * Listening to one conversation: a stream of events, or one long poll after the other where streams
 * do not get through. Each connection asks for what comes after the last number received, so that
 * nothing is missed and nothing is drawn twice.
 */
import { CallError, Pause, backOff, call, events } from "./http.js";

/** Seconds to the first byte of a stream; the server sends the state of things at once. */
const FIRST_SECONDS = 10;
/** Seconds without a byte; the server sends a comment every 15. */
const SILENCE_SECONDS = 40;
/** A stream that the server ends earlier, in good order, is of a proxy that allows none. */
const SHORT_MS = 5000;
const MOST_SHORT = 3;

const WAIT_SECONDS = 25;
/** While somebody types, ask again sooner: a turn that ends without words must end the dots too. */
const WAIT_WHILE_TYPING_SECONDS = 5;

export class Feed {
  /** The last thing heard of the server was an answer, and no failure since. */
  isAlive = false;

  #api;
  #on;
  #current = null;
  #mayStream = true;
  #short = 0;
  #pause = new Pause();

  /** `on.cursor()` is the last number received; the others of `on` hear what happens. */
  constructor(api, on) {
    this.#api = api;
    this.#on = on;
  }

  /** Listens with this token and no other. Idempotent. */
  start(token) {
    if (this.#current?.token === token) return;
    this.stop();
    const current = { token, controller: new AbortController(), isTyping: false, failures: 0 };
    this.#current = current;
    this.#run(current);
  }

  stop() {
    this.#current?.controller.abort();
    this.#current = null;
    this.isAlive = false;
    this.#pause.cut();
  }

  /** The network may be another one now: streams get another chance. */
  reset() {
    this.#mayStream = true;
    this.#short = 0;
  }

  /** Does not wait any longer before the next try. */
  hurry() {
    this.#pause.cut();
  }

  async #run(current) {
    const isOn = () => this.#current === current;
    while (isOn()) {
      try {
        await (this.#mayStream ? this.#stream(current, isOn) : this.#poll(current, isOn));
      } catch (error) {
        if (!isOn()) return;
        this.isAlive = false;
        if (error.status === 401) {
          this.stop();
          this.#on.refused(current.token);
          return;
        }
        current.failures += 1;
        if (error.status !== 429) this.#on.lost();
        await this.#pause.wait(error.retryAfter * 1000 || backOff(current.failures));
      }
    }
  }

  #heard(current, answer) {
    if (!Array.isArray(answer?.messages)) throw new CallError(0, "no_messages");
    current.failures = 0;
    current.isTyping = answer.typing === true;
    this.isAlive = true;
    this.#on.received(answer);
  }

  async #stream(current, isOn) {
    const began = performance.now();
    let isHeard = false;
    try {
      const answers = events(`${this.#api}/stream?after=${this.#on.cursor()}`, {
        token: current.token,
        signal: current.controller.signal,
        first: FIRST_SECONDS,
        silence: SILENCE_SECONDS,
      });
      for await (const answer of answers) {
        if (!isOn()) return;
        isHeard = true;
        this.#heard(current, answer);
      }
    } catch (error) {
      // A proxy that keeps events back looks like this; asking again and again works through it.
      if (error.code === "silent" && !isHeard) this.#mayStream = false;
      if (error.status === 404 || error.status === 405) this.#mayStream = false;
      if (this.#mayStream || error.status === 401 || !isOn()) throw error;
      return;
    }
    if (!isOn()) return;
    // The server ended it, for example because it starts anew: not all come back at once.
    this.isAlive = false;
    this.#short = performance.now() - began < SHORT_MS ? this.#short + 1 : 0;
    if (this.#short >= MOST_SHORT) this.#mayStream = false;
    await this.#pause.wait(Math.random() * 1000 * (1 + this.#short));
  }

  async #poll(current, isOn) {
    let quickAndEmpty = 0;
    // The first answer comes at once: it shows the transcript and that the token still counts.
    let wait = 0;
    while (isOn() && !this.#mayStream) {
      const began = performance.now();
      const query = `after=${this.#on.cursor()}&wait=${wait}`;
      const answer = await call(`${this.#api}/messages?${query}`, {
        token: current.token,
        seconds: wait + 15,
        signal: current.controller.signal,
      });
      if (!isOn()) return;
      this.#heard(current, answer);
      // A server that does not hold the call must not be asked in a tight loop.
      const isEarly = !answer.messages.length && wait && performance.now() - began < 500;
      quickAndEmpty = isEarly ? quickAndEmpty + 1 : 0;
      if (quickAndEmpty > 1) await this.#pause.wait(Math.min(2000, 250 * quickAndEmpty));
      wait = current.isTyping ? WAIT_WHILE_TYPING_SECONDS : WAIT_SECONDS;
    }
  }
}
