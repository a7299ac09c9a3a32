/** The fixed parts of the widget: launcher, header, notices, and the places for the others. */
import { h, icon } from "./dom.js";
import { STYLES } from "./styles.js";

/**
 * Fills a shadow root with the launcher and the closed panel.
 * @param {ShadowRoot} root
 * @param inside elements: {menu, log, rating, scroller, news, composer}
 * @param on {onOpen, onClose, onLocale, onKey}
 * @returns {Record<string, HTMLElement>} the parts that change
 */
export function buildParts(root, inside, on) {
  const language = (locale, lang, name) =>
    h(
      "button",
      { type: "button", lang, "data-locale": locale, onclick: () => on.onLocale(locale) },
      h("span", {}, name),
    );
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
    }),
    avatar: h("span", { class: "avatar" }),
    heading: h("h2", { id: "heading" }),
    subtitle: h("p"),
    languages: h(
      "div",
      { class: "languages", role: "group" },
      language("zh", "zh-CN", "中文"),
      language("en", "en", "EN"),
    ),
    close: h("button", { type: "button", class: "icon-button", onclick: on.onClose }, icon("close")),
    connection: h("div", { class: "connection", role: "status" }),
    typing: h("div", { class: "typing", role: "img", hidden: true }, h("i"), h("i"), h("i")),
    drop: h("p", { class: "drop", "aria-hidden": "true" }),
  };
  inside.scroller.append(inside.log, parts.typing, inside.rating);
  parts.panel.append(
    h(
      "header",
      { class: "header" },
      parts.avatar,
      h("div", { class: "titles" }, parts.heading, parts.subtitle),
      parts.languages,
      inside.menu,
      parts.close,
    ),
    parts.connection,
    inside.scroller,
    h("div", { class: "below" }, inside.news, inside.composer),
    parts.drop,
  );
  parts.panel.addEventListener("keydown", on.onKey);
  for (const type of ["keydown", "keypress", "keyup"]) {
    // What is typed here is no shortcut of the page.
    parts.panel.addEventListener(type, (event) => event.stopPropagation());
  }
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

/** @param {string | null} title the host page's own title for the panel */
export function translateParts(parts, texts, locale, title) {
  parts.launcher.parentNode.lang = texts.lang;
  parts.heading.textContent = title || texts.title;
  parts.languages.setAttribute("aria-label", texts.language);
  for (const button of parts.languages.children) {
    button.setAttribute("aria-pressed", String(button.dataset.locale === locale));
  }
  parts.close.setAttribute("aria-label", texts.close);
  parts.typing.setAttribute("aria-label", texts.typing);
  parts.drop.textContent = texts.drop;
}

/** Header, notice and launcher as the state of the conversation wants them. */
export function drawParts(parts, texts, client, unread) {
  const isLost = client.connection === "reconnecting";
  const { isWithStaff } = client;
  parts.panel.classList.toggle("with-staff", isWithStaff);
  const subtitle = isWithStaff ? texts.withStaff : texts.subtitle;
  if (parts.subtitle.textContent !== subtitle) {
    parts.subtitle.textContent = subtitle;
    parts.avatar.replaceChildren(icon(isWithStaff ? "person" : "car"));
  }
  parts.typing.hidden = !client.typing || isLost;
  const words = isLost ? texts.reconnecting : "";
  if (parts.connection.textContent !== words) parts.connection.textContent = words;
  const { launcher } = parts;
  launcher.replaceChildren(icon("chat"), h("span", {}, texts.launcher));
  if (unread) {
    const count = unread > 99 ? "99+" : String(unread);
    launcher.append(
      h("span", { class: "unseen" }, texts.unread(unread)),
      h("span", { class: "count", "aria-hidden": "true" }, count),
    );
  }
  launcher.setAttribute("aria-expanded", String(!parts.panel.hidden));
}
