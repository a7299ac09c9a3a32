/** Where the customer writes: the text and its length, one picture, the button that sends. */
import { h, icon } from "./dom.js";
import { faultOf } from "./pictures.js";
import { PICTURE_TYPES, TEXT_LIMIT, lengthOf } from "./transcript.js";

const COUNT_FROM = TEXT_LIMIT - 200;
const TALLEST = 132;

export class Composer {
  #on;
  #texts;
  /** @type {File | null} */
  #picture = null;
  /** Key of the text that is shown below the input because of a picture. */
  #notice = null;

  /**
   * @param on {send, edited, resized}: `send` answers whether it took text and picture, `edited`
   *   hears of every draft, `resized` runs what may change the height
   */
  constructor(on) {
    this.#on = on;
    this.input = h("textarea", {
      rows: "1",
      enterkeyhint: "send",
      autocomplete: "off",
      "aria-describedby": "limit",
      oninput: () => this.clearNotice(),
      onkeydown: (event) => this.#typed(event),
      onpaste: (event) => this.#takeFiles(event, event.clipboardData?.files),
    });
    this.limit = h("p", { id: "limit", class: "limit", hidden: true });
    this.spoken = h("p", { class: "unseen", role: "status" });
    this.chip = h("div", { class: "chip", hidden: true });
    this.sendButton = h("button", { type: "submit", class: "send" }, icon("send"));
    this.file = h("input", {
      type: "file",
      accept: PICTURE_TYPES.join(),
      hidden: true,
      onchange: () => {
        this.add(this.file.files);
        this.file.value = "";
      },
    });
    this.attach = h(
      "button",
      { type: "button", class: "attach", onclick: () => this.file.click() },
      icon("picture"),
    );
    this.element = h(
      "form",
      { class: "composer", onsubmit: (event) => this.#submitted(event) },
      this.chip,
      h("div", { class: "field" }, this.input, this.limit, this.spoken),
      this.file,
      this.attach,
      this.sendButton,
    );
  }

  /** Pictures may be dropped anywhere on this element. @param {HTMLElement} target */
  acceptDrops(target) {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    const mark = (event, isOver) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      target.classList.toggle("dropping", isOver);
    };
    target.addEventListener("dragover", (event) => mark(event, true));
    target.addEventListener("dragleave", (event) => {
      if (!target.contains(event.relatedTarget)) mark(event, false);
    });
    target.addEventListener("drop", (event) => {
      mark(event, false);
      this.#takeFiles(event, event.dataTransfer?.files);
    });
  }

  translate(texts) {
    this.#texts = texts;
    this.input.setAttribute("aria-label", texts.input);
    this.input.placeholder = texts.input;
    this.sendButton.setAttribute("aria-label", texts.send);
    this.attach.setAttribute("aria-label", texts.attach);
    this.attach.title = texts.attach;
    this.#drawPicture();
    this.edited();
  }

  set draft(text) {
    this.input.value = text;
    this.edited();
  }

  focus() {
    this.input.focus();
  }

  /** What was wrong with a picture is of no interest any more. */
  clearNotice() {
    this.#notice = null;
    this.edited();
  }

  /** Counts, measures and keeps what stands in the input. */
  edited() {
    const { input, limit, spoken } = this;
    const texts = this.#texts;
    const length = lengthOf(input.value.trim());
    const over = length - TEXT_LIMIT;
    const isOver = over > 0;
    this.#on.edited(input.value);
    this.sendButton.disabled = (length === 0 && !this.#picture) || isOver;
    input.setAttribute("aria-invalid", String(isOver));
    const words = isOver
      ? texts.tooLong(over)
      : length >= COUNT_FROM
        ? texts.count(length, TEXT_LIMIT)
        : texts[this.#notice];
    limit.hidden = !words;
    limit.classList.toggle("over", isOver || (Boolean(this.#notice) && this.#notice !== "onePicture"));
    limit.textContent = words ?? "";
    // Read out once when the limit is passed, not at every key.
    const key = isOver ? "tooLong" : (this.#notice ?? (this.#picture ? "pictureAdded" : ""));
    if (spoken.dataset.key !== key) {
      spoken.dataset.key = key;
      spoken.textContent = isOver ? texts.tooLong(over) : (texts[key] ?? "");
    }
    this.#on.resized(() => {
      input.style.height = "";
      // Without a box there is nothing to measure.
      if (input.value && input.scrollHeight) {
        input.style.height = `${Math.min(TALLEST, input.scrollHeight + 2)}px`;
      }
    });
  }

  /** Takes the first of these files if it is a picture, else says why not. @param {FileList} files */
  async add(files) {
    if (!files.length) return;
    const [file] = files;
    const fault = await faultOf(file);
    if (!fault) this.#picture = file;
    this.#notice = fault ?? (files.length > 1 ? "onePicture" : null);
    this.#drawPicture();
    this.edited();
    this.focus();
  }

  #remove() {
    this.#picture = null;
    this.#notice = null;
    this.#drawPicture();
    this.edited();
    this.focus();
  }

  #drawPicture() {
    const { chip } = this;
    const old = chip.querySelector("img");
    if (old) URL.revokeObjectURL(old.src);
    chip.hidden = !this.#picture;
    chip.replaceChildren();
    if (!this.#picture) return;
    const megabytes = (this.#picture.size / 1024 / 1024).toFixed(1);
    chip.append(
      h("img", { src: URL.createObjectURL(this.#picture), alt: "" }),
      h("span", { class: "chip-name" }, this.#picture.name || this.#texts.picture),
      h("span", { class: "chip-size" }, `${megabytes} MB`),
      h(
        "button",
        { type: "button", "aria-label": this.#texts.removePicture, onclick: () => this.#remove() },
        icon("close"),
      ),
    );
  }

  #takeFiles(event, files) {
    if (!files?.length) return;
    event.preventDefault();
    this.add(files);
  }

  #typed(event) {
    // 229: Safari ends a composition before it reports the Enter that ended it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    this.#submitted(event);
  }

  #submitted(event) {
    event.preventDefault();
    if (!this.#on.send(this.input.value, this.#picture)) return;
    this.input.value = "";
    this.#remove();
  }
}
