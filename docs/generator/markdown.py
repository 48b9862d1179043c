"""Markdown: tables, and blocks in hand-written pages that are filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_BLOCK = re.compile(r"(<!-- generated: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table; bars in cells are escaped."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def plain(text: str) -> str:
    """Give a text without a meaning to Markdown."""
    return text.replace("*", "\\*").replace("<", "&lt;")


def filled(text: str, blocks: Mapping[str, str]) -> str:
    """Give a page with each marked block replaced; raises KeyError for a name that no block has."""
    return _BLOCK.sub(lambda found: f"{found[1]}{blocks[found['name']]}\n{found[3]}", text)
