"""JournalRule: which mail is reported to which address (guide, steps 2.3 and 2.4).

Cmdlets: New-, Get-, Set-, Enable-, Disable-, Remove-JournalRule. `Enabled` is a parameter of New- only; later the rule is
switched by Enable- and Disable-.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import pulumi
from pulumi import Input

from area1_provider import forms, journal_target
from area1_provider.provider import ExchangeProvider
from area1_provider.resource import ExchangeResource
from area1_provider.schema import Noun, Properties, Wire
from area1_provider.steps import Problems

if TYPE_CHECKING:
    from area1_provider.client import Exchange


CONSUMER_DOMAINS = frozenset({"live.com", "hotmail.com", "gmail.com"})
"""Those that the issue names; there may be more."""


@dataclass(frozen=True, kw_only=True)
class JournalRuleArgs:
    """What a journal rule should be. Unset is unmanaged; `recipient=""` journals everyone."""

    journal_email_address: Annotated[Input[str], Wire("JournalEmailAddress", form=forms.RECIPIENT)]
    """Where reports go: an external SMTP address, or a mail contact or mail user. Never a mailbox of the tenant."""
    name: Annotated[Input[str] | None, Wire("Name", max_length=64, cleared=False)] = None
    """Name of the rule; the resource's own name if unset. Changed in place."""
    recipient: Annotated[Input[str] | None, Wire("Recipient", form=forms.RECIPIENT_ADDRESS, cleared=None)] = None
    """Address of the mailbox or group whose mail is journaled; everyone if unset when the rule is made."""
    scope: Annotated[Input[Literal["Global", "Internal", "External"]] | None, Wire("Scope")] = None
    """All messages, those within the organization, or those with a sender or recipient outside."""
    enabled: Annotated[Input[bool] | None, Wire("Enabled", verb="New")] = None
    """Whether the rule is on. Exchange makes rules that are off; it also turns off rules whose target fails for days."""
    adopt: bool | None = None
    """Take over a rule of this name that is there already."""


class JournalRuleProvider(ExchangeProvider):
    """Lifecycle of journal rules."""

    noun = Noun("JournalRule", JournalRuleArgs, settings=("adopt",))
    in_place = ("enabled",)

    def rules(self, desired: Properties) -> Problems:
        """Exchange refuses consumer domains as targets (OfficeDocs-Exchange issue 2774)."""
        address = str(desired.get("journal_email_address"))
        if forms.domain_of(address) in CONSUMER_DOMAINS:
            yield (
                "journal_email_address",
                (
                    f"{address!r} is in a consumer domain, which Exchange refuses for journal reports; write the address "
                    "that the journaling service gave you"
                ),
            )

    def ask(self, desired: Properties, before: Properties) -> Problems:
        """Look, where target or recipient is new, whether the target is a mailbox and the recipient exists."""
        asked = {name: one for name, one in self.noun.properties.items() if one.is_recipient and desired.get(name)}
        new = {name: desired[name] for name, one in asked.items() if not one.same(before.get(name), desired[name])}
        if new:
            yield from journal_target.problems(self.begun(), new)

    def apply(
        self, exchange: "Exchange", id_: str, names: Collection[str], desired: Properties, state: Properties
    ) -> None:
        """Switch off first and on last: a rule is never on with half of its change."""
        switched = desired.get("enabled") if "enabled" in names else None
        if switched is False:
            exchange.invoke("Disable-JournalRule", {"Identity": id_, "Confirm": False})
        super().apply(exchange, id_, names, desired, state)
        if switched is True:
            exchange.invoke("Enable-JournalRule", {"Identity": id_})


class JournalRule(ExchangeResource, module="area1", name="JournalRule"):
    """A journal rule of Exchange Online."""

    provider_class = JournalRuleProvider

    def __init__(self, resource_name: str, args: JournalRuleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(resource_name, args, opts)
