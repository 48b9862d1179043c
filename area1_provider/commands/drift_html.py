"""The findings as one HTML page: self-contained, no script, no outside request, light, dark and on paper.

What the findings are is decided in `drift_report.py`. A content security policy stands in the page as a second lock
behind the escaping.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from area1_provider.commands.drift_events import Checked
from area1_provider.commands.drift_report import Row, many, rows, shown, state_of, visible

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --faint: #59636e; --line: #d1d9e0; --band: #f4f6f8;
  --bad: #b3261e; --good: #1a6b34; --odd: #8a5300; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --faint: #9aa4af; --line: #3d444d;
  --band: #161b22; --bad: #ff8a80; --good: #6fdd8b; --odd: #f0b95b; } }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p.when { color: var(--faint); margin: 0 0 1rem; }
ul.sum { display: flex; flex-wrap: wrap; gap: .5rem 2rem; list-style: none; padding: 0; margin: 0; }
ul.sum b { font-size: 1.4rem; display: block; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
caption { text-align: left; color: var(--faint); padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
thead th { background: var(--band); overflow-wrap: normal; }
code, pre { font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; unicode-bidi: isolate; }
pre { background: var(--band); padding: .75rem; border-left: 3px solid var(--bad); margin: .25rem 0 1rem; }
small { color: var(--faint); display: block; }
.drifted, .gone, .empty { color: var(--odd); } .failed { color: var(--bad); } .clean { color: var(--good); }
@media screen and (max-width: 52rem) {
  table.drift :is(tr, th, td) { display: flow-root; } table.drift thead { display: none; }
  table.drift tbody tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  table.drift :is(th, td) { border: 0; padding: .1rem 0 .1rem 7.5rem; }
  table.drift [data-label]::before { content: attr(data-label); float: left; width: 7rem; margin-left: -7.5rem;
    font-weight: normal; color: var(--faint); } }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --faint: #444; --line: #999; --band: #eee;
    --bad: #8c1d18; --good: #14532d; --odd: #6b4000; }
  body { margin: 0; max-width: none; font-size: 10pt; } thead { display: table-header-group; }
  tr, pre { break-inside: avoid; } h2 { break-after: avoid; } @page { margin: 15mm; } }
"""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="when">Checked {when}. Nothing was changed.</p>
{body}
</main>
</body>
</html>
"""

HEADINGS = ("Stack", "Resource", "Property", "Expected", "Found", "Object last changed")


def page(checked: Sequence[Checked], when: str) -> str:
    """Give the page; `when` is the time of the check as a person reads it."""
    parts = (_summary(checked), _failures(checked), _drift(checked), _stacks(checked))
    body = "\n".join(part for part in parts if part)
    return PAGE.format(title="Drift of Exchange Online journaling", style=STYLE, when=_text(when), body=body)


def _text(value: str) -> str:
    return escape(visible(value, "\n"))


def _summary(checked: Sequence[Checked]) -> str:
    states = [_state(one) for one in checked]
    counts = (
        ("", len(states), "stacks"),
        ("clean", states.count("clean"), "without drift"),
        ("drifted", states.count("drifted"), "drifted"),
        ("failed", states.count("failed"), "could not be checked"),
        ("empty", states.count("empty"), "had nothing to compare"),
    )
    items = "".join(
        f'<li><b class="{kind}">{count}</b>{words}</li>' for kind, count, words in counts if count or kind != "empty"
    )
    return f'<ul class="sum">{items}</ul>'


def _state(one: Checked) -> str:
    """Give a stack's state; one that holds no resource is not shown as free of drift."""
    return state_of(one) if one.resources or one.failure else "empty"


def _failures(checked: Sequence[Checked]) -> str:
    failed = [one for one in checked if one.failure]
    blocks = (f"<h3>{_text(one.stack)}</h3>\n<pre>{_text(one.failure)}</pre>" for one in failed)
    return "\n".join(('<h2 class="failed">Could not be checked</h2>', *blocks)) if failed else ""


def _drift(checked: Sequence[Checked]) -> str:
    found = list(rows(checked))
    if not found:
        compared = sum(len(one.resources) for one in checked)
        said = f"No drift was found in {many(compared, 'resource')}." if compared else "Nothing was compared."
        return f"<h2>Drift</h2>\n<p>{said}</p>"
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    caption = "What the tenants hold, compared with what the last <code>pulumi up</code> left there."
    body = "\n".join(f"<tr>{''.join(_cells(row))}</tr>" for row in found)
    top = f'<table class="drift">\n<caption>{caption}</caption>\n<thead><tr>{head}</tr></thead>'
    return f"<h2>Drift</h2>\n{top}\n<tbody>\n{body}\n</tbody>\n</table>"


def _cells(row: Row) -> Iterator[str]:
    stack, resource, *others = HEADINGS
    yield f'<th scope="row" data-label="{stack}">{_text(row.stack)}</th>'
    named = f"{_text(row.resource)}<small>{_text(row.type)} {_text(row.id)}</small>"
    yield f'<td data-label="{resource}">{named}</td>'
    if row.status == "gone":
        yield f'<td colspan="{len(others)}" class="gone">The object is gone from the tenant.</td>'
        return
    values = (f"<code>{escape(shown(value))}</code>" for value in (row.expected, row.found))
    texts = (_text(str(row.property)), *values, _text(row.changed or "unknown"))
    yield from (f'<td data-label="{name}">{text}</td>' for name, text in zip(others, texts, strict=True))


def _stacks(checked: Sequence[Checked]) -> str:
    lines = "\n".join(
        f'<tr><th scope="row">{_text(one.stack)}</th><td class="{_state(one)}">{_state(one)}</td>'
        f"<td>{len(one.resources)}</td></tr>"
        for one in checked
    )
    head = "".join(f'<th scope="col">{heading}</th>' for heading in ("Stack", "State", "Resources checked"))
    return f"<h2>Stacks</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>\n</table>"
