"""The rules of the files find what they are for."""

from pathlib import Path

import pytest

from scripts.file_rules import broken

HASH = "    --hash=sha256:" + "0" * 64


def rules(root: Path, name: str, text: str) -> list[str]:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return list(broken([file], root))


@pytest.mark.parametrize(
    "line",
    ["open('@root@.netrc')", "cd @home@someone@chefu", "x = @work@main", "@tmp@brief"],
)
def test_paths_of_one_machine_are_found(tmp_path: Path, line: str) -> None:
    # Written with @ for the slash, so that this file keeps the rule.
    assert rules(tmp_path, "docs/a.md", f"fine\n{line.replace('@', '/')}\n") == [
        "docs/a.md:2: holds a path of one machine"
    ]


@pytest.mark.parametrize("line", ["/api/root/x", "https://a.test/work/x", "~/work/x", "var/tmp/x"])
def test_addresses_and_relative_paths_are_not(tmp_path: Path, line: str) -> None:
    assert rules(tmp_path, "a.md", line) == []


def test_registry_hosts_are_found_anywhere(tmp_path: Path) -> None:
    assert len(rules(tmp_path, "README.md", "from https://pypi@org/simple".replace("@", "."))) == 1


def test_a_lock_names_hashes_and_no_origin(tmp_path: Path) -> None:
    good = (
        f"# made with uv\none==1 \\\n{HASH}\n    # via x\n"
        f"two==2 ; python_version < '4' \\\n{HASH}\n"
    )
    assert rules(tmp_path, "requirements/a.txt", good) == []
    assert rules(tmp_path, "requirements/a.txt", good + "three==3\n") == [
        "requirements/a.txt: no hash for three"
    ]
    for origin in ("--index-url https://a.test/simple", "x @ file:///srv/x.whl"):
        assert "requirements/a.txt: names where its packages come from" in rules(
            tmp_path, "requirements/a.txt", f"{origin}\n{good}"
        )
    assert rules(tmp_path, "requirements/a.txt", "") == ["requirements/a.txt: locks nothing"]


def test_the_lock_of_the_browser_files_names_no_origin(tmp_path: Path) -> None:
    found = rules(tmp_path, "web/package-lock.json", '{"resolved": "https://a.test/x.tgz"}')
    assert len(found) == 1
