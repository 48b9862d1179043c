"""What stands between engine and provider, without a tenant: entries of Pulumi's, unset values, refusals at preview."""

from typing import Any

import pytest
from pulumi.dynamic import Config, ConfigureRequest

from area1_provider import provider as module
from area1_provider.provider import ExchangeProvider
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider

SETTINGS = {
    "area1:tenant": "contoso.onmicrosoft.com",
    "area1:client_id": "653fb7cb-8a0b-540d-9666-d4fffdb7db94",
    "area1:client_secret": "not-used",
    "area1:exchange_url": "https://localhost:1",
    "area1:authority_host": "https://localhost:1",
}

GUID = "d0d71cb9-6105-410f-8193-3640e12852a5"
HIDDEN = "hidden_group_membership_enabled"


@pytest.fixture
def configured() -> Any:
    """Give a function that makes a provider which could sign in nowhere."""

    def make(kind: type[ExchangeProvider]) -> ExchangeProvider:
        made = kind()
        made.configure(ConfigureRequest(config=Config(raw_config=dict(SETTINGS), project_name="p")))
        return made

    return make


def test_entries_of_pulumis() -> None:
    """Pulumi's own entry and unset values are no properties."""
    assert module.own({"__provider": "x", "name": "n", "comment": None}) == {"name": "n"}


def test_check_needs_no_connection(configured: Any) -> None:
    """What can be told without the tenant is told without it; inputs come back without Pulumi's entry."""
    result = configured(OutboundConnectorProvider).check({}, {"name": "c", "comment": None, "__provider": "x"})

    assert result.failures == []
    assert result.inputs == {"name": "c"}


def test_a_misspelt_property(configured: Any) -> None:
    """A name that is no property is refused with those that are."""
    (failure,) = configured(OutboundConnectorProvider).check({}, {"name": "c", "smarthosts": []}).failures

    assert failure.property == "smarthosts"
    assert "smart_hosts" in failure.reason


@pytest.mark.parametrize(
    ("kind", "args", "replaced"),
    [
        (OutboundConnectorProvider, {"name": "x", "connector_type": "OnPremises", "enabled": False}, []),
        (JournalRuleProvider, {"name": "x", "journal_email_address": "k@k.example", "enabled": False}, []),
        (DistributionGroupProvider, {"name": "x", "type": "Security"}, ["type"]),
        (
            DistributionGroupProvider,
            {"name": "x", HIDDEN: False},
            [HIDDEN],
        ),
        (DistributionGroupProvider, {"name": "x", "members": ["b"]}, []),
    ],
)
def test_only_what_must_be_replaced_is(
    configured: Any, kind: type[ExchangeProvider], args: dict[str, Any], replaced: list[str]
) -> None:
    """Everything changes in place but a group's type, and hidden members that should be shown again."""
    state = {
        "name": "n",
        "connector_type": "Partner",
        "enabled": True,
        "journal_email_address": "j@j.example",
        "type": "Distribution",
        HIDDEN: True,
        "members": ["a"],
    }
    olds = {name: value for name, value in state.items() if name in kind.noun.properties}

    result = configured(kind).diff(GUID, olds, args)

    assert result.changes
    assert list(result.replaces) == replaced


def test_what_is_known_by_its_name_alone_is_not_renamed_in_place(configured: Any) -> None:
    """That a rule shows a GUID is unconfirmed: where its id is its name, a rename makes the new one, then drops the old."""
    olds = {"name": "Old", "journal_email_address": "j@j.example", "enabled": True}
    rules = configured(JournalRuleProvider)

    renamed = rules.diff("Old", olds, {**olds, "name": "New"})

    assert (list(renamed.replaces), renamed.delete_before_replace) == (["name"], False)
    assert list(rules.diff("Old", olds, {**olds, "enabled": False}).replaces) == []


def test_what_exchange_judges_together_is_sent_together(configured: Any) -> None:
    """Hosts go with the way of delivery, the certificate's name with the kind of check; else only what changed."""
    made = configured(OutboundConnectorProvider)
    desired = {"name": "c", "use_mx_record": False, "smart_hosts": ["a.example"], "comment": "x"}

    assert made.set_together(["smart_hosts"], desired) == {"UseMXRecord": False, "SmartHosts": ["a.example"]}
    assert made.set_together(["comment"], desired) == {"Comment": "x"}
