"""Every text of the console in Chinese and English, by key; a module for each topic."""

from collections.abc import Mapping

from backend.console.texts import (
    catalogue,
    complaints,
    composer,
    day,
    diagnosis,
    drive_days,
    entering,
    frame,
    inbox,
    lists,
    records,
    said,
    thread,
    understanding,
    visit_days,
)

TOPICS = (
    frame, lists, inbox, thread, composer, records, complaints, entering, understanding, drive_days,
    visit_days,
    diagnosis, day, catalogue, said,
)  # fmt: skip

TEXTS: Mapping[str, tuple[str, str]] = {
    key: words for topic in TOPICS for key, words in topic.TEXTS.items()
}


class Texts:
    """Looks up texts in one language: `t("list.range", first=1, …)`.

    An unknown key is a mistake in a template and raises KeyError; `label` is for codes
    that come from data and may be new, and falls back to the code itself.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = 0 if language == "zh" else 1

    def __call__(self, key: str, **values: object) -> str:
        text = TEXTS[key][self._index]
        return text.format(**values) if values else text

    def label(self, group: str, code: str | None) -> str:
        found = TEXTS.get(f"{group}.{code}")
        return found[self._index] if found else (code or "")
