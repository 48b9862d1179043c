"""What every resource shares on the program's side: args in, outputs out, the type token.

Nothing about Exchange is known here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from pulumi import dynamic

from area1_provider import program_start
from area1_provider.connection import TENANT, TENANT_ID
from area1_provider.provider import ExchangeProvider
from area1_provider.settle import RESOLVED


class ExchangeResource(dynamic.Resource):
    """One managed object. Each property of its args is an output of the same name, as Exchange has it.

    Outputs of all resources besides those: `id` (the object's GUID), `tenant_id` (the tenant's GUID), `tenant` (its name
    as configured), `resolved` (what Exchange made of recipients that were written as alias, name or address).
    """

    provider_class: ClassVar[type[ExchangeProvider]]
    computed: ClassVar[Collection[str]] = ()
    """Further outputs that are no property of the args."""

    tenant_id: pulumi.Output[str]
    tenant: pulumi.Output[str]

    def __init__(self, resource_name: str, args: Any, opts: pulumi.ResourceOptions | None = None) -> None:
        run = program_start.inputs()
        provider = self.provider_class()
        noun = provider.noun
        outputs = (*noun.properties, *noun.settings, *self.computed, TENANT_ID, TENANT, RESOLVED)
        props: dict[str, Any] = dict.fromkeys(outputs)
        props.update({name: value for name, value in vars(args).items() if value is not None})
        if "name" in noun.properties and props["name"] is None:
            props["name"] = resource_name
        props.update(run)
        super().__init__(provider, resource_name, props, opts)

    if TYPE_CHECKING:  # one output for each property of the args

        def __getattr__(self, name: str) -> pulumi.Output[Any]: ...
