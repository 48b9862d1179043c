"""Writes the reference pages, and the tables in the hand-written ones; with --check it only says which are not current.

Run by `make docs` and `make check`. What the pages are made of is in docs/generator and docs/data.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from generator import coverage, resource_page, tables
from generator.facts import DOCS, ROOT, SUBJECTS
from generator.markdown import filled

HAND_WRITTEN = (ROOT / "README.md", *sorted(DOCS.glob("*.md")), DOCS / "resources" / "Journaling.md")


def pages() -> dict[Path, str]:
    """Give every page that is generated, in whole or in part, with its text as it should be."""
    found = {DOCS / "resources" / f"{one.name}.md": resource_page.page(one) for one in SUBJECTS}
    found[DOCS / "coverage.md"] = coverage.page()
    blocks = tables.blocks()
    hand_written = (page for page in HAND_WRITTEN if page not in found)
    return {**found, **{page: filled(page.read_text(encoding="utf-8"), blocks) for page in hand_written}}


def stale() -> list[Path]:
    """Give the pages whose file says something else."""
    return [page for page, text in pages().items() if not page.exists() or page.read_text(encoding="utf-8") != text]


def main(arguments: list[str]) -> int:
    """Write, or with `--check` give 1 where something would be written."""
    checking = arguments == ["--check"]
    for page in stale():
        sys.stdout.write(f"{'not current' if checking else 'written'}: {page.relative_to(ROOT)}\n")
        if checking:
            continue
        page.parent.mkdir(exist_ok=True)
        page.write_text(pages()[page], encoding="utf-8")
    if checking and stale():
        sys.stdout.write("run `make docs` and commit what it writes\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
