"""Undeliverable journal reports go to a mailbox that is there for nothing else."""

import pulumi

from area1_provider import TransportConfig, TransportConfigArgs

config = TransportConfig(
    "undeliverable",
    TransportConfigArgs(undeliverable_address="journal-ndr@contoso.com"),
)
pulumi.export("undeliverable_address", config.undeliverable_address)
