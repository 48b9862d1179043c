"""Errors in how a cmdlet was called: its parameters, its values, whether the tenant is ready for it.

What is wrong with objects and recipients stands beside this file.
"""

from collections.abc import Sequence
from typing import Any

from area1_provider.emulator.cmdlets.errors.envelope import INVOCATION, TASKS, CmdletError


class UnknownParameter(CmdletError):
    """Raised when the cmdlet has no such parameter, or the caller's roles do not grant it.

    Source: graph2otel's live capture of an unknown parameter; that a parameter outside the caller's roles looks the
    same is inferred in CIPP's error table (unconfirmed). On-premises parameters do not exist online.
    """

    summary = "Invalid Operation"
    origin = "Client"
    kind = f"{INVOCATION}.AmbiguousParameterSetException"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            "Parameter set cannot be resolved using the specified named parameters. "
            f"Invalid cmdlet parameters specified. {', '.join(names)}"
        )


class ParameterSetUnresolved(CmdletError):
    """Raised when given parameters belong to no common set, or a mandatory one is missing.

    Source: the type is that of UnknownParameter; the text is PowerShell's own for the same trouble, the names at
    its end are ours (unconfirmed for this endpoint).
    """

    summary = "Invalid Operation"
    origin = "Client"
    kind = f"{INVOCATION}.AmbiguousParameterSetException"

    def __init__(self, reason: str) -> None:
        super().__init__(
            "Parameter set cannot be resolved using the specified named parameters. One or more parameters issued "
            "cannot be used together or an insufficient number of parameters were provided. " + reason
        )


class ValueRefused(CmdletError):
    """Raised when a value cannot be turned into the parameter's type.

    Source: graph2otel's live capture of a wrong enumerator: no `details`, warnings inside `error`. The namespace of
    the type was cut off there (unconfirmed).
    """

    summary = "Invalid Operation"
    kind = f"{INVOCATION}.ParameterTransformationException"

    def __init__(self, parameter: str, reason: str) -> None:
        self.parameter = parameter
        super().__init__(f"Cannot process argument transformation on parameter '{parameter}'. {reason}")

    def body(self) -> dict[str, Any]:
        """The answer's JSON: this error has no `details`."""
        return {"error": {**self._head(), "innererror": self._inner(), "@adminapi.warnings": []}}


class EmptyIdentity(ValueRefused):
    """Raised when an empty name stands where a recipient is meant. Source: Microsoft365DSC issue 6426 (text)."""

    def __init__(self, parameter: str, type_name: str) -> None:
        reason = f"Parameter values of type {TASKS}.{type_name} can't be empty. Specify a value, and try again."
        super().__init__(parameter, reason)


class RuleRefused(CmdletError):
    """Raised when a rule on the cmdlet's page is broken; the text names the rule.

    Source: the page named where it is raised. The service's type and wording are unconfirmed for all of these.
    """

    kind = "System.InvalidOperationException"


class Dehydrated(CmdletError):
    """Raised in a tenant that was never customised. Source: microsoft-365-docs issue 7403 (type and text)."""

    kind = f"{TASKS}.InvalidOperationInDehydratedContextException"

    def __init__(self) -> None:
        super().__init__(
            "The command you tried to run isn't currently allowed in your organization. To run this command, you "
            "first need to run the command: Enable-OrganizationCustomization."
        )


class AlreadyHydrated(CmdletError):
    """Raised by a second Enable-OrganizationCustomization. Source: office-docs-powershell issue 6497 (text)."""

    kind = "System.InvalidOperationException"

    def __init__(self) -> None:
        super().__init__("This operation is not required. Organization is already enabled for customization.")
