"""What of a stack's state is compared with the settings before a program's first resource. The engine: tests/engine."""

from collections.abc import Iterator
from typing import Any

import pulumi
import pytest

from area1_provider import program_start

pytestmark = pytest.mark.usefixtures("event_loop")

HERE, THERE = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"
RULE = "pulumi-python:dynamic/area1:JournalRule"
TENANT = "pulumi:providers:pulumi-python"


class State(pulumi.runtime.Mocks):
    """Stands for the engine: holds a state, or none that it would give."""

    def __init__(self) -> None:
        self.held: dict[str, Any] | None = {}
        self.asked: list[dict[str, Any]] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Take a resource."""
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]] | None]:
        """Give the state."""
        assert args.token == program_start.READ
        self.asked.append(args.args)
        if self.held is None:
            return {}, [("", "no such function")]
        return {"outputs": self.held}, []


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[State]:
    """A run, not a preview, whose settings name the tenant HERE."""
    for name, value in {"TENANT_ID": HERE, "CLIENT_ID": "app", "CLIENT_SECRET": "secret"}.items():
        monkeypatch.setenv(f"ARM_{name}", value)
    state = State()
    pulumi.runtime.set_mocks(state, project="p", stack="s", organization="o", preview=False)
    before = pulumi.runtime.get_root_resource()
    pulumi.runtime.settings.set_root_resource(pulumi.ComponentResource("test:index:Run", "run"))
    yield state
    pulumi.runtime.settings.ROOT.set(before)


def rule(tenant_id: str) -> dict[str, Any]:
    """Give a rule as a state holds it."""
    return {"type": RULE, "outputs": {"tenant_id": tenant_id, "tenant": "contoso.onmicrosoft.com"}}


def test_the_running_stack_is_asked_for_once(state: State) -> None:
    """However many resources a program has; by its whole name, since stacks of two organizations may be called alike."""
    state.held = {"urn": rule(HERE)}

    program_start.inputs()
    program_start.inputs()

    assert state.asked == [{"stackName": "o/p/s"}]


@pytest.mark.parametrize(
    "held",
    [
        {},
        {"urn": {"type": "azure:core:Thing", "outputs": {"tenant_id": THERE}}},
        {"urn": {"type": RULE, "outputs": {}}},
        {"urn": rule(THERE), "tenant": {"type": TENANT, "outputs": {"tenant": THERE}}},
    ],
    ids=["a new stack", "another provider's", "one that records no tenant", "a Tenant's"],
)
def test_what_says_nothing_of_the_stacks_own_tenant_stops_nothing(state: State, held: dict[str, Any]) -> None:
    """Neither what is not ours nor what may be of an explicit provider is compared."""
    state.held = {**held, "default": {"type": TENANT, "outputs": {}}}

    program_start.inputs()

    assert len(state.asked) == 1


def test_a_state_that_the_engine_does_not_give(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on, and a warning says what is not kept, and what does."""
    warnings = list[str]()
    monkeypatch.setattr(pulumi.log, "warn", warnings.append)
    state.held = None

    program_start.inputs()

    assert ["no such function" in one and "with its preview" in one for one in warnings] == [True]


def test_settings_that_are_not_whole_are_said_by_the_resource(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack of `Tenant`s alone has none of its own, and needs none."""
    monkeypatch.delenv("ARM_CLIENT_SECRET")

    assert program_start.inputs() == {"__run": {"stack": "o/p/s", "shared": [], "preview": False}}
    assert state.asked == []


def named(kind: str, **outputs: str) -> dict[str, Any]:
    """Give an entry as a state holds it."""
    managed = ["comment", "scope"] if outputs.get("comment") else ["scope"]
    return {
        "type": f"pulumi-python:dynamic/area1:{kind}",
        "outputs": {"tenant_id": HERE, "managed": managed, **outputs},
    }


def test_what_the_plugin_has_to_know(state: State) -> None:
    """The stack's name, and the types of which two entries are one object, and do not agree on what both manage."""
    state.held = {
        "one": named("JournalRule", name="Journal", scope="Global"),
        "two": named("JournalRule", name="JOURNAL", scope="External"),
        "three": named("OutboundConnector", name="Journal", scope="a"),
        "four": named("OutboundConnector", name="Other", scope="b"),
        "five": named("OutboundConnectorValidation", connector="a", scope="a"),
        "six": named("OutboundConnectorValidation", connector="b", scope="b"),
        "seven": named("OutboundConnectorValidation", connector="a", scope="b"),
        "eight": named("TransportConfig", scope="a", comment="one"),
        "nine": named("TransportConfig", scope="a"),
    }

    shared = [f"pulumi-python:dynamic/area1:{kind}" for kind in ("JournalRule", "OutboundConnectorValidation")]
    assert program_start.inputs() == {"__run": {"stack": "o/p/s", "shared": shared, "preview": False}}


def test_without_a_run() -> None:
    """Under mocks alone nothing is asked and nothing told."""
    pulumi.runtime.settings.set_root_resource(None)  # type: ignore[arg-type]

    assert program_start.inputs() == {}
