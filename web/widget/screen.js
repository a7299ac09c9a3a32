/** The panel on a small screen: it fills what is visible, and the page behind it stands still. */

/** The same condition as in the styles. */
const FULL_SCREEN = "(max-width: 520px), (max-height: 460px)";

export class Screen {
  #panel;
  #query = window.matchMedia(FULL_SCREEN);
  #overflow = null;

  /** @param {HTMLElement} panel */
  constructor(panel) {
    this.#panel = panel;
  }

  get isFull() {
    return this.#query.matches;
  }

  /** @param {() => void} listener @param {AbortSignal} signal */
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

  /** What the panel covers must not be reached by Tab. @param {KeyboardEvent} event */
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
