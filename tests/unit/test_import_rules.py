"""Who may import whom, and that nothing connects at import. Read from the source, not by running.

`bot/nlu`, `bot/engine`, `bot/channel.py` and what they share run in Rasa's environment and know
neither the backend nor the actions; the actions know backend and values; the backend knows no bot;
values know nobody.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("backend", "bot", "values", "scripts", "tests")
RASA_SIDE = (
    "bot/nlu", "bot/engine", "bot/channel.py", "bot/customer_text.py", "bot/logs.py",
    "bot/remote_actions.py", "bot/turn_request.py",
)  # fmt: skip
CONNECTS = frozenset({"create_async_engine", "create_engine", "Database", "AsyncClient", "Client"})
"""Calls that make an engine or a client; none may stand where an import runs them."""


def packages(source: str, package: str) -> set[str]:
    """Our modules that a module of `package` (dotted) imports, at any depth of its code."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name | ast.Attribute)
            and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr)
            in ("import_module", "__import__")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            found.add(str(node.args[0].value))
    return {name for name in found if name.split(".")[0] in OURS}


def forbidden(source: str, package: str, allowed: tuple[str, ...]) -> list[str]:
    """The imports of ours that lie in none of the `allowed` packages."""
    return sorted(
        name
        for name in packages(source, package)
        if not any(
            name == other or name.startswith(f"{other}.") or other.startswith(f"{name}.")
            for other in allowed
        )
    )


def at_import(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls that run when the module is imported: not those inside of functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            # Its body waits to be called, its decorators and defaults do not.
            if not isinstance(node, ast.Lambda):
                for outer in (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults):
                    if outer is not None:
                        yield from at_import(ast.Expr(outer))
            continue
        if isinstance(node, ast.If) and "__main__" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Call):
            yield node
        yield from at_import(node)


def connections(source: str) -> list[int]:
    """The lines of calls at import that make an engine or a client."""
    found = []
    for call in at_import(ast.parse(source)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        if name in CONNECTS:
            found.append(call.lineno)
    return found


def files(*paths: str) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        place = ROOT / path
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert found
    return found


def package_of(path: Path) -> str:
    """The dotted package that relative imports of this file count from."""
    return ".".join(path.relative_to(ROOT).parent.parts)


def broken(paths: list[Path], *allowed: str) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in paths
        for name in forbidden(path.read_text(), package_of(path), allowed)
    ]


def test_rasas_side_knows_neither_backend_nor_actions() -> None:
    allowed = (
        "values",
        "bot.nlu",
        "bot.engine",
        *(p[:-3].replace("/", ".") for p in RASA_SIDE if "." in p),
    )
    assert broken(files(*RASA_SIDE), *allowed) == []


def test_nothing_else_lies_beside_rasas_side() -> None:
    """A new module directly in bot/ has to be put on one side or the other."""
    beside = {f"bot/{path.name}" for path in (ROOT / "bot").glob("*.py")} - {"bot/__init__.py"}
    assert beside <= set(RASA_SIDE)


def test_actions_know_backend_and_values() -> None:
    assert broken(files("bot/actions"), "backend", "values", "bot.actions") == []


def test_the_backend_knows_no_bot() -> None:
    assert broken(files("backend"), "backend", "values") == []


def test_values_know_nobody() -> None:
    assert broken(files("values"), "values") == []


def test_nothing_connects_at_import() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in files("backend", "bot", "values", "scripts")
        if "migrations/versions" not in str(path) and (lines := connections(path.read_text()))
    }
    assert found == {}


# ---- the checker itself ----


@pytest.mark.parametrize(
    ("source", "package", "found"),
    [
        ("import backend.database", "bot.nlu", ["backend.database"]),
        ("from backend import clock", "bot.nlu", ["backend", "backend.clock"]),
        ("def f():\n    from backend.models import Trim", "bot.nlu",
         ["backend.models", "backend.models.Trim"]),
        ("if TYPE_CHECKING:\n    import backend.app as a", "bot.nlu", ["backend.app"]),
        ("from ..actions import base", "bot.nlu", ["bot.actions", "bot.actions.base"]),
        ("from ... import backend", "bot.nlu.deep", ["bot.backend"]),
        ("import_module('backend.app')", "bot.nlu", ["backend.app"]),
        ("from bot import actions", "bot.nlu", ["bot.actions"]),
        ("import os, json\nfrom values import find_all\nfrom . import spans", "bot.nlu", []),
        ("text = 'import backend'", "bot.nlu", []),
    ],
)  # fmt: skip
def test_a_forbidden_import_is_found(source: str, package: str, found: list[str]) -> None:
    assert forbidden(source, package, ("values", "bot.nlu")) == found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("engine = create_async_engine(URL)", [1]),
        ("x = 1\nstore = database.Database(url)", [2]),
        ("class A:\n    store = Database('x')", [2]),
        ("try:\n    db = Database('x')\nexcept OSError:\n    pass", [2]),
        ("def f(store=Database('x')):\n    pass", [1]),
        ("def f():\n    return Database('x')", []),
        ("async def f():\n    return create_async_engine('x')", []),
        ("make = lambda: Database('x')", []),
        ("if __name__ == '__main__':\n    Database('x')", []),
        ("x: Database\nlog = getLogger(__name__)", []),
    ],
)
def test_a_connection_at_import_is_found(source: str, lines: list[int]) -> None:
    assert connections(source) == lines
