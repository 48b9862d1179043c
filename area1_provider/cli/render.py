"""How results look on a terminal: tables, ticks, colour. Nothing is decided here."""

import os
import re
from collections.abc import Sequence
from time import monotonic
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from area1_provider.commands.doctor import Check
from area1_provider.commands.status import Status

WIDE = 160
"""Columns where no terminal says how many there are."""

MARKS = {"done": "[green]✓[/]", "open": "[red]✗[/]", "not needed": "[dim]·[/]"}
COLOURS = {"+": "green", "-": "red", "~": "yellow"}


def shown_on() -> Console:
    """Give the console of stdout; with NO_COLOR bold and dim go as well, so that no escape code is left."""
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    console = Console(highlight=False, color_system=colours)
    return console if console.is_terminal else Console(highlight=False, color_system=colours, width=WIDE)


def status_table(status: Status, title: str | None = None) -> Table:
    """Give the guide's steps as a table."""
    table = _table(title, "", "Step", "", "Found")
    for step in status.steps:
        table.add_row(MARKS[step.state], step.number, escape(step.title), escape(step.found))
    return table


def doctor_table(checks: Sequence[Check]) -> Table:
    """Give the checks as a table, each missing thing with its way out."""
    table = _table(None, "", "Looked at", "Found")
    for check in checks:
        way_out = f"\n[bold]→ {escape(check.way_out)}[/]" if check.way_out else ""
        table.add_row(MARKS["done" if check.ok else "open"], check.name, escape(check.found) + way_out)
    return table


def _table(title: str | None, *columns: str) -> Table:
    table = Table(title=escape(title) if title else None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column == "Step")
    return table


class Stage:
    """Shows the demo as it goes."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.began = monotonic()

    def heading(self, text: str, command: str = "") -> None:
        """Say what begins, and the command that a person would type for it."""
        self.console.print(f"\n[bold]{escape(text)}[/]")
        if command:
            self.console.print(f"[dim]$ {escape(command)}[/]")

    def line(self, text: str) -> None:
        """Show one line, coloured by what it says of a change."""
        found = re.match(r"\s*([~+-]) ", text)
        self.console.print(Text(f"  {text}", style=COLOURS[found[1]] if found else ""), soft_wrap=True)

    def status(self, status: Status) -> None:
        """Show the guide's steps."""
        self.console.print(status_table(status))

    def close(self) -> None:
        """Say that all went as it should."""
        self.console.print(f"\n[bold green]All as expected[/], in {monotonic() - self.began:.0f} seconds.")
