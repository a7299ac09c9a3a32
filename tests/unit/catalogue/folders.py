"""A small dealership of its own for tests (`small/`), and ways to spoil it."""

from pathlib import Path

SMALL = Path(__file__).parent / "small"


def write(folder: Path, **changes: tuple[str, str]) -> Path:
    """The dealership in `folder`; `prices=("old", "new")` replaces text in prices.yaml.

    Fails if the text to replace is not there, so that no test spoils nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in SMALL.glob("*.yaml"):
        text = path.read_text("utf-8")
        old, new = changes.pop(path.stem, ("", ""))
        assert old in text, f"{old!r} is not in {path.name}"
        (folder / path.name).write_text(text.replace(old, new, 1) if old else text, "utf-8")
    assert not changes
    return folder


def line_of(name: str, text: str) -> int:
    """The line of `text` in the unspoilt file."""
    content = (SMALL / name).read_text("utf-8")
    return content[: content.index(text)].count("\n") + 1
