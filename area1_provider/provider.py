"""The one lifecycle of everything managed: check, diff, create, read, update, delete.

Each operation is made of `steps`, which a resource overrides only where Exchange is irregular. The provider object is
empty: its pickle in the state is module path and class name, so modules and classes of providers are a stored format.
What Pulumi's dynamic providers demand is met here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from pulumi import dynamic
from pulumi.output import Unknown

from area1_provider import adoption, connection, diff, errors, in_between, old_halves, orphan, saved_state, settle
from area1_provider.forms import is_guid
from area1_provider.holders import Holders, new_mark, of_process
from area1_provider.lost_answers import Doubt, LostAnswers, Question, of_machine
from area1_provider.present import in_plugin, plainly
from area1_provider.schema import UNKNOWN, Properties
from area1_provider.steps import Problems, Steps, unless_gone

if TYPE_CHECKING:  # requests and msal load only when an operation needs them
    from area1_provider.client import Exchange

PROVIDER_KEY = "__provider"


class ExchangeProvider(Steps, dynamic.ResourceProvider):
    """Manages one noun of Exchange's, by its GUID.

    Every operation raises an `errors.Area1Error` whose text is whole; the engine shows it without frames.
    """

    serialize_as_secret_always = False
    """Nothing is hidden in the pickle: tests prove it."""

    # What Pulumi calls.

    def configure(self, req: dynamic.ConfigureRequest) -> None:
        """Remember the stack's config, or the properties of an explicit provider."""
        if in_plugin():
            orphan.watch()
        self.config = connection.config_of(req.config._props)  # noqa: SLF001  # the only way to see all keys

    @plainly
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> dynamic.CheckResult:
        """Refuse at preview what Exchange would refuse, all of it at once."""
        desired, before = own(news), self.held(_olds)
        saved_state.of_process.told(desired.pop(saved_state.RUN, None))
        problems = self.refused(desired, before)
        unset = connection.problems(self.config)
        problems += [("", problem) for problem in connection.untold(unset)]
        if not problems and not unset:
            problems = [*self.ask(desired, before), *self.announced(desired, before)]
        return dynamic.CheckResult(dict(desired), [dynamic.CheckFailure(*problem) for problem in problems])

    @plainly
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> dynamic.DiffResult:
        """Compare what the program wants with what Exchange last said."""
        state, desired = self.held(_olds), own(_news)
        connection.guard_named(self.config, state)
        before, noted, now = state, self.noted(self.remembered(), _id, state), None
        if noted or self.shared():
            exchange = self.begun()
            now = unless_gone(exchange, lambda: self.looked_at(exchange, _id, state))
            if now is None:  # replaced: the engine deletes what is not there, and makes it
                return dynamic.DiffResult(changes=True, replaces=["id"], delete_before_replace=True)
            state = now
        names = diff.changed(self.noun, state, desired)
        replaces = self.replacing(state, desired)
        if "name" in names and not is_guid(_id):  # renamed in place, it would be known by nothing (`settle.guid_of`)
            replaces.append("name")
        stale = diff.changed(self.noun, before, desired)  # what the engine holds, where Exchange is as wanted already
        again = noted or names or stale or diff.released(self.noun, state, desired) or self.unsettled(state, desired)
        if again and (now or self.previewing()):
            self.tell_overwritten(_id, before, now, desired, replaces)
        collides = self.collides(state, desired)
        if not replaces:
            self.held_alone(_id, state)
        return dynamic.DiffResult(changes=bool(again), replaces=replaces, delete_before_replace=collides)

    @plainly
    def create(self, props: dict[str, Any]) -> dynamic.CreateResult:
        """Make it, or take it over where `adopt` says so; the state is what Exchange returned."""
        exchange, desired = self.begun(), own(props)
        with adoption.alone(exchange, self.noun, desired):
            return dynamic.CreateResult(*self.created(exchange, desired))

    def created(self, exchange: Exchange, desired: Properties) -> tuple[str, dict[str, Any]]:
        """Give id and outputs of the object that was made, or that is there and was taken over."""
        there = adoption.found(exchange, self.noun, desired) if desired.get("adopt") else None
        if there is not None:
            return self.joined(exchange, desired, there)
        try:
            made = self.make(exchange, desired)
        except errors.AlreadyExists:
            halves = old_halves.in_the_way(exchange, self, self.saved, desired)
            there = old_halves.wanted_again(exchange, self, halves, desired)
            if there is not None:
                return self.joined(exchange, desired, there)
            if not old_halves.made_way(exchange, self, halves):
                raise
            made = self.make(exchange, desired)
        id_ = settle.guid_of(made)
        entry = {**connection.stamp(exchange), **new_mark()} if made.get(adoption.FOUND) else {}
        if entry:
            self.held_alone(id_, entry)
        try:
            made = old_halves.freeing(
                exchange, self, self.saved, desired, id_, lambda: self.completed(exchange, id_, desired, made)
            )
            outputs = self.outputs(exchange, {**desired, **entry}, made, written=tuple(desired))
        except Exception as error:
            if entry:  # another entry may have it: nothing is taken away
                raise adoption.left_behind(self.noun, desired, str(error)) from error
            self.undo(exchange, id_, desired, error)
            raise
        self.settle_create(exchange, desired)
        return id_, outputs

    def joined(self, exchange: Exchange, desired: Properties, there: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """Take over an object that is there, which another entry of the state may have still."""
        id_ = settle.guid_of(there)
        entry = {**connection.stamp(exchange), **new_mark()}
        self.held_alone(id_, entry)
        with self.doubting(exchange, id_, entry) as doubt:  # where another entry has it, that one's state
            outputs = old_halves.freeing(
                exchange,
                self,
                self.saved,
                desired,
                id_,
                lambda: self.taken_over(exchange, id_, {**desired, **entry}, there),
            )
            return id_, doubt.taken_out_of(outputs)

    @plainly
    def read(self, id_: str, props: dict[str, Any]) -> dynamic.ReadResult:
        """Ask Exchange what it is now; with inputs, so that a refresh shows drift property by property."""
        exchange = self.begun()
        connection.guard(exchange, props)
        known = self.held(props)
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
        state, desired = self.held(_olds), own(_news)
        doubtful = self.shared() or self.noted(exchange.lost_answers, _id, state)
        with self.doubting(exchange, _id, state) as doubt:
            if doubtful:
                state = self.untrusted(self.looked_at(exchange, _id, state))
            try:
                outputs = self.brought(exchange, _id, state, desired)
            except errors.AlreadyExists as error:
                outputs = self.brought_after(exchange, _id, state, desired, error)
            return dynamic.UpdateResult(doubt.taken_out_of(outputs))

    def brought_after(
        self, exchange: Exchange, id_: str, state: Properties, desired: Properties, error: errors.AlreadyExists
    ) -> dict[str, Any]:
        """Free a name that an old half has, and apply what differs once more. Raises `AlreadyExists` where none has."""
        halves = old_halves.in_the_way(exchange, self, self.saved, desired, id_)
        stays = [half.said for half in halves if half.fate == old_halves.DROP]
        if not old_halves.made_way(exchange, self, halves):
            raise adoption.not_renamed(exchange, self.noun, desired, error, stays) from error
        try:
            return self.brought(exchange, id_, self.looked_at(exchange, id_, state), desired)
        except errors.AlreadyExists as again:
            raise adoption.not_renamed(exchange, self.noun, desired, again, stays) from again

    @plainly
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Take it away; what is gone already is as wanted."""
        exchange = self.begun()
        connection.guard(exchange, _props)
        state = self.held(_props)
        question = self._question(_id, state)
        if self.holders().others(question, state):
            exchange.tell(f"{self.noun.name} {_id}: stays, since another resource of this program has it now")
            return
        with self.doubting(exchange, _id, state):
            if not self.removed(exchange, _id, state):
                exchange.tell(f"{self.noun.name} {_id} was gone already")

    def held(self, properties: Mapping[str, Any]) -> Properties:
        """Give what the engine kept of the object. Raises `Refused` where that is nothing that we left."""
        return settle.left_by_us(self.noun, own(properties))

    # What two entries of one state must not do to one object.

    def holders(self) -> Holders:
        """Give what this process knows of who holds what."""
        return of_process

    def held_alone(self, id_: str, state: Properties) -> None:
        """Remember who holds an object. Raises `Refused` where another resource does already."""
        question = self._question(id_, state)
        if self.holders().others(question, state):
            raise errors.Refused(
                f"{self.noun.name} {id_} is that of another resource of this program; nothing was changed. Drop one of the "
                "two, which leaves the object in the tenant as it is, or give it another name."
            )
        self.holders().hold(question, state)

    def saved(self) -> old_halves.State:
        """Give the resources in the stack's state."""
        return saved_state.of_process.resources()

    def shared(self) -> bool:
        """Say whether two entries of the state hold one object and do not agree on it: a run took it over and failed."""
        return saved_state.of_process.is_shared(self.noun.type_token)

    # What an update or a delete that raised leaves: the engine keeps the old state, whatever was carried out.

    def remembered(self) -> LostAnswers:
        """Give what this machine remembers of runs before; without the client, which a preview need not load."""
        return of_machine()

    def noted(self, remembered: LostAnswers, id_: str, state: Properties) -> bool:
        """Say whether the last change of the object raised, so that the state may not be what Exchange has."""
        return remembered.asked_at(self._question(id_, state)) is not None

    def looked_at(self, exchange: Exchange, id_: str, state: Properties) -> dict[str, Any]:
        """Give the state as Exchange has it now. Raises `NotFound` if the object is gone."""
        seen = self.observe(exchange, id_, state, tuple(self.noun.managed(state)))
        return {**state, **self.outputs(exchange, state, seen)}

    def doubting(self, exchange: Exchange, id_: str, state: Properties) -> AbstractContextManager[Doubt]:
        """Remember a change until it succeeds, or one after it: it may raise, or this process be killed."""
        return exchange.lost_answers.doubting(self._question(id_, state), exchange.policy.clock())

    def _question(self, id_: str, state: Properties) -> Question:
        return Question(str(state.get(connection.TENANT_ID)), self._kind, id_)

    @property
    def _kind(self) -> str:
        """Tell resources of one noun apart."""
        return self.noun.args.__name__

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

    # What a preview shows.

    def previewing(self) -> bool:
        """Say whether nothing is carried out yet, so that a person can be told first."""
        return saved_state.of_process.previewing

    def tell_overwritten(
        self, id_: str, before: Properties, now: Properties | None, desired: Properties, replaces: Collection[str]
    ) -> None:
        """Say what somebody else has changed of an object that is to be changed: a preview looks for that."""
        exchange = self.exchange()
        seen = now or in_between.look(exchange, self.noun, id_, before, lambda: self.looked_at(exchange, id_, before))
        if seen is not None:
            in_between.tell_before(exchange, self.noun, id_, before, seen, desired, replaces)

    def announced(self, desired: Properties, before: Properties) -> Problems:
        """Show, at preview, what `adopt` would change of an object that is there already; say what it could not."""
        if before or not desired.get("adopt") or desired["name"] == UNKNOWN:
            return
        exchange = self.begun()
        there = adoption.found(exchange, self.noun, desired)
        if there is None:
            return
        state = self.state_of(exchange, desired, there)
        exchange.tell(adoption.announcement(self.noun, desired, state))
        yield from self.fixed(state, desired)


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
