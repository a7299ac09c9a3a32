/** What is in view: of the conversation its newest part, of the page on a small screen nothing. */
import { h, icon } from "./dom.js";

const NEAR = 60;
/** The same condition as in the styles. */
const FULL_SCREEN = "(max-width: 520px), (max-height: 460px)";

/** Keeps the newest in view, unless the customer has scrolled back. */
export class Scroller {
  #upTo = 0;

  constructor() {
    this.news = h("button", { type: "button", class: "news", hidden: true, onclick: () => this.toEnd() });
    this.element = h("div", {
      class: "scroller",
      onscroll: () => {
        if (this.isAtEnd) this.news.hidden = true;
      },
    });
  }

  translate(texts) {
    this.news.replaceChildren(icon("down"), texts.newMessages);
  }

  get isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
    this.news.hidden = true;
  }

  /** Runs what may change a height, and stays at the end if it was there. */
  staying(change) {
    const wasAtEnd = this.isAtEnd;
    change();
    if (wasAtEnd) this.toEnd();
  }

  /**
   * After drawing: what is new is shown from its first line on.
   * @param {boolean} wasAtEnd before drawing
   * @param {number} last number of the last message
   * @param {(seq: number) => HTMLElement | undefined} firstAfter
   */
  follow(wasAtEnd, last, firstAfter) {
    const first = this.#upTo && firstAfter(this.#upTo);
    const { element } = this;
    if (wasAtEnd) {
      element.scrollTop = element.scrollHeight;
      if (first && first.offsetTop < element.scrollTop) element.scrollTop = first.offsetTop - 12;
    } else if (first) {
      this.news.hidden = false;
    }
    this.#upTo = last;
  }
}

/** The panel on a small screen fills what is visible, and the page behind it stands still. */
export class Screen {
  #panel;
  #query = window.matchMedia(FULL_SCREEN);
  #overflow = null;

  constructor(panel) {
    this.#panel = panel;
  }

  get isFull() {
    return this.#query.matches;
  }

  listen(listener, signal) {
    this.#query.addEventListener("change", listener, { signal });
    for (const type of ["resize", "scroll"]) {
      window.visualViewport?.addEventListener(type, listener, { signal });
    }
  }

  /** Follows the visible part of the page, which a phone's keyboard makes smaller. */
  fit() {
    const covers = !this.#panel.hidden && this.isFull;
    const viewport = window.visualViewport;
    if (covers && viewport) {
      this.#panel.style.setProperty("--chefu-height", `${viewport.height}px`);
      this.#panel.style.setProperty("--chefu-top", `${viewport.offsetTop}px`);
    }
    this.#panel.setAttribute("aria-modal", String(covers));
    this.lock(covers);
  }

  lock(isLocked) {
    const { style } = document.documentElement;
    if (isLocked && this.#overflow === null) {
      this.#overflow = [style.getPropertyValue("overflow"), style.getPropertyPriority("overflow")];
      style.setProperty("overflow", "hidden", "important");
    } else if (!isLocked && this.#overflow !== null) {
      style.setProperty("overflow", ...this.#overflow);
      if (!style.length) document.documentElement.removeAttribute("style");
      this.#overflow = null;
    }
  }

  /** What the panel covers must not be reached by Tab. */
  keepFocusInside(event) {
    if (event.key !== "Tab" || !this.isFull) return;
    const candidates = this.#panel.querySelectorAll(
      'button, a[href], textarea, input, [tabindex="0"]',
    );
    const stops = [...candidates].filter(
      (each) => !each.disabled && each.tabIndex >= 0 && each.offsetParent !== null,
    );
    const [first, last] = [stops[0], stops.at(-1)];
    const edge = event.shiftKey ? first : last;
    if (this.#panel.getRootNode().activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? last : first).focus();
  }
}
