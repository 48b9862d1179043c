"""Writes what the pipelines found as Markdown, for a comment, an issue or a summary. Standard library only.

`preview FOLDER`: the diffs that pipeline-preview left there. `drift FILE...`: the JSON of `area1 drift`. Values are a
tenant's own words, so they only ever stand in fences or escaped.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LIMIT = 60_000
"""Characters; a comment or issue on GitHub may have 65,536."""

FRAME = 200
"""Characters around a diff, at most."""

MEANS = {"0": "ok", "": "gave no result"}


def main(arguments: Sequence[str]) -> int:
    """Write the report; 2 if it is not said of what."""
    match arguments:
        case ["preview", folder]:
            sys.stdout.write(previews(Path(folder)))
        case ["drift", *files] if files:
            found = [json.loads(Path(file).read_text(encoding="utf-8")) for file in files]
            sys.stdout.write(drift(found))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


def previews(folder: Path) -> str:
    """Give all previews of a folder: failed ones first, each with its diff, cut where they are too long together."""
    files = sorted(folder.rglob("*.txt"), key=lambda file: (code_of(file) == "0", file.stem))
    if not files:
        return "No stack was previewed.\n"
    room = max(0, LIMIT // len(files) - FRAME)
    return whole("### What `pulumi up` would change\n\n" + "\n".join(preview(file, room) for file in files))


def whole(said: str) -> str:
    """Give a report, cut where GitHub would refuse its length."""
    return said if len(said) <= LIMIT else f"{said[:LIMIT]}\n\n... cut here; the whole of it is in the jobs' logs.\n"


def code_of(file: Path) -> str:
    """Give the exit code that stands beside a diff, empty where the job was cut off."""
    code = file.with_suffix(".code")
    return code.read_text(encoding="utf-8").strip() if code.exists() else ""


def preview(file: Path, room: int) -> str:
    """Give one preview, folded."""
    text, code = file.read_text(encoding="utf-8", errors="replace").strip(), code_of(file)
    state = MEANS.get(code, f"failed (exit code {code})")
    cut = text if len(text) <= room else f"{text[:room]}\n... cut here; the whole of it is in the job's log"
    return f"<details><summary>{plain(file.stem)}: {state}{changes(text)}</summary>\n\n{fenced(cut)}\n</details>\n"


def changes(text: str) -> str:
    """Give the engine's own summary of a preview, such as `, 2 to update, 3 unchanged`."""
    lines = text.partition("\nResources:\n")[2].splitlines()
    words = [line.strip(" +-~").strip() for line in lines if re.match(r"\s+\S*\s*\d+ (to|unchanged)", line)]
    return "".join(f", {plain(word)}" for word in words)


def drift(found: Sequence[dict[str, Any]]) -> str:
    """Give the findings of one or more runs as a table, and each failure with its message."""
    rows = [row for one in found for row in one["rows"]]
    stacks = [stack for one in found for stack in one["stacks"]]
    failed = [stack for stack in stacks if stack["failure"]]
    states = [stack["state"] for stack in stacks]
    head = f"{len(states)} checked, {states.count('drifted')} drifted, {states.count('failed')} could not be checked.\n"
    parts = [head, *table(rows)]
    parts += [
        f"\n**{plain(stack['stack'])}** could not be checked:\n\n{fenced(stack['failure'])}\n" for stack in failed
    ]
    return whole("".join(parts))


def table(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Give the rows, header first; nothing where there are none."""
    if not rows:
        return
    yield "\n| Stack | Resource | Property | Expected | Found | Object last changed |\n"
    yield f"{'| --- ' * 6}|\n"
    for row in rows:
        values = ("", "gone") if row["status"] == "gone" else (json.dumps(row["expected"]), json.dumps(row["found"]))
        cells = (row["stack"], f"{row['type']} {row['resource']}", row["property"] or "", *values, row["changed"] or "")
        yield f"| {' | '.join(plain(cell) for cell in cells)} |\n"


def plain(text: str) -> str:
    """Give text that Markdown and HTML show as it is, on one line."""
    text = "".join(character if character.isprintable() else " " for character in text)
    return re.sub(r"[^\w .,:;+/\-]", lambda found: f"&#{ord(found[0])};", text)


def fenced(text: str) -> str:
    """Give text in a fence that nothing in it closes."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
