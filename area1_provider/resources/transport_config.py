"""TransportConfig: the tenant's journaling settings, above all where undeliverable journal reports go (guide, 2.2).

Cmdlets: Get-, Set-TransportConfig. There is one in each tenant, with neither New- nor Remove-: create takes it as it
is and sets what is managed, delete leaves it as it is.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import pulumi
from pulumi import Input

from area1_provider import connection, errors, forms, settle
from area1_provider.provider import ExchangeProvider
from area1_provider.resource import ExchangeResource
from area1_provider.schema import MANAGED, Noun, Properties, Wire
from area1_provider.steps import Problems

if TYPE_CHECKING:
    from area1_provider.client import Exchange


@dataclass(frozen=True, kw_only=True)
class TransportConfigArgs:
    """What the tenant's journaling settings should be. Unset is unmanaged."""

    undeliverable_address: Annotated[Input[str] | None, Wire("JournalingReportNdrTo", form=forms.UNDELIVERABLE)] = None
    """Where undeliverable journal reports of all rules go. Its mailbox is not journaled itself and answers no more, so a
    dedicated one. Cannot be cleared once it is set."""
    journal_message_expiration_days: Annotated[
        Input[int] | None, Wire("JournalMessageExpirationDays", minimum=0, maximum=7)
    ] = None
    """Days for which delivery of a journal report is tried, 0 to 7."""
    prevent_duplicate_journaling_enabled: Annotated[Input[bool] | None, Wire("PreventDuplicateJournalingEnabled")] = (
        None
    )
    """One report where several rules would give several."""
    voicemail_journaling_enabled: Annotated[Input[bool] | None, Wire("VoicemailJournalingEnabled")] = None
    """Accepted online, has effect on premises only."""
    replace_undeliverable_address: bool | None = None
    """Overwrite an address that somebody else has set."""
    require_undeliverable_address: bool | None = None
    """Refuse where the tenant has no address and none is given: Exchange takes no journal rule there."""


SETTINGS = ("replace_undeliverable_address", "require_undeliverable_address")


class TransportConfigProvider(ExchangeProvider):
    """Lifecycle of the one TransportConfig of a tenant."""

    noun = Noun("TransportConfig", TransportConfigArgs, settings=SETTINGS)

    def rules(self, desired: Properties) -> Problems:
        """Exchange refuses an empty address (Microsoft365DSC pull request 5851)."""
        if desired.get("undeliverable_address") == "":
            yield (
                "undeliverable_address",
                "cannot be cleared: Exchange refuses it once an address is set. Leave the property out to keep what is set",
            )

    def make(self, exchange: "Exchange", desired: Properties) -> Mapping[str, Any]:
        """Take the config as it is, bring it to what is desired, and give it."""
        before = self.observe(exchange, "", desired, ())
        self._check_ours(before, desired)
        self._check_there(before, desired)
        with self.doubting(exchange, settle.guid_of(before), connection.stamp(exchange)):  # another entry may have it
            return self._brought_to(exchange, before, desired)

    def _brought_to(self, exchange: "Exchange", before: Mapping[str, Any], desired: Properties) -> Mapping[str, Any]:
        state = {**self.noun.observed(before)}
        names = [
            n
            for n, value in self.noun.managed(desired).items()
            if not self.noun.properties[n].same(state.get(n), value)
        ]
        if not names:
            return before
        self.apply(exchange, "", names, desired, state)
        return self.reread(exchange, "", desired, state, names)[0]

    def brought(self, exchange: "Exchange", id_: str, state: Properties, desired: Properties) -> dict[str, Any]:
        """Look first, as at create, where the address becomes managed: it may be somebody else's."""
        if "undeliverable_address" in set(self.noun.managed(desired)) - set(self.noun.managed(state)):
            self._check_ours(self.observe(exchange, id_, desired, ()), desired)
        return super().brought(exchange, id_, state, desired)

    def untrusted(self, state: Properties) -> dict[str, Any]:
        """An address that was managed goes on being so: no other one is asked about."""
        return {**state, MANAGED: [name for name in state.get(MANAGED) or () if name == "undeliverable_address"]}

    def _check_ours(self, before: Mapping[str, Any], desired: Properties) -> None:
        """Refuse to overwrite an address that somebody else has set, unless told to."""
        address = self.noun.properties["undeliverable_address"]
        wanted, there = desired.get("undeliverable_address"), address.observed(before.get("JournalingReportNdrTo"))
        if wanted is None or there == "" or address.same(wanted, there) or desired.get("replace_undeliverable_address"):
            return
        raise errors.Refused(
            f"The tenant sends undeliverable journal reports to {there!r} already, for all journal rules of all vendors; "
            f"it was not changed to {wanted!r}. Leave undeliverable_address out to keep it, write {there!r}, or set "
            "replace_undeliverable_address=True to overwrite it."
        )

    def _check_there(self, before: Mapping[str, Any], desired: Properties) -> None:
        """Refuse where a journal rule could not be made for want of an address."""
        there = self.noun.properties["undeliverable_address"].observed(before.get("JournalingReportNdrTo"))
        if there or desired.get("undeliverable_address") or not desired.get("require_undeliverable_address"):
            return
        raise errors.Refused(
            "The tenant has no address for undeliverable journal reports, and Exchange takes no journal rule without one. "
            "Set undeliverable_address (stack config: area1:undeliverable_address) to a dedicated mailbox."
        )

    def observe(self, exchange: "Exchange", id_: str, known: Properties, names: Collection[str]) -> Mapping[str, Any]:
        """Get the one config; it has no identity to ask for."""
        objects = exchange.invoke("Get-TransportConfig").objects
        if len(objects) != 1:
            raise errors.BadAnswer(f"Get-TransportConfig: {len(objects)} objects came back instead of one", sent=False)
        return objects[0]

    def set_parameters(self, exchange: "Exchange", id_: str, parameters: Mapping[str, Any]) -> None:
        """Set; `Identity` is for on-premises only."""
        if parameters:
            exchange.invoke("Set-TransportConfig", parameters)

    def remove(self, exchange: "Exchange", id_: str, state: Properties) -> None:
        """Leave everything in place: Exchange refuses to clear the address, and other rules may need it."""
        exchange.tell(
            f"TransportConfig: left as it is (undeliverable journal reports still go to "
            f"{state.get('undeliverable_address') or 'the address that is set'}); Exchange does not let it be cleared"
        )


class TransportConfig(ExchangeResource, module="area1", name="TransportConfig"):
    """The journaling settings of a tenant; one resource a tenant."""

    provider_class = TransportConfigProvider

    def __init__(
        self, resource_name: str, args: TransportConfigArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(resource_name, args, opts)
