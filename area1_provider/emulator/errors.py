"""Errors that cmdlets answer with: one class for each that is documented, each able to give its body.

::

    CmdletNotOffered            unknown cmdlet, or no role for it: the server's 403 that says nothing
    CmdletError
    ├── UnknownParameter        no such parameter, or not in the caller's roles
    ├── ParameterSetUnresolved  parameters that exclude each other, or a mandatory one missing
    ├── ValueRefused            a value that is not of the parameter's type
    │   └── EmptyIdentity       an empty name where a recipient is meant
    ├── ObjectNotFound
    ├── RecipientNotFound       a recipient named in a parameter
    ├── AmbiguousIdentity       one name, several objects
    ├── AmbiguousRecipient      the same, for a recipient named in a parameter
    ├── ObjectExists            the name is taken
    ├── AddressInUse            the mail address is taken
    ├── AlreadyMember
    ├── NotMember
    ├── NotManager              only a manager of the group may do this
    ├── GroupMailboxUnsupported a Microsoft 365 group where a distribution group is meant
    ├── UndeliverableUnset      no address for undeliverable journal reports
    ├── JournalTargetRefused    reports cannot be sent there
    ├── RuleRefused             a rule stated on the cmdlet's page, whose text is not known
    ├── Dehydrated              Enable-OrganizationCustomization has not been run
    └── AlreadyHydrated         Enable-OrganizationCustomization has been run

Shapes are those of published answers of the service; where only a text or only a type is known, the rest is
marked "unconfirmed". The envelope stands in `error_envelope.py`.
"""

from collections.abc import Sequence
from typing import Any

from area1_provider.emulator.error_envelope import CmdletError, CmdletNotOffered

__all__ = [
    "AddressInUse",
    "AlreadyHydrated",
    "AlreadyMember",
    "AmbiguousIdentity",
    "AmbiguousRecipient",
    "CmdletError",
    "CmdletNotOffered",
    "Dehydrated",
    "EmptyIdentity",
    "GroupMailboxUnsupported",
    "JournalTargetRefused",
    "NotManager",
    "NotMember",
    "ObjectExists",
    "ObjectNotFound",
    "ParameterSetUnresolved",
    "RecipientNotFound",
    "RuleRefused",
    "UndeliverableUnset",
    "UnknownParameter",
    "ValueRefused",
]

TASKS = "Microsoft.Exchange.Configuration.Tasks"
INVOCATION = "Microsoft.Exchange.AdminApi.CommandInvocation"
MANAGEMENT = "Microsoft.Exchange.Management.Tasks"
DIRECTORY = "Microsoft.Exchange.Data.Directory"


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


class ObjectNotFound(CmdletError):
    """Raised when no object of the noun answers to the identity. Source: Microsoft365DSC issue 2998 (whole body)."""

    status = 404
    code = "NotFound"
    kind = f"{TASKS}.ManagementObjectNotFoundException"
    message_id = "Ex6F9304"

    def __init__(self, identity: str, server: str) -> None:
        super().__init__(
            f"The operation couldn't be performed because object '{identity}' couldn't be found on '{server}'."
        )


class RecipientNotFound(CmdletError):
    """Raised when a parameter names a recipient that does not exist.

    Source: the text in azapptoolkit's error table; its status and type with this text are unconfirmed.
    """

    status = 404
    code = "NotFound"
    kind = f"{TASKS}.ManagementObjectNotFoundException"

    def __init__(self, identity: str) -> None:
        super().__init__(f"Couldn't find '{identity}' as a recipient.")


class AmbiguousIdentity(CmdletError):
    """Raised when an identity names several objects.

    Source: Microsoft365DSC issue 3741 (id, type and end of the text: the type is the one of not-found).
    """

    kind = f"{TASKS}.ManagementObjectNotFoundException"
    message_id = "Ex9E65A2"

    def __init__(self, identity: str) -> None:
        super().__init__(f"The operation couldn't be performed because '{identity}' matches multiple entries.")


class AmbiguousRecipient(CmdletError):
    """Raised when a parameter names several recipients. Source: text known to CIPP; type unconfirmed."""

    kind = f"{TASKS}.RecipientTaskException"

    def __init__(self, identity: str) -> None:
        super().__init__(
            f'There are multiple recipients matching identity "{identity}". Please specify a unique value.'
        )


class ObjectExists(CmdletError):
    """Raised when an object of that name is there.

    Source: the type's short name and "already exists" in go-exoscc; the directory's own sentence around it and the
    namespace are unconfirmed for connectors, rules and groups.
    """

    kind = f"{DIRECTORY}.ADObjectAlreadyExistsException"

    def __init__(self, distinguished_name: str, server: str) -> None:
        super().__init__(
            f"Active Directory operation failed on {server}. The object '{distinguished_name}' already exists."
        )


class AddressInUse(CmdletError):
    """Raised when another recipient has the address.

    Source: Microsoft's troubleshooting page "proxy-address-being-used" (text); type unconfirmed.
    """

    kind = f"{MANAGEMENT}.ProxyAddressExistsException"

    def __init__(self, address: str, path: str) -> None:
        super().__init__(
            f'The proxy address "{address}" is already being used by the proxy addresses or LegacyExchangeDN of '
            f'"{path}". Please choose another proxy address.'
        )


class AlreadyMember(CmdletError):
    """Raised when the recipient is in the group. Source: CIPP's error table (type), Microsoft365DSC 6426 (text)."""

    kind = f"{MANAGEMENT}.MemberAlreadyExistsException"

    def __init__(self, recipient: str, group: str) -> None:
        super().__init__(f'The recipient "{recipient}" is already a member of the group "{group}".')


class NotMember(CmdletError):
    """Raised when the recipient is not in the group. Source: azapptoolkit's error table (text); type unconfirmed."""

    kind = f"{MANAGEMENT}.MemberNotFoundException"

    def __init__(self, recipient: str, group: str) -> None:
        super().__init__(f'The recipient "{recipient}" isn\'t a member of the group "{group}".')


class NotManager(CmdletError):
    """Raised for a security group whose manager the caller is not. Source: Microsoft365DSC issue 6435 (text).

    The type and the status are unconfirmed.
    """

    kind = f"{TASKS}.OperationRequiresGroupManagerException"

    def __init__(self) -> None:
        super().__init__(
            "You don't have sufficient permissions. This operation can only be performed by a manager of the group."
        )


class GroupMailboxUnsupported(CmdletError):
    """Raised when the identity is a Microsoft 365 group. Source: text and short type met by users of the module."""

    kind = f"{TASKS}.RecipientTaskException"

    def __init__(self) -> None:
        super().__init__("The current operation is not supported on GroupMailbox.")


class UndeliverableUnset(CmdletError):
    """Raised when there is no address for undeliverable journal reports.

    Source: Microsoft365DSC issue 5606 and Microsoft Q&A 1304515, both from Set-TransportConfig; that New-JournalRule
    answers the same follows from the wording (unconfirmed). The rest of the text is cut off in both.
    """

    kind = "System.InvalidOperationException"

    def __init__(self) -> None:
        super().__init__(
            "Before you create a journal rule, you must specify an email account to receive journal reports that "
            "can't be delivered to the journal destination."
        )


class JournalTargetRefused(CmdletError):
    """Raised when reports cannot be sent to the address. Source: OfficeDocs-Exchange issue 2774 (text and type)."""

    kind = "System.InvalidOperationException"

    def __init__(self) -> None:
        super().__init__("The JournalEmailAddress can only be a mail user, a mail contact or an external address.")


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
