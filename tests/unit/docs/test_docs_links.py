"""Links between the pages lead somewhere, and the pages name no place of one machine."""

import re
from pathlib import Path

import pytest
from docs_pages import PAGES, PROGRAMS, STACKS, anchors, links, name_of

ELSEWHERE = re.compile(r"(?<![\w.])/(?:work|root|tmp|home)/")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_inside_the_repository_resolves(page: Path) -> None:
    """A link names a file that is there, and a heading in it."""
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("file", [*PAGES, *PROGRAMS, *STACKS], ids=name_of)
def test_no_page_names_a_folder_of_the_machine_it_was_written_on(file: Path) -> None:
    """What is written is true in any clone."""
    assert not ELSEWHERE.findall(file.read_text(encoding="utf-8"))
