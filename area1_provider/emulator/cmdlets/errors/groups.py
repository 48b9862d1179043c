"""Errors of groups and their members. Names that lead nowhere stand in `objects.py`."""

from area1_provider.emulator.cmdlets.errors.envelope import MANAGEMENT, TASKS, CmdletError


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
