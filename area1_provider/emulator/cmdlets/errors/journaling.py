"""Errors of journaling: no address for undeliverable reports, a target that takes none.

Rules of other nouns stand beside this file.
"""

from area1_provider.emulator.cmdlets.errors.envelope import CmdletError


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
