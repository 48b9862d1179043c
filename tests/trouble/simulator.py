"""The engine as far as trouble concerns it: a state with many resources, kept exactly as Pulumi keeps it.

A create that raised leaves nothing, an update that raised the old state, a delete that raised the resource. One `up` is
one process: a client of its own, and what the machine remembers between two.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lifecycle import configured, travelled

from area1_provider.client import Exchange
from area1_provider.holders import Holders
from area1_provider.lost_answers import LostAnswers
from area1_provider.provider import ExchangeProvider
from area1_provider.saved_state import shared


@dataclass(frozen=True)
class Ref:
    """An input that is another resource's output, `id` or a property."""

    resource: str
    output: str


@dataclass(frozen=True)
class Resource:
    """One resource of a program: logical name, provider, inputs (some of them `Ref`), and what it comes after."""

    name: str
    kind: type[ExchangeProvider]
    inputs: Mapping[str, Any]
    after: Sequence[str] = ()


@dataclass
class Held:
    """One resource in the state."""

    kind: type[ExchangeProvider]
    id: str
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    after: tuple[str, ...]


class Refusal(Exception):
    """Raised where check names problems, as the engine stops there."""


@dataclass
class Stack:
    """A state, and the means to run a program against it. `client` makes a process's client."""

    client: Callable[[], Exchange]
    config: Mapping[str, str]
    held: dict[str, Held] = field(default_factory=dict)
    to_delete: list[Held] = field(default_factory=list)
    """Old halves of replacements that made before they broke."""
    retained: bool = False
    """Whether the program retains what it replaces."""

    def up(self, program: Sequence[Resource]) -> int:
        """Do what `pulumi up` does and give the number of changes. Raises what a provider raises, and stops there."""
        run = _Run(self, self.client(), shared=self.shared())
        try:
            changes = sum(run.bring(one) for one in program)
            return changes + run.tidy({one.name for one in program})
        finally:
            run.exchange.http.close()

    def destroy(self) -> None:
        """Do what `pulumi destroy` does."""
        self.up([])

    def saved(self) -> list[dict[str, Any]]:
        """Give the resources as `pulumi stack export` does."""
        live = [_exported(name, one) for name, one in self.held.items()]
        halves = [(one, {"delete": True, "retainOnDelete": self.retained}) for one in self.to_delete]
        return live + [{**_exported("replaced", one), **more} for one, more in halves]

    def shared(self) -> list[str]:
        """Give what a program learns of the state as it starts: the types that share an object."""
        return shared([_exported(name, one) for name, one in self.held.items()])

    def refresh(self) -> None:
        """Do what `pulumi refresh` does."""
        run = _Run(self, self.client())
        try:
            for name in list(self.held):
                run.read(name)
        finally:
            run.exchange.http.close()


def _exported(name: str, one: Held) -> dict[str, Any]:
    return {"urn": f"urn::{name}", "type": one.kind.noun.type_token, "id": one.id, "outputs": travelled(one.outputs)}


@dataclass
class _Run:
    stack: Stack
    exchange: Exchange
    holders: Holders = field(default_factory=Holders)
    shared: Sequence[str] = ()

    def bring(self, resource: Resource) -> bool:
        """Create, change, replace or leave one resource."""
        held, inputs = self.stack.held.get(resource.name), self._resolved(resource)
        provider = self._provider(resource.kind)
        checked = provider.check(travelled(held.inputs if held else {}), travelled(inputs))
        if checked.failures:
            raise Refusal([(failure.property, failure.reason) for failure in checked.failures])
        if held is None:
            self._create(resource, provider, inputs)
            return True
        result = provider.diff(held.id, travelled(held.outputs), travelled(inputs))
        if result.replaces:
            self._replace(resource, provider, inputs, held, first_delete=bool(result.delete_before_replace))
        elif result.changes:
            held.outputs = travelled(provider.update(held.id, travelled(held.outputs), travelled(inputs)).outs)
        held.inputs, held.after = travelled(inputs), tuple(resource.after)
        return bool(result.changes or result.replaces)

    def _create(self, resource: Resource, provider: ExchangeProvider, inputs: Mapping[str, Any]) -> None:
        made = provider.create(travelled(inputs))
        held = Held(resource.kind, made.id, travelled(inputs), travelled(made.outs), tuple(resource.after))
        self.stack.held[resource.name] = held

    def _replace(
        self,
        resource: Resource,
        provider: ExchangeProvider,
        inputs: Mapping[str, Any],
        held: Held,
        *,
        first_delete: bool,
    ) -> None:
        if first_delete:
            self._delete(held)
            del self.stack.held[resource.name]
            self._create(resource, provider, inputs)
        else:
            self._create(resource, provider, inputs)
            self.stack.to_delete.append(held)

    def tidy(self, wanted: set[str]) -> int:
        """Delete what is no longer wanted, dependents first."""
        count = 0
        self.remove_halves()
        while unwanted := [name for name in self.stack.held if name not in wanted]:
            needed = {above for name in unwanted for above in self.stack.held[name].after}
            name = next(name for name in unwanted if name not in needed)
            self._delete(self.stack.held[name])
            del self.stack.held[name]
            count += 1
        return count

    def remove_halves(self) -> None:
        """Remove what was replaced."""
        while self.stack.to_delete:
            if not self.stack.retained:
                self._delete(self.stack.to_delete[0])
            self.stack.to_delete.pop(0)

    def read(self, name: str) -> None:
        """Read one resource; one that is gone leaves the state."""
        held = self.stack.held[name]
        read = self._provider(held.kind).read(held.id, travelled(held.outputs))
        if not read.id:
            del self.stack.held[name]
            return
        held.inputs, held.outputs = travelled(read.inputs or {}), travelled(read.outs or {})

    def _delete(self, held: Held) -> None:
        self._provider(held.kind).delete(held.id, travelled(held.outputs))

    def _provider(self, kind: type[ExchangeProvider]) -> ExchangeProvider:
        exchange, holders, stack = self.exchange, self.holders, self.stack
        is_shared = kind.noun.type_token in self.shared

        class Over(kind):  # type: ignore[misc, valid-type]  # any of the five
            def exchange(self) -> Exchange:
                return exchange

            def remembered(self) -> LostAnswers:
                return exchange.lost_answers

            def holders(self) -> Holders:
                return holders

            def shared(self) -> bool:
                return is_shared

            def saved(self) -> list[dict[str, Any]]:
                return stack.saved()

        return configured(Over, self.stack.config)

    def _resolved(self, resource: Resource) -> dict[str, Any]:
        return {name: self._value(value) for name, value in resource.inputs.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Ref):
            held = self.stack.held[value.resource]
            return held.id if value.output == "id" else held.outputs[value.output]
        if isinstance(value, Mapping):
            return {name: self._value(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._value(item) for item in value]
        return value
