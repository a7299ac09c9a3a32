"""Both languages in full: every response, its placeholders and buttons, and the fixed texts."""

import ast
import itertools
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from backend.appointments.outcomes import Reason
from backend.console.texts import TEXTS as CONSOLE
from backend.site.texts import TEXTS as SITE
from backend.texts import notices

ROOT = Path(__file__).parents[2]
ENGLISH = [{"type": "slot", "name": "language", "value": "en"}]
HAN = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef]")
PLACEHOLDER = re.compile(r"{(\w+)}")
PLATE_EXAMPLE = re.compile(r"浙[A-Z][A-Z0-9]{5,6}")
MANNERS = re.compile(r"亲[，,~ ]|亲爱|[!！]")


@cache
def domain() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
    return loaded


RESPONSES: dict[str, list[dict[str, Any]]] = domain()["responses"]
NAMES = sorted(RESPONSES)


def variations(name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The English variations of a response, and those without a condition."""
    english = [v for v in RESPONSES[name] if v.get("condition") == ENGLISH]
    plain = [v for v in RESPONSES[name] if "condition" not in v]
    return english, plain


@pytest.mark.parametrize("name", NAMES)
def test_each_response_has_english_and_a_chinese_default(name: str) -> None:
    english, plain = variations(name)
    assert len(english) == len(plain) == 1
    assert len(RESPONSES[name]) == 2, "a variation with another condition"
    assert HAN.search(plain[0]["text"])
    assert not HAN.search(PLATE_EXAMPLE.sub("", english[0]["text"]))


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_say_the_same_things(name: str) -> None:
    (english,), (plain,) = variations(name)
    here, there = (set(PLACEHOLDER.findall(v["text"])) for v in (english, plain))
    # Chinese gives the hotline where English does, and so on.
    assert here == there
    buttons = [v.get("buttons", []) for v in (english, plain)]
    assert [b["payload"] for b in buttons[0]] == [b["payload"] for b in buttons[1]]
    assert not any(HAN.search(button["title"]) for button in buttons[0])
    assert all(HAN.search(b["title"]) for b in buttons[1])
    for button in buttons[0]:
        intent = button["payload"].partition("{")[0].removeprefix("/")
        assert intent in {next(iter(i)) if isinstance(i, dict) else i for i in domain()["intents"]}


@pytest.mark.parametrize("name", NAMES)
def test_the_tone(name: str) -> None:
    for variation in RESPONSES[name]:
        texts = [variation["text"], *(b["title"] for b in variation.get("buttons", []))]
        for text in texts:
            assert not MANNERS.search(text)


# ---- what is uttered exists, and what exists is uttered ----


def families(name: str) -> list[str]:
    """What may stand in the placeholders of `utter_…{}…` in the code."""
    slots = {slot for form in domain()["forms"].values() for slot in form["required_slots"]}
    return {
        "utter_refused_{}": [f"utter_refused_{reason}" for reason in get_args(Reason)],
        "utter_explain_{}": [f"utter_explain_{slot}" for slot in sorted(slots - UNEXPLAINED)],
        "utter_ask_{}": [f"utter_ask_{slot}" for slot in sorted(plainly_asked())],
        "utter_{}": [f"utter_{intent}" for intent in sorted(plain_intents())],
        "utter_{}_{}": [f"utter_{subject}_{level}" for subject in DRIVING_ON for level in levels()],
    }.get(name, [])


DRIVING_ON = ("may_drive", "dangerous", "motorway", "stopped")
"""What is answered after a fault was reported, by how grave it is."""


def levels() -> list[str]:
    from bot.actions.faults import _SUFFIX

    return sorted(_SUFFIX.values())


UNEXPLAINED = {"complaint_contact"}
"""The form takes any answer to it."""


def plainly_asked() -> set[str]:
    import bot.actions.trade_in  # noqa: F401  (its questions are plain ones)
    from bot.actions.asking import AskPlainly

    return {kind.slot for kind in AskPlainly.__subclasses__()}


def plain_intents() -> set[str]:
    from bot.actions.conversation import PLAIN

    return set(PLAIN)


def of_code(tree: ast.AST) -> Iterator[str]:
    """Names of responses in a module: whole ones, and families with `{}` for what varies."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if re.fullmatch(r"utter_[a-z_]*[a-z]", node.value):
                yield node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
            )
            if text.startswith("utter_"):
                yield text


def uttered() -> set[str]:
    """Every response that code, rules, stories or forms can utter."""
    import bot.actions.conversation  # noqa: F401  (the subclasses that ask plainly)

    found: set[str] = set()
    for path in (ROOT / "bot/actions").glob("*.py"):
        for name in of_code(ast.parse(path.read_text())):
            found |= set(families(name)) if "{" in name else {name}
    for path in (ROOT / "bot/data").glob("*.yml"):
        found |= set(re.findall(r"action: (utter_[a-z_]+)", path.read_text()))
    slots = {slot for form in domain()["forms"].values() for slot in form["required_slots"]}
    found |= {f"utter_ask_{slot}" for slot in slots} & set(RESPONSES)
    return found


def test_a_family_is_recognised() -> None:
    tree = ast.parse('say(f"utter_refused_{reason}"); say("utter_greet"); x = "utter an oath"')
    assert set(of_code(tree)) == {"utter_refused_{}", "utter_greet"}


def test_no_family_is_unknown() -> None:
    """A new f-string of responses has to be added here, or nothing checks what it utters."""
    unknown = {
        name
        for path in (ROOT / "bot/actions").glob("*.py")
        for name in of_code(ast.parse(path.read_text()))
        if "{" in name and not families(name)
    }
    assert unknown == set()


def test_what_is_uttered_exists() -> None:
    assert uttered() - set(RESPONSES) == set()


def test_what_exists_is_uttered() -> None:
    assert set(RESPONSES) - uttered() == set()


def test_the_values_given_are_those_the_words_need() -> None:
    """`turn.say("utter_x", number=…)`: every placeholder gets its value."""
    missing = []
    for path in (ROOT / "bot/actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "say" or not node.args:
                continue
            given = {keyword.arg for keyword in node.keywords}
            if None in given:
                continue
            for name in _names(node.args[0]):
                for variation in RESPONSES[name]:
                    lacking = set(PLACEHOLDER.findall(variation["text"])) - given
                    # The refusals share one call.
                    if lacking and not (name.startswith("utter_refused_") and lacking == {"items"}):
                        missing.append((path.name, node.lineno, name, lacking))
    assert missing == []


def _names(argument: ast.expr) -> list[str]:
    """The responses that an expression may name."""
    found = []
    for name in of_code(ast.Module([ast.Expr(argument)], [])):
        found += families(name) if "{" in name else [name]
    return [name for name in found if name in RESPONSES]


# ---- fixed texts elsewhere ----


def literals(node: ast.expr) -> str | None:
    """The fixed parts of a text; None where it is not one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return None


def composed() -> Iterator[tuple[str, str, str]]:
    """(where, Chinese, English) of every `turn.either(…, …)` of fixed words in the actions."""
    for path in sorted((ROOT / "bot/actions").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr != "either" or len(node.args) != 2:
                    continue
                zh, en = (literals(argument) for argument in node.args)
                if zh is not None and en is not None:
                    yield f"{path.name}:{node.lineno}", zh, en


def test_composed_answers_keep_the_languages_apart() -> None:
    pairs = list(composed())
    assert len(pairs) > 50
    assert [where for where, _, en in pairs if HAN.search(en)] == []
    assert [where for where, zh, en in pairs if MANNERS.search(zh + en)] == []
    # Words on one side only would leave the other reader with nothing.
    assert [
        where for where, zh, en in pairs
        if len(zh.strip()) > 3 and HAN.search(zh) and not en.strip()
    ] == []  # fmt: skip


NOTICES: list[tuple[str, Mapping[str, str]]] = [
    (name, value)
    for name, value in vars(notices).items()
    if name.isupper() and isinstance(value, dict) and set(value) & {"zh", "en"}
]


def test_there_are_notices() -> None:
    assert NOTICES


@pytest.mark.parametrize(("name", "texts"), NOTICES)
def test_notices_in_both_languages(name: str, texts: Mapping[str, str]) -> None:
    assert set(texts) == {"zh", "en"}, name
    check_pair(texts["zh"], texts["en"])


PAIRS = [
    pytest.param(texts, id=f"{module}:{key}")
    for module, table in (("console", CONSOLE), ("site", SITE))
    for key, texts in table.items()
    # Each names the other language in its own words.
    if key != "language.switch"
]


@pytest.mark.parametrize("texts", PAIRS)
def test_pages_in_both_languages(texts: tuple[str, str]) -> None:
    zh, en = texts
    check_pair(zh, en)


def check_pair(zh: str, en: str) -> None:
    """Both say something, with the same values, each in its own language."""
    assert zh.strip()
    assert en.strip()
    assert set(PLACEHOLDER.findall(zh)) == set(PLACEHOLDER.findall(en))
    assert not HAN.search(PLATE_EXAMPLE.sub("", en))
    for text in (zh, en):
        assert not MANNERS.search(text)


def test_the_widget_has_the_same_keys_in_both_languages() -> None:
    source = (ROOT / "web/widget/texts.js").read_text()
    tables = {
        language: re.findall(r"^  (\w+):", body, re.M)
        for language, body in re.findall(r"^const (zh|en) = {\n(.*?)^};", source, re.M | re.S)
    }
    assert set(tables) == {"zh", "en"}
    assert tables["zh"] == tables["en"]
    assert len(tables["zh"]) > 20


@pytest.mark.parametrize("name", sorted(itertools.chain(domain()["forms"])))
def test_each_form_slot_can_be_asked_for(name: str) -> None:
    known = {*domain()["actions"], *RESPONSES}
    for slot in domain()["forms"][name]["required_slots"]:
        asks = {f"action_ask_{name}_{slot}", f"action_ask_{slot}", f"utter_ask_{slot}"}
        assert asks & known, f"nobody asks for {slot}"


def test_the_registered_actions_are_the_declared_ones() -> None:
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("bot.actions")
    ours = {name for name in executor.actions if "action_" in name or name.startswith("validate_")}
    assert ours == set(domain()["actions"])
