"""The pages that a person reads, and what can be picked out of them."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
STACKS = sorted((ROOT / "stacks").glob("Pulumi.*.yaml"))
PROGRAMS = sorted([*(ROOT / "docs" / "examples").glob("*.py"), *(ROOT / "examples").glob("*/__main__.py")])

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def name_of(path: Path) -> str:
    """Give a file's path in the repository, for test ids and messages."""
    return str(path.relative_to(ROOT))


def links(page: Path) -> Iterator[str]:
    """Give the links of a page that stay in the repository."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return (target for target in LINK.findall(text) if not target.startswith(("http://", "https://", "mailto:")))


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ +(.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
