/**
 * <chefu-chat>: wires the page, the customer's hands and ChatClient together. Attributes and
 * methods are described in README.md.
 */
import { ChatClient } from "./client.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";
import { buildParts, drawParts, translateParts } from "./panel.js";
import { Rating } from "./rating.js";
import { Store } from "./store.js";
import { TEXTS, browserLocale } from "./texts.js";
import { Screen, Scroller } from "./view.js";

const HOME = new URL(import.meta.url).origin;
/** A closed panel listens for answers only while the conversation is this young. */
const LIVELY_MS = 24 * 3600 * 1000;
/** A page in the background goes on listening for this long: a browser holds few connections to one
 * server, which must be there for the page that is looked at. */
const BACKGROUND_MS = 30 * 1000;

class ChefuChat extends HTMLElement {
  static observedAttributes = ["locale", "title"];

  #client;
  #store;
  #log;
  #composer;
  #menu;
  #rating;
  #scroller;
  #screen;
  #parts;
  #locale = "zh";
  /** Buttons that were pressed: one that the server refused is not offered again. */
  #used = new Set();
  #isFirstDraw = true;
  /** The customer has chosen to end the conversation. */
  #isEnding = false;
  #sleep = null;
  #unlisten = null;

  connectedCallback() {
    if (!this.#parts) this.#build();
    this.#unlisten = new AbortController();
    const { signal } = this.#unlisten;
    const on = (target, type, listener) => target.addEventListener(type, listener, { signal });
    on(window, "online", () => this.#client.wake());
    on(window, "pageshow", (event) => event.persisted && this.#client.wake());
    on(window, "storage", (event) => this.#store.isTokenKey(event.key) && this.#client.tokenChanged());
    on(document, "visibilitychange", () => this.#visibilityChanged());
    on(document, "click", (event) => this.#pageClicked(event));
    this.#screen.listen(() => this.#scroller.staying(() => this.#screen.fit()), signal);
    if (this.#client.unsent.length || (this.#isLively && !document.hidden)) this.#client.start();
    // On a phone the panel covers the page: it reopens for a reload, not on the next page.
    const navigation = performance.getEntriesByType("navigation")[0];
    const mayReopen = !this.#screen.isFull || navigation?.type === "reload";
    if (this.#store.getForTab("open") && mayReopen) this.#show();
    this.#draw();
  }

  disconnectedCallback() {
    this.#unlisten?.abort();
    clearTimeout(this.#sleep);
    this.#client.stop();
    this.#screen.lock(false);
  }

  attributeChangedCallback() {
    if (!this.#parts) return;
    this.#chooseLocale();
    this.#translate();
  }

  /** @param {string} [draft] text for the input, which the customer may change and send */
  open(draft) {
    if (draft) this.#composer.draft = draft;
    if (!this.#isOpen) this.#show();
    this.#composer.focus();
  }

  close() {
    if (!this.#isOpen) return;
    const { panel, launcher } = this.#parts;
    this.#store.setForTab("open", null);
    if (!this.#rating.isAsking) this.#rating.hide();
    panel.hidden = true;
    launcher.hidden = false;
    this.#screen.fit();
    launcher.focus();
    this.#draw();
  }

  get #isOpen() {
    return !this.#parts.panel.hidden;
  }

  get #isLively() {
    return this.#client.quietFor < LIVELY_MS;
  }

  #show() {
    const { panel, launcher } = this.#parts;
    this.#store.setForTab("open", true);
    panel.hidden = false;
    launcher.hidden = true;
    this.#screen.fit();
    if (!document.hidden) this.#client.start();
    this.#draw();
    this.#composer.edited();
    this.#scroller.toEnd();
  }

  #build() {
    const api = (this.getAttribute("api") || HOME).replace(/\/+$/, "");
    const store = (this.#store = new Store(api));
    const client = (this.#client = new ChatClient(api, store));
    client.addEventListener("change", () => this.#draw());
    this.#scroller = new Scroller();
    this.#log = new Log(
      {
        onStarter: (text, event) => this.#pressed(event, () => client.send(text)),
        onChoice: (button, event) => this.#pressed(event, () => this.#choose(button)),
        onRetry: (id) => this.#pressed(null, () => client.retry(id)),
        onDiscard: (id) => this.#pressed(null, () => client.discard(id)),
        isUsed: (choice) => this.#used.has(choice),
      },
      `${api}/`,
    );
    this.#composer = new Composer({
      send: (text, picture) => this.#send(text, picture),
      edited: (draft) => store.setForTab("draft", draft || null),
      resized: (change) => this.#scroller.staying(change),
    });
    this.#rating = new Rating({
      send: (score, comment) => this.#rate(score, comment),
      skipped: () => (this.#isEnding ? this.close() : this.#composer.focus()),
      done: () => this.close(),
    });
    this.#menu = new Menu({ end: () => this.#end() });
    const inside = {
      menu: this.#menu.element,
      log: this.#log.element,
      rating: this.#rating.element,
      scroller: this.#scroller.element,
      news: this.#scroller.news,
      composer: this.#composer.element,
    };
    this.#parts = buildParts(this.attachShadow({ mode: "open" }), inside, {
      onOpen: () => this.open(),
      onClose: () => this.close(),
      onLocale: (locale) => this.#switch(locale),
      onKey: (event) => this.#keyInPanel(event),
    });
    this.#screen = new Screen(this.#parts.panel);
    this.#composer.acceptDrops(this.#parts.panel);
    this.#composer.input.value = store.getForTab("draft") ?? "";
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
    for (const part of [this.#composer, this.#rating, this.#menu]) part.translate(this.#texts);
    this.#scroller.translate(this.#texts);
    this.#draw();
  }

  // Drawing

  #draw() {
    const client = this.#client;
    const { element } = this.#log;
    const wasAtEnd = this.#scroller.isAtEnd;
    // The transcript of an earlier visit is not news to be read out.
    const isResuming = this.#isFirstDraw && client.hasConversation;
    if (isResuming) element.setAttribute("aria-busy", "true");
    this.#log.draw(client, this.#texts);
    if (isResuming && client.connection === "online") {
      this.#isFirstDraw = false;
      requestAnimationFrame(() => element.removeAttribute("aria-busy"));
    } else if (!client.hasConversation) {
      this.#isFirstDraw = false;
    }
    const { last } = client.transcript;
    if (this.#isOpen && !document.hidden && last) this.#store.set("seen", last);
    drawParts(this.#parts, this.#texts, client, this.#unread());
    this.#menu.element.hidden = !client.transcript.lastOwn;
    this.#askForRating();
    if (this.#isOpen) {
      this.#scroller.follow(wasAtEnd, last, (seq) => this.#log.firstAfter(client, seq));
    }
  }

  #unread() {
    const seen = this.#store.get("seen") ?? 0;
    const isNews = (each) => each.seq > seen && each.sender !== "customer";
    return this.#isOpen ? 0 : this.#client.transcript.messages.filter(isNews).length;
  }

  // The customer's hands

  #send(text, picture) {
    if (!this.#client.send(text, picture)) return false;
    this.#rating.hide();
    this.#scroller.toEnd();
    return true;
  }

  #choose(button) {
    this.#used.add(button.choice);
    this.#client.choose(button);
    this.#composer.clearNotice();
    this.#rating.hide();
  }

  /** A pressed button may vanish: a keyboard then goes on in the input. On a phone that would only
   * bring up the keyboard. */
  #pressed(event, act) {
    act();
    this.#scroller.toEnd();
    const byKeyboard = event?.detail === 0;
    if (byKeyboard || window.matchMedia("(pointer: fine)").matches) this.#composer.focus();
  }

  #keyInPanel(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") this.close();
    else this.#screen.keepFocusInside(event);
  }

  #pageClicked(event) {
    const opener = event.target instanceof Element && event.target.closest("[data-chefu-open]");
    if (!opener) return;
    event.preventDefault();
    this.open(opener.getAttribute("data-chefu-open"));
  }

  // Rating: asked once when staff have closed the conversation, and whenever the customer ends it,
  // which the server is told whether he rates it or not

  #askForRating() {
    const { isClosed, transcript } = this.#client;
    if (!isClosed || !transcript.lastOwn || this.#store.get("rated")) return;
    // From now on it has been asked, whatever becomes of it.
    if (!this.#isOpen) return;
    this.#isEnding = false;
    this.#store.set("rated", "asked");
    this.#rating.ask();
  }

  #end() {
    this.#isEnding = true;
    this.#store.set("rated", "asked");
    // Not heard, it stays open on the server until staff close it: nothing the customer need know.
    this.#client.end().catch(() => {});
    this.#rating.ask();
    this.#scroller.toEnd();
    this.#rating.focus();
  }

  async #rate(score, comment) {
    await this.#client.rate(score, comment);
    this.#scroller.toEnd();
  }

  // The page around

  #visibilityChanged() {
    clearTimeout(this.#sleep);
    if (document.hidden) {
      this.#sleep = setTimeout(() => this.#client.stop(), BACKGROUND_MS);
    } else {
      this.#client.wake(this.#isOpen || this.#isLively);
      this.#draw();
    }
  }
}

if (!customElements.get("chefu-chat")) customElements.define("chefu-chat", ChefuChat);
