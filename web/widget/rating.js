/** The question how it was: one to five stars and a few words, or no answer at all. */
import { button, h, icon } from "./dom.js";
import { TEXT_LIMIT } from "./transcript.js";

const MOST = 5;

export class Rating {
  #on;
  #texts;
  /** @type {"asking" | "sending" | "thanks" | null} */
  #step = null;
  /** Key of the words of what went wrong. */
  #fault = null;

  /** @param on {send, skipped, done}: `send` rejects when the rating did not arrive */
  constructor(on) {
    this.#on = on;
    this.heading = h("legend");
    this.stars = Array.from({ length: MOST }, (_, index) => this.#star(index + 1));
    this.words = h("p", { class: "star-words", "aria-hidden": "true" });
    this.fault = h("p", { class: "fault", role: "alert" });
    this.comment = h("textarea", { rows: "2", maxlength: TEXT_LIMIT, id: "rating-comment" });
    this.commentLabel = h("label", { for: "rating-comment" });
    this.submit = h("button", { type: "submit", class: "solid" });
    this.skip = button("", () => this.#skip(), { class: "plain" });
    this.form = h(
      "form",
      { novalidate: true, onsubmit: (event) => this.#submitted(event) },
      h(
        "fieldset",
        {},
        this.heading,
        h("div", { class: "stars" }, ...this.stars.map((each) => each.label)),
      ),
      this.words,
      this.commentLabel,
      this.comment,
      this.fault,
      h("div", { class: "actions" }, this.submit, this.skip),
    );
    this.thanks = h("p", { role: "status" });
    this.close = button("", () => this.#on.done(), { class: "plain" });
    this.thanksBox = h("div", { class: "thanks" }, this.thanks, this.close);
    this.element = h("section", { class: "rating", hidden: true });
  }

  get isAsking() {
    return this.#step === "asking" || this.#step === "sending";
  }

  /** Shows the question, empty unless it is being answered already. */
  ask() {
    if (!this.isAsking) {
      this.form.reset();
      this.#step = "asking";
      this.#fault = null;
    }
    this.#draw();
  }

  focus() {
    (this.stars.find((each) => each.input.checked) ?? this.stars[0]).input.focus();
  }

  hide() {
    this.#step = null;
    this.#draw();
  }

  translate(texts) {
    this.#texts = texts.rating;
    this.heading.textContent = this.#texts.title;
    this.element.setAttribute("aria-label", this.#texts.title);
    this.stars.forEach(({ name }, index) => {
      name.textContent = this.#texts.star(index + 1, this.#texts.stars[index]);
    });
    this.commentLabel.textContent = this.#texts.comment;
    this.submit.textContent = this.#texts.submit;
    this.skip.textContent = this.#texts.skip;
    this.close.textContent = this.#texts.close;
    this.#draw();
  }

  #star(count) {
    const input = h("input", {
      type: "radio",
      name: "score",
      value: count,
      onchange: () => {
        this.#fault = null;
        this.#draw();
      },
    });
    const name = h("span", { class: "unseen" });
    const label = h("label", { class: "star" }, input, icon("star"), name);
    return { input, name, label };
  }

  get #score() {
    return this.stars.findIndex((each) => each.input.checked) + 1;
  }

  #draw() {
    const step = this.#step;
    const score = this.#score;
    // What is not asked is not in the page: there is one place to write in.
    const shown = this.isAsking ? this.form : step && this.thanksBox;
    this.element.hidden = !shown;
    if (this.element.firstChild !== shown) this.element.replaceChildren(...(shown ? [shown] : []));
    this.thanks.textContent = step === "thanks" ? this.#texts.thanks : "";
    this.stars.forEach(({ label }, index) => label.classList.toggle("on", index < score));
    this.words.textContent = score ? this.#texts.stars[score - 1] : "";
    const words = this.#fault ? this.#texts[this.#fault] : "";
    if (this.fault.textContent !== words) this.fault.textContent = words;
    this.submit.disabled = step === "sending";
  }

  #skip() {
    this.hide();
    this.#on.skipped();
  }

  async #submitted(event) {
    event.preventDefault();
    if (this.#step !== "asking") return;
    if (!this.#score) {
      this.#fault = "missing";
      this.#draw();
      this.focus();
      return;
    }
    this.#step = "sending";
    this.#fault = null;
    this.#draw();
    try {
      await this.#on.send(this.#score, this.comment.value.trim());
      this.#step = "thanks";
      this.#draw();
      this.close.focus();
    } catch {
      this.#step = "asking";
      this.#fault = "failed";
      this.#draw();
      this.submit.focus();
    }
  }
}
