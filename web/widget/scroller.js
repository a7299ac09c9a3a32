/** The part that scrolls: keeps the newest in view, unless the customer has scrolled back. */
import { h, icon } from "./dom.js";

const NEAR = 60;

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

  /** Runs what may change a height, and stays at the end if it was there. @param {() => void} change */
  staying(change) {
    const wasAtEnd = this.isAtEnd;
    change();
    if (wasAtEnd) this.toEnd();
  }

  /**
   * After drawing: what is new is shown from its first line on.
   * @param {boolean} wasAtEnd before drawing
   * @param {number} last number of the last message
   * @param {(seq: number) => HTMLElement | undefined} firstAfter the first new node
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
