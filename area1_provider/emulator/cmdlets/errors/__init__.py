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
marked "unconfirmed". Subjects have a file each; the form of all stands in `envelope.py`.
"""

from area1_provider.emulator.cmdlets.errors.envelope import CmdletError, CmdletNotOffered
from area1_provider.emulator.cmdlets.errors.groups import AlreadyMember, GroupMailboxUnsupported, NotManager, NotMember
from area1_provider.emulator.cmdlets.errors.invocation import (
    AlreadyHydrated,
    Dehydrated,
    EmptyIdentity,
    ParameterSetUnresolved,
    RuleRefused,
    UnknownParameter,
    ValueRefused,
)
from area1_provider.emulator.cmdlets.errors.journaling import JournalTargetRefused, UndeliverableUnset
from area1_provider.emulator.cmdlets.errors.objects import (
    AddressInUse,
    AmbiguousIdentity,
    AmbiguousRecipient,
    ObjectExists,
    ObjectNotFound,
    RecipientNotFound,
)

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
