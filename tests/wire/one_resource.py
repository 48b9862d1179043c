"""One resource alone in a tenant: what the tenant keeps of it, what that means to a person, and what makes it at rest."""

from collections.abc import Mapping
from typing import Any

from lifecycle import Engine, provider_over
from strategies import configs, connectors, groups, rules

from area1_provider.client import Exchange
from area1_provider.emulator.tenant import Tenant
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.transport_config import TransportConfigProvider
from area1_provider.schema import Property

Arguments = Mapping[str, Any]
FORMS = ("guid", "address", "alias", "name")

LEGAL = {
    OutboundConnectorProvider: connectors,
    JournalRuleProvider: rules,
    TransportConfigProvider: configs,
    DistributionGroupProvider: groups,
}
"""Legal arguments, by noun."""


class World:
    """One tenant and the engine's view of one resource in it, made anew for each example."""

    def __init__(
        self, kind: type[ExchangeProvider], exchange: Exchange, tenant: Tenant, config: dict[str, str]
    ) -> None:
        self.noun, self.tenant = kind.noun, tenant
        self.provider = provider_over(kind, exchange, config)
        self.start()

    def start(self) -> Engine:
        """Make the tenant as new, with an address for undeliverable reports where rules need one."""
        self.tenant.reset()
        if self.noun.name != "TransportConfig":
            (transport,) = self.tenant.all("TransportConfig")
            self.tenant.save("TransportConfig", {**transport, "JournalingReportNdrTo": "ndr@archive.example"})
        return Engine(self.provider)

    def there(self) -> list[dict[str, Any]]:
        """Give the objects of the noun as the tenant keeps them."""
        return self.tenant.all(self.noun.name)

    def kept(self, one: Property) -> Any:
        """Give what the tenant keeps for a property."""
        (document,) = self.there()
        if one.name == "members":
            return list(self.tenant.store.members(self.tenant.tenant_id, document["Guid"]))
        if one.name == "type":
            return "Security" if "SecurityEnabled" in document["GroupType"] else "Distribution"
        return document[one.wire.name]

    def who(self, text: str) -> str:
        """Give the GUID of the recipient that a text names, or the text."""
        return next(iter(self.tenant.find("Recipient", text, FORMS)), text.casefold())

    def meaning(self, one: Property, value: Any) -> Any:
        """Give what a value means to a person, by rules of this file's own."""
        if value in (None, "", "<>", []):
            return ""
        if one.is_recipient:
            return {self.who(text) for text in ([value] if isinstance(value, str) else value)}
        if isinstance(value, list):
            return sorted(value) if one.name == "description" else {fold(text) for text in value}
        if one.name in TEXTS_AS_WRITTEN or not isinstance(value, str):
            return value
        return fold(value)

    def holds(self, args: Arguments) -> None:
        """Assert that the tenant holds what the program wants."""
        for name, one in self.noun.properties.items():
            if name in args and not (name == "members" and args.get("member_mode") == "at_least"):
                assert self.meaning(one, args[name]) == self.meaning(one, self.kept(one)), name


TEXTS_AS_WRITTEN = ("name", "display_name", "comment", "simple_display_name")


def fold(text: str) -> str:
    """Give a text without case and without the tags that are put around a mail tip."""
    return text.casefold().removeprefix("<html><body>").removesuffix("</body></html>")


def silent(engine: Engine, args: Arguments) -> None:
    """Assert that preview, refresh and preview after it show nothing, and that refreshed inputs are the program's."""
    assert not engine.changes(args)

    engine.refresh()

    assert not engine.changes(args)
    assert not engine.changes(engine.inputs)
    for name, one in engine.provider.noun.properties.items():
        assert (name in engine.inputs) == (args.get(name) is not None), name
        if name in engine.inputs:
            assert one.same(engine.inputs[name], args[name]), name
