"""The pickled provider is a stored format: module path and class name, nothing else; type tokens likewise."""

import base64
import pickletools
from typing import Any

import dill
import pulumi
import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.dynamic.dynamic import serialize_provider

import area1_provider
from area1_provider import resources
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

KINDS = [
    DistributionGroupProvider,
    JournalRuleProvider,
    OutboundConnectorProvider,
    OutboundConnectorValidationProvider,
    TransportConfigProvider,
]
BYTES = {
    "DistributionGroupProvider": "area1_provider.resources.distribution_group",
    "JournalRuleProvider": "area1_provider.resources.journal_rule",
    "OutboundConnectorProvider": "area1_provider.resources.outbound_connector",
    "OutboundConnectorValidationProvider": "area1_provider.resources.outbound_connector_validation",
    "TransportConfigProvider": "area1_provider.resources.transport_config",
}
CANARY = "canary-5ecr3t"
each = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def pickled(kind: type[ExchangeProvider]) -> bytes:
    """Give what goes into the state, as the SDK makes it."""
    return base64.b64decode(serialize_provider(kind()))


@each
def test_what_is_pickled(kind: type[ExchangeProvider]) -> None:
    """A pickle holds module path, class name and an empty object: moving a class breaks every state."""
    texts = [argument for _, argument, _ in pickletools.genops(pickled(kind)) if isinstance(argument, str)]

    assert texts == [BYTES[kind.__name__], kind.__name__]
    assert len(pickled(kind)) < 120


def test_bytes_of_a_pickle() -> None:
    """The bytes themselves do not change from one release to the next."""
    assert pickled(TransportConfigProvider) == (
        b"\x80\x04\x95L\x00\x00\x00\x00\x00\x00\x00\x8c)area1_provider.resources.transport_config\x94\x8c"
        b"\x17TransportConfigProvider\x94\x93\x94)\x81\x94."
    )


@each
def test_a_pickle_comes_back(kind: type[ExchangeProvider]) -> None:
    """What stands in a state makes a provider of the same class, with nothing in it."""
    back = dill.loads(pickled(kind))  # noqa: S301  # our own

    assert type(back) is kind
    assert vars(back) == {}
    assert kind.serialize_as_secret_always is False


@each
def test_no_secret_in_a_configured_provider(kind: type[ExchangeProvider]) -> None:
    """`configure` happens after the pickle was made, and what it is given shows in no repr."""
    provider = kind()
    raw = {"area1:tenant": "contoso.com", "area1:client_secret": CANARY, "area1:client_id": "x"}
    before = serialize_provider(kind())

    provider.configure(ConfigureRequest(config=Config(raw_config=raw, project_name="p")))

    assert serialize_provider(kind()) == before
    assert CANARY not in repr(provider)
    assert CANARY not in repr(provider.config)


class Recording(pulumi.runtime.Mocks):
    """Stands for the engine: gives back what it is sent, and writes it down."""

    def __init__(self) -> None:
        self.tokens: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Take a resource."""
        self.tokens[args.typ] = dict(args.inputs)
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Take an invoke."""
        del args
        return {}, []


@pulumi.runtime.test
def program() -> None:
    """Make one resource of each kind."""
    area1_provider.OutboundConnector("c", area1_provider.OutboundConnectorArgs())
    area1_provider.OutboundConnectorValidation(
        "v", area1_provider.OutboundConnectorValidationArgs(connector="x", recipients=["a@b.example"])
    )
    area1_provider.TransportConfig("t", area1_provider.TransportConfigArgs())
    area1_provider.JournalRule("r", area1_provider.JournalRuleArgs(journal_email_address="a@b.example"))
    area1_provider.DistributionGroup("g", area1_provider.DistributionGroupArgs(name="Named"))


@pytest.mark.usefixtures("event_loop")
def test_type_tokens() -> None:
    """Type tokens are part of every URN: they are these, for ever. The name of a resource is the name at Exchange."""
    engine = Recording()
    pulumi.runtime.set_mocks(engine, preview=False)

    program()

    assert sorted(engine.tokens) == [
        "pulumi-python:dynamic/area1:DistributionGroup",
        "pulumi-python:dynamic/area1:JournalRule",
        "pulumi-python:dynamic/area1:OutboundConnector",
        "pulumi-python:dynamic/area1:OutboundConnectorValidation",
        "pulumi-python:dynamic/area1:TransportConfig",
    ]
    assert engine.tokens["pulumi-python:dynamic/area1:OutboundConnector"]["name"] == "c"
    assert engine.tokens["pulumi-python:dynamic/area1:DistributionGroup"]["name"] == "Named"


def test_every_provider_is_here() -> None:
    """No provider class escapes these tests."""
    known = {
        kind.__name__ for kind in ExchangeProvider.__subclasses__() if kind.__module__.startswith(resources.__name__)
    }

    assert known == set(BYTES)
