/**
 * <chefu-chat>: launcher and panel. Wires the page, the customer's hands and ChatClient together.
 *
 * Attributes: api (base URL, default: the origin of this script), locale ("zh" | "en", default: the
 * browser's language), title (of the panel). A language the customer chose goes before both.
 * Methods: open(draft?), close(). Any element of the page with data-chefu-open opens the panel;
 * its value, if it has one, waits in the input.
 */
import { ChatClient, TEXT_LIMIT, lengthOf } from "./client.js";
import { h, icon } from "./dom.js";
import { Log } from "./log.js";
import { buildParts, translateParts } from "./panel.js";
import { Store } from "./store.js";
import { TEXTS, browserLocale } from "./texts.js";

const HOME = new URL(import.meta.url).origin;
const COUNT_FROM = TEXT_LIMIT - 200;
/** A closed panel listens for answers only while the conversation is this young. */
const LIVELY_MS = 24 * 3600 * 1000;
/** A page in the background goes on listening for this long. */
const BACKGROUND_MS = 5 * 60 * 1000;
/** The same condition as in the styles. */
const FULL_SCREEN = "(max-width: 520px), (max-height: 460px)";

class ChefuChat extends HTMLElement {
  static observedAttributes = ["locale", "title"];

  #client;
  #store;
  #log;
  #parts;
  #locale = "zh";
  #isOpen = false;
  #drawnUpTo = 0;
  #isFirstDraw = true;
  #sleep = null;
  #unlisten = null;
  #overflow = null;
  #fullScreen = window.matchMedia(FULL_SCREEN);

  connectedCallback() {
    if (!this.#parts) this.#build();
    const events = new AbortController();
    this.#unlisten = events;
    const on = (target, type, listener) =>
      target?.addEventListener(type, listener, { signal: events.signal });
    on(window, "online", () => this.#client.wake());
    on(window, "pageshow", (event) => event.persisted && this.#client.wake());
    on(window, "storage", (event) => this.#store.isTokenKey(event.key) && this.#client.tokenChanged());
    on(document, "visibilitychange", () => this.#visibilityChanged());
    on(document, "click", (event) => this.#pageClicked(event));
    on(window.visualViewport, "resize", () => this.#fit());
    on(window.visualViewport, "scroll", () => this.#fit());
    on(this.#fullScreen, "change", () => this.#fit());
    if (this.#client.quietFor < LIVELY_MS || this.#client.unsent.length) this.#client.start();
    // On a phone the panel covers the page: it reopens for a reload, not on the next page.
    const navigation = performance.getEntriesByType("navigation")[0];
    const mayReopen = !this.#fullScreen.matches || navigation?.type === "reload";
    if (this.#store.getForTab("open") && mayReopen) this.#show();
    this.#draw();
  }

  disconnectedCallback() {
    this.#unlisten?.abort();
    this.#client.stop();
    this.#lockPage(false);
  }

  attributeChangedCallback() {
    if (!this.#parts) return;
    this.#chooseLocale();
    this.#translate();
  }

  /** @param {string} [draft] text for the input, which the customer may change and send */
  open(draft) {
    const { input, panel } = this.#parts;
    if (draft) {
      input.value = draft;
      this.#edited();
    }
    if (panel.hidden) this.#show();
    input.focus();
  }

  close() {
    const { panel, launcher } = this.#parts;
    if (panel.hidden) return;
    this.#isOpen = false;
    this.#store.setForTab("open", null);
    panel.hidden = true;
    launcher.hidden = false;
    this.#fit();
    launcher.focus();
    this.#draw();
  }

  #show() {
    const { panel, launcher } = this.#parts;
    this.#isOpen = true;
    this.#store.setForTab("open", true);
    panel.hidden = false;
    launcher.hidden = true;
    this.#fit();
    this.#client.start();
    this.#draw();
    this.#edited();
    this.#toEnd();
  }

  #build() {
    const api = (this.getAttribute("api") || HOME).replace(/\/+$/, "");
    this.#store = new Store(api);
    this.#client = new ChatClient(api, this.#store);
    this.#client.addEventListener("change", () => this.#draw());
    this.#log = new Log(
      {
        onStarter: (text, event) => this.#pressed(event, () => this.#client.send(text)),
        onChoice: (button, event) => this.#pressed(event, () => this.#choose(button)),
        onRetry: (id) => this.#pressed(null, () => this.#client.retry(id)),
        onDiscard: (id) => this.#pressed(null, () => this.#client.discard(id)),
        isUsed: (choice) => (this.#store.get("used") ?? []).includes(choice),
      },
      `${api}/`,
    );
    this.#parts = buildParts(this.attachShadow({ mode: "open" }), {
      onOpen: () => this.open(),
      onClose: () => this.close(),
      onLocale: (locale) => this.#switch(locale),
      onScroll: () => this.#scrolled(),
      onNews: () => this.#toEnd(),
      onInput: () => this.#edited(),
      onInputKey: (event) => this.#typed(event),
      onSubmit: () => this.#submit(),
      onPanelKey: (event) => this.#keyInPanel(event),
    });
    this.#parts.scroller.prepend(this.#log.element);
    this.#parts.input.value = this.#store.getForTab("draft") ?? "";
    this.#chooseLocale();
    this.#translate();
  }

  // Language

  #chooseLocale() {
    const wanted = [this.#store.get("locale"), this.getAttribute("locale")?.slice(0, 2)];
    this.#locale = wanted.find((each) => each in TEXTS) ?? browserLocale(navigator.languages);
    this.#client.locale = this.#locale;
  }

  #switch(locale) {
    this.#store.set("locale", locale);
    this.#chooseLocale();
    this.#translate();
  }

  get #texts() {
    return TEXTS[this.#locale];
  }

  #translate() {
    translateParts(this.#parts, this.#texts, this.#locale, this.getAttribute("title"));
    this.#edited();
    this.#draw();
  }

  // Drawing

  #draw() {
    const { scroller, typing, connection, launcher, panel } = this.#parts;
    const client = this.#client;
    const texts = this.#texts;
    const wasAtEnd = this.#isAtEnd();
    // The transcript of an earlier visit is not news to be read out.
    const isResuming = this.#isFirstDraw && client.hasConversation;
    if (isResuming) this.#log.element.setAttribute("aria-busy", "true");
    this.#log.draw(client, texts);
    if (isResuming && client.connection === "online") {
      this.#isFirstDraw = false;
      requestAnimationFrame(() => this.#log.element.removeAttribute("aria-busy"));
    } else if (!client.hasConversation) {
      this.#isFirstDraw = false;
    }
    const isLost = client.connection === "reconnecting";
    typing.hidden = !client.typing || isLost;
    const words = isLost ? texts.reconnecting : "";
    if (connection.textContent !== words) connection.textContent = words;
    this.#markSeen();
    const unread = this.#unread();
    launcher.replaceChildren(icon("chat"), h("span", {}, texts.launcher));
    if (unread) launcher.append(h("span", { class: "count" }, unread > 99 ? "99+" : String(unread)));
    launcher.setAttribute("aria-label", texts.open + (unread ? texts.unread(unread) : ""));
    launcher.setAttribute("aria-expanded", String(!panel.hidden));
    this.#follow(scroller, wasAtEnd);
  }

  /** Keeps the newest in view, from its first line on, unless the customer has scrolled back. */
  #follow(scroller, wasAtEnd) {
    if (!this.#isOpen) return;
    const { messages } = this.#client.transcript;
    const last = messages.at(-1)?.seq ?? 0;
    const first = this.#drawnUpTo && this.#log.firstAfter(this.#client, this.#drawnUpTo);
    if (wasAtEnd) {
      scroller.scrollTop = scroller.scrollHeight;
      if (first && first.offsetTop < scroller.scrollTop) scroller.scrollTop = first.offsetTop - 12;
    } else if (first) {
      this.#parts.news.hidden = false;
    }
    this.#drawnUpTo = last;
  }

  #isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#parts.scroller;
    return scrollHeight - scrollTop - clientHeight < 60;
  }

  #toEnd() {
    const { scroller, news } = this.#parts;
    scroller.scrollTop = scroller.scrollHeight;
    news.hidden = true;
  }

  #scrolled() {
    if (this.#isAtEnd()) this.#parts.news.hidden = true;
  }

  #markSeen() {
    const last = this.#client.transcript.messages.at(-1)?.seq ?? 0;
    if (!this.#isOpen || document.hidden || !last) return;
    if (this.#store.get("seen") !== last) this.#store.set("seen", last);
  }

  #unread() {
    const seen = this.#store.get("seen") ?? 0;
    const isNews = (each) => each.seq > seen && each.sender !== "customer";
    return this.#isOpen ? 0 : this.#client.transcript.messages.filter(isNews).length;
  }

  // The customer's hands

  #typed(event) {
    // 229: Safari ends a composition before it reports the Enter that ended it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const { input } = this.#parts;
    if (!this.#client.send(input.value)) return;
    input.value = "";
    this.#edited();
    this.#toEnd();
    input.focus();
  }

  #choose(button) {
    this.#store.set("used", [...(this.#store.get("used") ?? []), button.choice].slice(-200));
    this.#client.choose(button);
  }

  /** A pressed button may vanish: a keyboard then goes on in the input. On a phone that would only
   * bring up the keyboard. */
  #pressed(event, act) {
    act();
    this.#toEnd();
    const byKeyboard = event?.detail === 0;
    if (byKeyboard || window.matchMedia("(pointer: fine)").matches) this.#parts.input.focus();
  }

  #edited() {
    const { input, limit, limitSpoken, send } = this.#parts;
    const texts = this.#texts;
    const length = lengthOf(input.value.trim());
    const over = length - TEXT_LIMIT;
    this.#store.setForTab("draft", input.value || null);
    send.disabled = length === 0 || over > 0;
    input.setAttribute("aria-invalid", String(over > 0));
    limit.hidden = length < COUNT_FROM;
    limit.classList.toggle("over", over > 0);
    limit.textContent = over > 0 ? texts.tooLong(over) : texts.count(length, TEXT_LIMIT);
    // Read out once when the limit is passed, not at every key.
    const isSpoken = limitSpoken.textContent !== "";
    if (isSpoken !== over > 0) limitSpoken.textContent = over > 0 ? texts.tooLong(over) : "";
    const wasAtEnd = this.#isAtEnd();
    input.style.height = "";
    if (input.value && this.#isOpen) {
      input.style.height = `${Math.min(132, input.scrollHeight + 2)}px`;
    }
    if (wasAtEnd) this.#toEnd();
  }

  #keyInPanel(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && this.#fullScreen.matches) {
      this.#keepFocusInside(event);
    }
  }

  /** What the panel covers in full screen must not be reached by Tab. */
  #keepFocusInside(event) {
    const candidates = this.#parts.panel.querySelectorAll('button, a[href], textarea, [tabindex="0"]');
    const stops = [...candidates].filter((each) => !each.disabled && each.offsetParent !== null);
    const [first, last] = [stops[0], stops.at(-1)];
    const current = this.shadowRoot.activeElement;
    const edge = event.shiftKey ? first : last;
    if (current !== edge) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }

  #pageClicked(event) {
    const opener = event.target instanceof Element && event.target.closest("[data-chefu-open]");
    if (!opener) return;
    event.preventDefault();
    this.open(opener.getAttribute("data-chefu-open"));
  }

  // The page around

  #visibilityChanged() {
    clearTimeout(this.#sleep);
    if (document.hidden) {
      this.#sleep = setTimeout(() => this.#client.stop(), BACKGROUND_MS);
    } else {
      const isWanted = this.#isOpen || this.#client.quietFor < LIVELY_MS;
      if (isWanted) this.#client.start();
      this.#client.wake();
      this.#draw();
    }
  }

  /** Full screen follows the visible part of the page, which a phone's keyboard makes smaller. */
  #fit() {
    const { panel } = this.#parts;
    const covers = this.#isOpen && this.#fullScreen.matches;
    const viewport = window.visualViewport;
    if (covers && viewport) {
      const wasAtEnd = this.#isAtEnd();
      panel.style.setProperty("--height", `${viewport.height}px`);
      panel.style.setProperty("--top", `${viewport.offsetTop}px`);
      if (wasAtEnd) this.#toEnd();
    }
    panel.setAttribute("aria-modal", String(covers));
    this.#lockPage(covers);
  }

  #lockPage(isLocked) {
    const { style } = document.documentElement;
    if (isLocked && this.#overflow === null) {
      this.#overflow = style.overflow;
      style.overflow = "hidden";
    } else if (!isLocked && this.#overflow !== null) {
      style.overflow = this.#overflow;
      this.#overflow = null;
    }
  }
}

if (!customElements.get("chefu-chat")) customElements.define("chefu-chat", ChefuChat);
