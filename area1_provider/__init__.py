"""Exchange Online journaling to Cloudflare Area 1 as Pulumi code.

The map of the house, from the top: `cli` and `commands` (what a person types), `stack` (stack config to args),
`journaling` (the guide as one component, `guide` what it wants of each resource, `regions` its data), `tenant` (one
program, many tenants), `resources` (one managed thing a file), `provider` and `steps` (the one lifecycle), `client` and
`auth` (the wire), `schema` and `diff` (what a property is), `settings`, `errors`; beside them `emulator` (an offline
Exchange) and `engine` (where the Pulumi CLI comes from).

Five words are used everywhere. *args*: what a program writes, typed, may hold Pulumi inputs. *properties*: the same
names with plain values, desired or observed. *parameters*: what a cmdlet takes, in PascalCase. *object*: what a Get- cmdlet
gives, in PascalCase. *noun*: the X of New-X.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from area1_provider.journaling import Journaling, JournalingArgs
    from area1_provider.resources.distribution_group import DistributionGroup, DistributionGroupArgs
    from area1_provider.resources.journal_rule import JournalRule, JournalRuleArgs
    from area1_provider.resources.outbound_connector import OutboundConnector, OutboundConnectorArgs
    from area1_provider.resources.outbound_connector_validation import (
        OutboundConnectorValidation,
        OutboundConnectorValidationArgs,
    )
    from area1_provider.resources.transport_config import TransportConfig, TransportConfigArgs
    from area1_provider.tenant import Tenant

__all__ = [
    "DistributionGroup",
    "DistributionGroupArgs",
    "JournalRule",
    "JournalRuleArgs",
    "Journaling",
    "JournalingArgs",
    "OutboundConnector",
    "OutboundConnectorArgs",
    "OutboundConnectorValidation",
    "OutboundConnectorValidationArgs",
    "Tenant",
    "TransportConfig",
    "TransportConfigArgs",
]

_HOMES = {
    "journaling": ("Journaling", "JournalingArgs"),
    "resources.distribution_group": ("DistributionGroup", "DistributionGroupArgs"),
    "resources.journal_rule": ("JournalRule", "JournalRuleArgs"),
    "resources.outbound_connector": ("OutboundConnector", "OutboundConnectorArgs"),
    "resources.outbound_connector_validation": ("OutboundConnectorValidation", "OutboundConnectorValidationArgs"),
    "resources.transport_config": ("TransportConfig", "TransportConfigArgs"),
    "tenant": ("Tenant",),
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used (PEP 562): the emulator and the CLI do without pulumi for as long."""
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
