"""Errors about objects and names: not there, several, taken. What a group or a journal refuses stands beside this file."""

from area1_provider.emulator.cmdlets.errors.envelope import DIRECTORY, MANAGEMENT, TASKS, CmdletError


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
