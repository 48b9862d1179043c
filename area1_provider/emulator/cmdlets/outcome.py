"""What goes into a cmdlet besides its parameters, and what comes out of it.

Nothing here knows HTTP or a rule of Exchange.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Caller:
    """The application that calls: its id, its name in the directory and the Exchange roles it holds."""

    app_id: str
    display_name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What a cmdlet gives back.

    `types` names, for each property that carries side keys on the wire, the CLR type for `X@data.type`
    ("" where the service writes none) and the OData type for `X@odata.type` (None where it writes none).
    `confirmation` is the question that `Confirm: true` brings instead of a change; the server sends it as
    `@adminapi.confirmationmessage` (the module asks, and sends again with `Confirm: false`).
    """

    objects: Sequence[Mapping[str, Any]] = ()
    warnings: Sequence[str] = ()
    types: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    confirmation: str | None = None
