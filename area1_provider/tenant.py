"""Tenant: an explicit provider, so that one program can hold several tenants.

Its properties are the settings of `settings.CONFIG_KEYS`; pass secrets as Pulumi secrets, or leave them to the
environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from area1_provider.settings import CONFIG_KEYS


class Tenant(pulumi.ProviderResource):
    """One tenant and how to sign in to it; hand it on with `ResourceOptions(provider=tenant)`.

    `tenant` is a GUID or one of the tenant's domains. `settings` are named as in the stack config; what is left out comes
    from the environment. Raises `pulumi.RunError`, which prints without frames, for a name that is no setting.
    """

    def __init__(
        self,
        resource_name: str,
        tenant: pulumi.Input[str],
        settings: Mapping[str, pulumi.Input[Any]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        unknown = [name for name in settings or {} if name not in CONFIG_KEYS or name == "tenant"]
        if unknown:
            known = ", ".join(sorted(set(CONFIG_KEYS) - {"tenant"}))
            raise pulumi.RunError(f"Tenant {resource_name!r}: {', '.join(unknown)}: no such setting; known are {known}")
        super().__init__("pulumi-python", resource_name, {"tenant": tenant, **(settings or {})}, opts)
