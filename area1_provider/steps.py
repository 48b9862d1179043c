"""The steps of which each operation on a managed thing is made: what a resource overrides, and what all share.

Nothing of Pulumi's is known here; its six operations are put together of these steps in `provider`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from area1_provider import adoption, connection, diff, errors, in_between, settle
from area1_provider.holders import mark_of
from area1_provider.lost_answers import UNCONFIRMED
from area1_provider.recipients import identify
from area1_provider.schema import MANAGED, UNKNOWN, Noun, Properties

if TYPE_CHECKING:  # requests and msal load only when an operation needs them
    from area1_provider.client import Exchange

Problems = Iterator[tuple[str, str]]
"""(property, what is wrong and the way out), several at once."""

Answered = TypeVar("Answered")


class Steps:
    """The steps for one noun of Exchange's. Holds no state but the config of the stack."""

    config: connection.Config

    noun: ClassVar[Noun]
    in_place: ClassVar[Collection[str]] = ()
    """New-only properties that another cmdlet than Set- changes."""

    together: ClassVar[Collection[Collection[str]]] = ()
    """Groups of properties that Exchange judges as a whole: one changed sends all of its group."""

    # What a resource overrides where Exchange is irregular.

    def rules(self, desired: Properties) -> Problems:  # for overriding
        """Say which combinations of properties Exchange would refuse. Pure."""
        yield from ()

    def leftovers(self, desired: Properties, before: Properties) -> Problems:
        """Say what Exchange would refuse since a property that is no longer named keeps its value."""
        kept = {name: value for name, value in self.noun.managed(before).items() if name not in desired}
        for name, problem in self.rules({**kept, **desired}) if kept else ():
            blamed = [one for one in kept if (name, problem) not in self.rules({**kept, **desired, one: None})]
            yield (
                name,
                f"{problem} ({', '.join(blamed)}: no longer named, so Exchange keeps the value; name it, empty to clear)",
            )

    def ask(self, desired: Properties, before: Properties) -> Problems:  # for overriding
        """Say what only the tenant knows; `before` is empty where the resource is new."""
        yield from ()

    def untrusted(self, state: Properties) -> dict[str, Any]:
        """Give a state by which all is told again: what was looked at may be older than a change that nobody confirmed."""
        return {**state, MANAGED: []}

    def unsettled(self, state: Properties, desired: Properties) -> bool:  # for overriding
        """Say whether an update is due although no property differs."""
        return False

    def irrevocable(self, state: Properties, desired: Properties) -> Collection[str]:  # for overriding
        """Name properties whose change Exchange does not take back, so that it needs a new object."""
        return ()

    def collides(self, state: Properties, desired: Properties) -> bool:
        """Say whether, in a replacement, old and new cannot stand side by side: Exchange takes a name once, in any case."""
        return "name" not in state or str(state["name"]).casefold() == str(desired["name"]).casefold()

    def implied(self, desired: Properties, seen: Properties) -> Properties:  # for overriding
        """Give what a new object gets of names and addresses without asking, as far as another one, `seen`, has them."""
        return {}

    def make(self, exchange: Exchange, desired: Properties) -> Mapping[str, Any]:
        """Make the object with one call and give it as Exchange returned it."""
        return adoption.made(exchange, self.noun, desired, lambda since: self.lost(exchange, desired, since))

    def observe(
        self,
        exchange: Exchange,
        id_: str,
        known: Properties,
        names: Collection[str],
    ) -> Mapping[str, Any]:
        """Give the object with at least the properties `names`. Raises `NotFound` if, and only if, it is gone."""
        return self.get(exchange, id_)

    def apply(
        self, exchange: Exchange, id_: str, names: Collection[str], desired: Properties, state: Properties
    ) -> None:
        """Tell Exchange the changed properties `names`."""
        self.set_parameters(exchange, id_, self.set_together(names, desired))

    def remove(self, exchange: Exchange, id_: str, state: Properties) -> None:  # for overriding
        """Take the object away."""
        exchange.invoke(f"Remove-{self.noun.name}", {"Identity": id_, "Confirm": False})

    def written(self, seen: Mapping[str, Any]) -> dict[str, Any]:
        """Give the properties that a program would write for an object: not those that `check` would refuse."""
        values = {name: value for name, value in self.noun.observed(seen).items() if value not in ("", [], None)}
        while refused := {name for name, _ in self.refused(values, {})} & set(values):
            values = {name: value for name, value in values.items() if name not in refused}
        return values

    def lost(
        self, exchange: Exchange, desired: Properties, begun_at: float, doubt: float = 0.0
    ) -> Mapping[str, Any] | None:
        """Give the object that a create of `desired` made before it was cut off; None if there is none.

        One of that name which was made earlier (`doubt` seconds allowed for), or is not what was asked for, is somebody
        else's.
        """
        there = adoption.found(exchange, self.noun, desired) if "name" in self.noun.properties else None
        if there is None or not adoption.made_since(exchange, there, begun_at, doubt):
            return None
        seen = {**there, **self.observe(exchange, settle.guid_of(there), desired, tuple(self.noun.managed(desired)))}
        return seen if adoption.is_as_asked(exchange, self.noun, desired, seen) else None

    # What the steps share.

    def refused(self, desired: Properties, before: Properties) -> list[tuple[str, str]]:
        """Give what can be told to be wrong without asking the tenant."""
        wrong = list(self.noun.problems(desired))
        sound = {**desired, **dict.fromkeys((name for name, _ in wrong if name in desired), UNKNOWN)}
        return [*wrong, *self.rules(sound)] or list(self.leftovers(desired, before))

    def get(self, exchange: Exchange, id_: str, **further: Any) -> Mapping[str, Any]:
        """Call Get- and give the one object of that identity."""
        cmdlet = f"Get-{self.noun.name}"
        return settle.one_of(cmdlet, exchange.invoke(cmdlet, {"Identity": id_, **further}).objects, id_)

    def exchange(self) -> Exchange:
        """Give this tenant's Exchange."""
        return connection.exchange(self.config)

    def begun(self) -> Exchange:
        """Give this tenant's Exchange for one operation, whose time begins now."""
        exchange = self.exchange()
        exchange.begin()
        return exchange

    def set_together(self, names: Collection[str], desired: Properties) -> dict[str, Any]:
        """Give Set-'s parameters for the changed properties, with those that Exchange wants in the same command."""
        joined = [group for group in self.together if set(group) & set(names)]
        wanted = set(names).union(*joined)
        return self.noun.parameters({name: value for name, value in desired.items() if name in wanted}, "Set")

    def set_parameters(self, exchange: Exchange, id_: str, parameters: Mapping[str, Any]) -> None:
        """Call Set-, unless there is nothing to set."""
        if parameters:
            exchange.invoke(f"Set-{self.noun.name}", {"Identity": id_, **parameters})

    def completed(
        self, exchange: Exchange, id_: str, desired: Properties, made: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Set what New- does not take; a server that does not know the new object yet is asked again."""
        later = [one.name for one in self.noun.properties.values() if one.wire.verb == "Set"]
        named = [name for name in later if desired.get(name) is not None]
        if not named:
            return made
        parameters = self.noun.parameters({name: desired[name] for name in named}, "Set")
        for seconds in (*exchange.policy.lag_waits, None):
            try:
                self.set_parameters(exchange, id_, parameters)
                break
            except errors.NotFound:
                if seconds is None:
                    raise
                exchange.policy.sleep(seconds)
        return {**made, **self.reread(exchange, id_, desired, {}, named)[0]}

    def removed(self, exchange: Exchange, id_: str, state: Properties) -> bool:
        """Take the object away; say whether it was there."""

        def ask() -> bool:
            self.remove(exchange, id_, state)
            return True

        return unless_gone(exchange, ask) is not None

    def settle_create(self, exchange: Exchange, desired: Properties) -> None:
        """Forget that the object was asked for: it is in the state, or gone."""
        if "name" in self.noun.properties:
            exchange.lost_answers.forget(adoption.question_of(exchange, self.noun, desired))

    def undo(self, exchange: Exchange, id_: str, desired: Properties, cause: Exception) -> None:
        """Take away what a create made and could not finish: the state would know nothing of it."""
        if "name" not in self.noun.properties:  # nothing was made, only set
            return
        try:
            self.removed(exchange, id_, desired)
        except errors.Area1Error as error:
            raise adoption.left_behind(self.noun, desired, f"{cause}\nand {error}") from cause
        self.settle_create(exchange, desired)

    def outputs(
        self, exchange: Exchange, known: Properties, seen: Properties, *, written: Collection[str] = ()
    ) -> dict[str, Any]:
        """Give what the state holds: managed properties as Exchange has them, settings, and the tenant."""
        values = settle.settled(self.noun, known, seen, identify(exchange), written)
        return {**self.settings_in(known), **values, **mark_of(known), **connection.stamp(exchange)}

    def inputs(self, outputs: Properties) -> dict[str, Any]:
        """Give the inputs that a program would need for these outputs."""
        return {**self.settings_in(outputs), **self.noun.managed(outputs)}

    def settings_in(self, values: Properties) -> dict[str, Any]:
        """Give the provider's own settings, such as `adopt`, among values."""
        return {name: values[name] for name in self.noun.settings if values.get(name) is not None}

    def state_of(self, exchange: Exchange, desired: Properties, there: Mapping[str, Any]) -> dict[str, Any]:
        """Give the outputs that an object which is there already would have before anything is changed."""
        seen = self.observe(exchange, settle.guid_of(there), desired, tuple(self.noun.managed(desired)))
        return self.outputs(exchange, desired, {**there, **seen})

    def taken_over(self, exchange: Exchange, id_: str, desired: Properties, there: Mapping[str, Any]) -> dict[str, Any]:
        """Bring an object that was there already to what the program wants. Raises `Refused` where that takes a new one."""
        state = self.state_of(exchange, desired, there)
        if fixed := list(self.fixed(state, desired)):
            reasons = "\n".join(f"  {name}: {problem}" for name, problem in fixed)
            raise errors.Refused(f"{self.noun.name} {desired['name']!r} cannot be taken over:\n{reasons}")
        return self.brought(exchange, id_, state, desired)

    def fixed(self, state: Properties, desired: Properties) -> Problems:
        """Say what a change of the object that is there does not reach: the next run would replace what was taken over."""
        way_out = "Exchange changes it only with a new one; write that, or give this one another name"
        for name in self.replacing(state, desired):
            if desired[name] != UNKNOWN:
                yield name, f"is {state.get(name)!r} at the one that is there, and {way_out}"

    def replacing(self, state: Properties, desired: Properties) -> list[str]:
        """Name the properties for which a new object has to take the old one's place."""
        return [*diff.replaces(self.noun, state, desired, self.in_place), *self.irrevocable(state, desired)]

    def brought(self, exchange: Exchange, id_: str, state: Properties, desired: Properties) -> dict[str, Any]:
        """Apply what differs between state and desired, and give the outputs after it (`UNCONFIRMED` among them).

        Recipients that were told pass for now as what was read back; the next read looks them up, since somebody else may
        have written between our two calls.
        """
        names = diff.changed(self.noun, state, desired)
        if names:
            self.apply(exchange, id_, names, desired, state)
        known = {**desired, **mark_of(state), settle.RESOLVED: settle.still_resolved(state, names)}
        seen, confirmed = self.reread(exchange, id_, known, state, names)
        if confirmed:
            in_between.tell_after(exchange, self.noun, id_, state, seen, names)
        unread = {name: state[name] for name in self.noun.properties if name in state}  # a dependent may need it
        outputs = {**unread, **self.outputs(exchange, known, seen, written=names if confirmed else ())}
        doubt = {} if confirmed else {UNCONFIRMED: True}
        return {**outputs, settle.RESOLVED: settle.still_resolved(outputs, names), **doubt}

    def reread(
        self, exchange: Exchange, id_: str, known: Properties, state: Properties, names: Collection[str]
    ) -> tuple[Mapping[str, Any], bool]:
        """Read until the change shows, since another server may not have it yet; says whether it does."""
        waits = exchange.policy.lag_waits
        for attempt, seconds in enumerate((*waits, None)):
            try:
                seen = self.observe(exchange, id_, known, names or tuple(self.noun.managed(known)))
            except errors.NotFound:
                if seconds is None:
                    raise
            else:
                if settle.shows(self.noun, seen, known, state, names, identify(exchange)):
                    return seen, True
            if seconds is None:
                break
            if attempt:
                exchange.tell(f"{self.noun.name} {id_}: the change does not show yet, reading again in {seconds:.0f} s")
            exchange.policy.sleep(seconds)
        exchange.tell(
            f"{self.noun.name} {id_}: Exchange still shows other values than were set; they stand in the state, and the "
            "next run looks again"
        )
        return seen, False


def unless_gone(exchange: Exchange, ask: Callable[[], Answered]) -> Answered | None:
    """Give what `ask` gives, None if the object is gone.

    A server that has not heard of a young object says the same as of one that is gone, so it is asked again, for a few
    seconds: the state would forget what is there.
    """
    for seconds in exchange.policy.gone_waits:
        with suppress(errors.NotFound):
            return ask()
        exchange.policy.sleep(seconds)
    try:
        return ask()
    except errors.NotFound:
        return None
