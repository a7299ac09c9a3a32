/** A button with a menu, as the ARIA practices describe it. */
import { button, h, icon } from "./dom.js";

export class Menu {
  #items;

  /** @param {Record<string, () => void>} items what each entry does, by the key of its words */
  constructor(items) {
    this.opener = h(
      "button",
      {
        type: "button",
        class: "icon-button",
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        onclick: () => this.#toggle(this.list.hidden),
      },
      icon("more"),
    );
    this.#items = Object.entries(items).map(([key, act]) => {
      const item = button("", () => {
        this.#toggle(false);
        act();
      }, { role: "menuitem", tabindex: "-1", "data-key": key });
      return item;
    });
    this.list = h("div", { class: "menu", role: "menu", hidden: true }, ...this.#items);
    this.element = h(
      "div",
      {
        class: "menu-place",
        onkeydown: (event) => this.#key(event),
        onfocusout: (event) => {
          if (!this.element.contains(event.relatedTarget)) this.#toggle(false, false);
        },
      },
      this.opener,
      this.list,
    );
  }

  translate(texts) {
    this.opener.setAttribute("aria-label", texts.more);
    this.list.setAttribute("aria-label", texts.more);
    for (const item of this.#items) item.textContent = texts[item.dataset.key];
  }

  #toggle(isOpen, moveFocus = true) {
    if (this.list.hidden === !isOpen) return;
    this.list.hidden = !isOpen;
    this.opener.setAttribute("aria-expanded", String(isOpen));
    if (moveFocus) (isOpen ? this.#items[0] : this.opener).focus();
  }

  #key(event) {
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && event.target === this.opener) this.#toggle(true);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: this.#items.length - 1 }[event.key];
    const next = this.#items[(this.#items.indexOf(event.target) + step) % this.#items.length];
    if (event.key === "Escape") this.#toggle(false);
    else if (next) next.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
