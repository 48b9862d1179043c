"""The one lifecycle of everything managed: check, diff, create, read, update, delete.

A resource overrides a step (`rules`, `ask`, `make`, `observe`, `apply`, `remove`) only where Exchange is irregular. The
provider object is empty: its pickle in the state is module path and class name, so modules and classes of providers
are a stored format. What Pulumi's dynamic providers demand is met here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from pulumi import dynamic
from pulumi.output import Unknown

from area1_provider import adoption, connection, diff, errors, orphan, settle
from area1_provider.lost_answers import LostAnswers, Question, of_machine
from area1_provider.present import in_plugin, plainly
from area1_provider.recipients import identify
from area1_provider.schema import UNKNOWN, Noun, Properties

if TYPE_CHECKING:  # requests and msal load only when an operation needs them
    from area1_provider.client import Exchange

Problems = Iterator[tuple[str, str]]
"""(property, what is wrong and the way out), several at once."""

PROVIDER_KEY = "__provider"

Answered = TypeVar("Answered")


class ExchangeProvider(dynamic.ResourceProvider):
    """Manages one noun of Exchange's, by its GUID.

    Every operation raises an `errors.Area1Error` whose text is whole; the engine shows it without frames.
    """

    serialize_as_secret_always = False
    """Nothing is hidden in the pickle: tests prove it."""

    noun: ClassVar[Noun]
    in_place: ClassVar[Collection[str]] = ()
    """New-only properties that another cmdlet than Set- changes."""

    together: ClassVar[Collection[Collection[str]]] = ()
    """Groups of properties that Exchange judges as a whole: one changed sends all of its group."""

    # What Pulumi calls.

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Remember the stack's config, or the properties of an explicit provider."""
        if in_plugin():
            orphan.watch()
        self.config = connection.config_of(req.config._props)  # noqa: SLF001  # the only way to see all keys

    @plainly
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Refuse at preview what Exchange would refuse, all of it at once."""
        desired, before = own(news), own(_olds)
        problems = self.refused(desired, before)
        unset = connection.problems(self.config)
        problems += [("", problem) for problem in connection.untold(unset)]
        if not problems and not unset:
            problems = list(self.ask(desired, before))
            self.announce(desired, before)
        return dynamic.CheckResult(dict(desired), [dynamic.CheckFailure(*problem) for problem in problems])

    @plainly
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Compare what the program wants with what Exchange last said."""
        state, desired = own(_olds), own(_news)
        connection.guard_named(self.config, state)
        names = diff.changed(self.noun, state, desired)
        replaces = diff.replaces(self.noun, state, desired, self.in_place) + list(self.irrevocable(state, desired))
        again = bool(names or diff.released(self.noun, state, desired) or self.unsettled(state, desired))
        if self.in_doubt(self.remembered(), _id, state):
            again, gone = True, self.is_gone(_id, state)
            if gone:  # replaced: the engine deletes what is not there, and makes it
                return dynamic.DiffResult(changes=True, replaces=["id"], delete_before_replace=True)
        return dynamic.DiffResult(changes=again, replaces=replaces, delete_before_replace=self.collides(state, desired))

    @plainly
    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Make it, or take it over where `adopt` says so; the state is what Exchange returned."""
        exchange = self.begun()
        desired = own(props)
        there = adoption.found(exchange, self.noun, desired) if desired.get("adopt") else None
        if there is not None:
            id_ = settle.guid_of(there)
            return dynamic.CreateResult(id_, self.taken_over(exchange, id_, desired, there))
        begun_at = exchange.policy.clock()
        made = self.make(exchange, desired)
        id_ = settle.guid_of(made)
        try:
            made = self.completed(exchange, id_, desired, made)
            outputs = self.outputs(exchange, desired, made, written=tuple(desired))
        except Exception as error:
            self.undo(exchange, id_, desired, begun_at, error)
            raise
        return dynamic.CreateResult(id_, outputs)

    @plainly
    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Ask Exchange what it is now; with inputs, so that a refresh shows drift property by property."""
        exchange = self.begun()
        connection.guard(exchange, props)
        known = own(props)
        names = tuple(self.noun.managed(known))
        seen = unless_gone(exchange, lambda: self.observe(exchange, id_, known, names))
        if seen is None:
            return dynamic.ReadResult("", {})
        outputs = self.outputs(exchange, known, seen)
        return dynamic.ReadResult(id_, outputs, self.inputs(outputs))

    @plainly
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.UpdateResult:
        """Tell Exchange only what changed, then read it back."""
        exchange = self.begun()
        connection.guard(exchange, _olds)
        state, desired = own(_olds), own(_news)
        with self.doubting(exchange, _id, state):
            if self.in_doubt(exchange.lost_answers, _id, state):
                seen = self.observe(exchange, _id, state, tuple(self.noun.managed(state)))
                state = {**state, **self.outputs(exchange, state, seen)}
            return dynamic.UpdateResult(self.brought(exchange, _id, state, desired))

    @plainly
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Take it away; what is gone already is as wanted."""
        exchange = self.begun()
        connection.guard(exchange, _props)
        state = own(_props)
        with self.doubting(exchange, _id, state):
            if not self.removed(exchange, _id, state):
                exchange.tell(f"{self.noun.name} {_id} was gone already")

    # What an update or a delete that raised leaves: the engine keeps the old state, whatever was carried out.

    def remembered(self) -> LostAnswers:
        """Give what this machine remembers of runs before; without the client, which a preview need not load."""
        return of_machine()

    def in_doubt(self, remembered: LostAnswers, id_: str, state: Properties) -> bool:
        """Say whether the last change of the object raised, so that the state may not be what Exchange has."""
        return remembered.asked_at(self._question(id_, state)) is not None

    def is_gone(self, id_: str, state: Properties) -> bool:
        """Say whether Exchange has no such object any more."""
        exchange, names = self.begun(), tuple(self.noun.managed(state))
        return unless_gone(exchange, lambda: self.observe(exchange, id_, state, names)) is None

    @contextmanager
    def doubting(self, exchange: Exchange, id_: str, state: Properties) -> Iterator[None]:
        """Remember a change that raises until one of the same object succeeds."""
        question = self._question(id_, state)
        try:
            yield
        except Exception:
            exchange.lost_answers.note(question, exchange.policy.clock())
            raise
        exchange.lost_answers.forget(question)

    def _question(self, id_: str, state: Properties) -> Question:
        return Question(str(state.get(connection.TENANT_ID)), self.noun.args.__name__, id_)

    # What an import asks.

    def described(self, exchange: Exchange, identity: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
        """Give id, inputs and outputs of an object that is there, as if a program had made it.

        Managed is what the object shows and a program could write; empty values are left to Exchange. Raises `NotFound`
        or `Ambiguous`, `Refused` where no program could describe the object.
        """
        seen = self.observe(exchange, identity, {}, tuple(self.noun.properties))
        known = self.written(seen)
        if left := self.refused(known, {}):
            reasons = "\n".join(f"  {name}: {problem}" for name, problem in left)
            raise errors.Refused(f"{self.noun.name} {identity!r} is as no program could have made it:\n{reasons}")
        outputs = self.outputs(exchange, known, seen)
        return settle.guid_of(seen), self.inputs(outputs), outputs

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

    # Steps that a resource overrides where Exchange is irregular.

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

    def unsettled(self, state: Properties, desired: Properties) -> bool:  # for overriding
        """Say whether an update is due although no property differs."""
        return False

    def irrevocable(self, state: Properties, desired: Properties) -> Collection[str]:  # for overriding
        """Name properties whose change Exchange does not take back, so that it needs a new object."""
        return ()

    def collides(self, state: Properties, desired: Properties) -> bool:
        """Say whether, in a replacement, old and new cannot stand side by side: Exchange takes a name once."""
        return "name" not in state or self.noun.properties["name"].same(state["name"], desired["name"])

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

    def undo(self, exchange: Exchange, id_: str, desired: Properties, begun_at: float, cause: Exception) -> None:
        """Take away what a create made and could not finish: the state would know nothing of it."""
        if "name" not in self.noun.properties:  # nothing was made, only set
            return
        try:
            self.removed(exchange, id_, desired)
        except errors.Area1Error as error:
            raise adoption.left_behind(exchange, self.noun, desired, begun_at, f"{cause}\nand {error}") from cause

    def outputs(
        self, exchange: Exchange, known: Properties, seen: Properties, *, written: Collection[str] = ()
    ) -> dict[str, Any]:
        """Give what the state holds: managed properties as Exchange has them, settings, and the tenant."""
        values = settle.settled(self.noun, known, seen, identify(exchange), written)
        return {**self.settings_in(known), **values, **connection.stamp(exchange)}

    def inputs(self, outputs: Properties) -> dict[str, Any]:
        """Give the inputs that a program would need for these outputs."""
        return {**self.settings_in(outputs), **self.noun.managed(outputs)}

    def settings_in(self, values: Properties) -> dict[str, Any]:
        """Give the provider's own settings, such as `adopt`, among values."""
        return {name: values[name] for name in self.noun.settings if values.get(name) is not None}

    def announce(self, desired: Properties, before: Properties) -> None:
        """Show, at preview, what `adopt` would change of an object that is there already."""
        if before or not desired.get("adopt") or desired["name"] == UNKNOWN:
            return
        exchange = self.exchange()
        there = adoption.found(exchange, self.noun, desired)
        if there is not None:
            exchange.tell(adoption.announcement(self.noun, desired, self.state_of(exchange, desired, there)))

    def state_of(self, exchange: Exchange, desired: Properties, there: Mapping[str, Any]) -> dict[str, Any]:
        """Give the outputs that an object which is there already would have before anything is changed."""
        seen = self.observe(exchange, settle.guid_of(there), desired, tuple(self.noun.managed(desired)))
        return self.outputs(exchange, desired, {**there, **seen})

    def taken_over(self, exchange: Exchange, id_: str, desired: Properties, there: Mapping[str, Any]) -> dict[str, Any]:
        """Bring an object that was there already to what the program wants."""
        return self.brought(exchange, id_, self.state_of(exchange, desired, there), desired)

    def brought(self, exchange: Exchange, id_: str, state: Properties, desired: Properties) -> dict[str, Any]:
        """Apply what differs between state and desired, and give the outputs after it."""
        names = diff.changed(self.noun, state, desired)
        if names:
            self.apply(exchange, id_, names, desired, state)
        known = {**desired, settle.RESOLVED: settle.still_resolved(state, names)}
        seen, confirmed = self.reread(exchange, id_, known, state, names)
        if confirmed:
            self.tell_moved(exchange, id_, state, seen, names)
        unread = {name: state[name] for name in self.noun.properties if name in state}  # a dependent may need it
        return {**unread, **self.outputs(exchange, known, seen, written=names if confirmed else ())}

    def tell_moved(
        self, exchange: Exchange, id_: str, state: Properties, seen: Mapping[str, Any], names: Collection[str]
    ) -> None:
        """Say what somebody else has changed since the last read."""
        resolved = state.get(settle.RESOLVED) or {}
        now = self.noun.observed(seen)
        for name, value in self.noun.managed(state).items():
            known = (value, resolved.get(name, value))
            if (
                name in now
                and name not in names
                and not any(self.noun.properties[name].same(k, now[name]) for k in known)
            ):
                exchange.tell(
                    f"{self.noun.name} {id_}: {name} was changed by somebody else since it was last read: "
                    f"{value!r} -> {now[name]!r}. The next run shows it and brings it back"
                )

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
            f"{self.noun.name} {id_}: Exchange still shows other values than were set; they stand in the state"
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


def own(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out Pulumi's own entry and what is unset; values that are not known yet become `UNKNOWN`."""
    return {name: _marked(value) for name, value in properties.items() if name != PROVIDER_KEY and value is not None}


def _marked(value: Any) -> Any:
    """Give `UNKNOWN` for the object by which newer SDKs (seen: 3.272) stand for it, at any depth."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {name: _marked(item) for name, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list) else value
