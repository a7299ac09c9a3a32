/** The fixed parts of the widget: launcher, header, notices, scroller, composer. */
import { h, icon } from "./dom.js";
import { STYLES } from "./styles.js";

/**
 * Fills a shadow root with the launcher and the closed panel.
 * @param {ShadowRoot} root
 * @param {Record<string, (value: any) => void>} on what the customer's hands cause
 * @returns {Record<string, HTMLElement>} the parts that change
 */
export function buildParts(root, on) {
  const language = (locale, lang, name) =>
    h(
      "button",
      { type: "button", lang, "data-locale": locale, onclick: () => on.onLocale(locale) },
      h("span", {}, name),
    );
  const submit = (event) => {
    event.preventDefault();
    on.onSubmit();
  };
  const parts = {
    launcher: h("button", {
      type: "button",
      class: "launcher",
      part: "launcher",
      "aria-haspopup": "dialog",
      onclick: on.onOpen,
    }),
    panel: h("section", {
      class: "panel",
      part: "panel",
      role: "dialog",
      "aria-labelledby": "heading",
      hidden: true,
      onkeydown: on.onPanelKey,
    }),
    heading: h("h2", { id: "heading" }),
    subtitle: h("p"),
    languages: h(
      "div",
      { class: "languages", role: "group" },
      language("zh", "zh-CN", "中文"),
      language("en", "en", "EN"),
    ),
    close: h("button", { type: "button", class: "close", onclick: on.onClose }, icon("close")),
    connection: h("div", { class: "connection", role: "status" }),
    scroller: h("div", { class: "scroller", onscroll: on.onScroll }),
    typing: h("div", { class: "typing", role: "img", hidden: true }, h("i"), h("i"), h("i")),
    news: h("button", { type: "button", class: "news", hidden: true, onclick: on.onNews }),
    input: h("textarea", {
      rows: "1",
      enterkeyhint: "send",
      autocomplete: "off",
      "aria-describedby": "limit",
      oninput: on.onInput,
      onkeydown: on.onInputKey,
    }),
    limit: h("p", { id: "limit", class: "limit", hidden: true }),
    limitSpoken: h("p", { class: "unseen", role: "status" }),
    send: h("button", { type: "submit", class: "send" }, icon("send")),
  };
  parts.scroller.append(parts.typing);
  parts.panel.append(
    h(
      "header",
      { class: "header" },
      h("div", { class: "titles" }, parts.heading, parts.subtitle),
      parts.languages,
      parts.close,
    ),
    parts.connection,
    parts.scroller,
    h(
      "div",
      { class: "below" },
      parts.news,
      h(
        "form",
        { class: "composer", onsubmit: submit },
        h("div", { class: "field" }, parts.input, parts.limit, parts.limitSpoken),
        parts.send,
      ),
    ),
  );
  // The title attribute of the element must not become a tooltip over all of it.
  root.append(h("div", { class: "root", title: "" }, parts.launcher, parts.panel));
  try {
    // Allowed under a content security policy without 'unsafe-inline', which a <style> is not.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.prepend(h("style", {}, STYLES));
  }
  return parts;
}

/**
 * @param {ReturnType<typeof buildParts>} parts
 * @param {typeof import("./texts.js").TEXTS.zh} texts
 * @param {"zh" | "en"} locale
 * @param {string | null} title the host page's own title for the panel
 */
export function translateParts(parts, texts, locale, title) {
  parts.launcher.parentNode.lang = texts.lang;
  parts.heading.textContent = title || texts.title;
  parts.subtitle.textContent = texts.subtitle;
  parts.languages.setAttribute("aria-label", texts.language);
  for (const button of parts.languages.children) {
    button.setAttribute("aria-pressed", String(button.dataset.locale === locale));
  }
  parts.close.setAttribute("aria-label", texts.close);
  parts.typing.setAttribute("aria-label", texts.typing);
  parts.news.replaceChildren(icon("down"), texts.newMessages);
  parts.input.setAttribute("aria-label", texts.input);
  parts.input.placeholder = texts.input;
  parts.send.setAttribute("aria-label", texts.send);
}
