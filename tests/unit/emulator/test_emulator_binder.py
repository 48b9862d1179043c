"""How parameters are bound: names, sets, types, enumerators, lists, tables of changes, common parameters."""

from typing import Any

import pytest
from cmdlet_shell import Shell

from area1_provider.emulator.cmdlets.errors import (
    EmptyIdentity,
    ParameterSetUnresolved,
    UnknownParameter,
    ValueRefused,
)
from area1_provider.emulator.tables.rows import cmdlets

ONPREM = [(cmdlet.name, row.name) for cmdlet in cmdlets().values() for row in cmdlet.parameters.values() if row.onprem]
RESERVED = [
    (cmdlet.name, row.name) for cmdlet in cmdlets().values() for row in cmdlet.parameters.values() if row.reserved
]


def test_an_unknown_parameter_is_named(shell: Shell) -> None:
    """Every parameter that the cmdlet does not have is named in the documented text."""
    text = shell.refusal(UnknownParameter, "Get-OutboundConnector", BogusParameter=1)
    assert text == (
        "Parameter set cannot be resolved using the specified named parameters. "
        "Invalid cmdlet parameters specified. BogusParameter"
    )


def test_names_are_taken_in_any_case(shell: Shell) -> None:
    """Cmdlet and parameter names are case-insensitive, as in PowerShell."""
    shell("new-outboundconnector", NAME="x", usemxrecord=True)
    assert shell.one("GET-OUTBOUNDCONNECTOR", identity="X")["Name"] == "x"


def test_a_parameter_given_twice_is_refused(shell: Shell) -> None:
    """Two spellings of one parameter are one too many."""
    assert "Name" in shell.refusal(ParameterSetUnresolved, "New-OutboundConnector", Name="x", name="y")


def test_names_are_not_abbreviated(shell: Shell) -> None:
    """Only whole parameter names are taken: nothing says that the endpoint completes them."""
    shell.refusal(UnknownParameter, "Get-OutboundConnector", Ident="x")


@pytest.mark.parametrize(("cmdlet", "name"), ONPREM)
def test_on_premises_parameters_are_unknown_online(shell: Shell, cmdlet: str, name: str) -> None:
    """A parameter that exists on-premises only is refused as if it did not exist."""
    assert name in shell.refusal(UnknownParameter, cmdlet, **{name: True})


@pytest.mark.parametrize(("cmdlet", "name"), RESERVED)
def test_reserved_parameters_are_refused(shell: Shell, cmdlet: str, name: str) -> None:
    """A parameter that is reserved for Microsoft takes no value."""
    assert "reserved" in shell.refusal(ValueRefused, cmdlet, **{name: "x"})


@pytest.mark.parametrize("cmdlet", ["Set-JournalRule", "Set-DistributionGroup"])
def test_what_only_new_has_is_unknown_to_set(shell: Shell, cmdlet: str) -> None:
    """Enabled of a rule, Type of a group: immutable through Set-."""
    shell.refusal(UnknownParameter, cmdlet, Identity="x", Type="Security", Enabled=True)


@pytest.mark.parametrize(
    ("cmdlet", "missing"),
    [
        ("New-OutboundConnector", "Name"),
        ("Set-OutboundConnector", "Identity"),
        ("Validate-OutboundConnector", "Identity, Recipients"),
        ("New-JournalRule", "Name, JournalEmailAddress"),
        ("Get-DistributionGroupMember", "Identity"),
        ("New-MailContact", "Name, ExternalEmailAddress"),
    ],
)
def test_mandatory_parameters_are_named_when_missing(shell: Shell, cmdlet: str, missing: str) -> None:
    """A mandatory parameter left out is refused by name."""
    assert shell.refusal(ParameterSetUnresolved, cmdlet).endswith(f"Missing mandatory parameters: {missing}.")


def test_parameters_of_different_sets_exclude_each_other(shell: Shell) -> None:
    """Identity and Anr of Get-Recipient belong to no common set."""
    text = shell.refusal(ParameterSetUnresolved, "Get-Recipient", Identity="x", Anr="y")
    assert "Identity, Anr" in text


@pytest.mark.parametrize(
    ("parameters", "word"),
    [
        ({"Enabled": "true"}, "Boolean"),
        ({"Enabled": 2}, "Boolean"),
        ({"Enabled": None}, "null"),
        ({"Enabled": [True]}, "Boolean"),
        ({"Comment": 5}, "String"),
        ({"Comment": ["a"]}, "String"),
        ({"Comment": "half \ud83d"}, "surrogate"),
        ({"Name": ""}, "empty"),
        ({"Name": None}, "null"),
        ({"Name": "n" * 65}, "64"),
        ({"WhatIf": "true"}, "SwitchParameter"),
        ({"SmartHosts": ["a.example:587"]}, "smart host"),
        ({"SmartHosts": [None]}, "String"),
        ({"RecipientDomains": ["a.*.example"]}, "SMTP domain"),
        ({"TlsDomain": "mx.*.example"}, "SMTP domain"),
        ({"TlsSettings": "Nonsense"}, "EncryptionOnly, CertificateValidation, DomainValidation"),
        ({"SmartHosts": ["a.example", "A.example"]}, "already present in the collection"),
    ],
)
def test_values_of_the_wrong_type_are_refused(shell: Shell, parameters: dict[str, Any], word: str) -> None:
    """A value that the type does not take is refused; the parameter and the reason are in the text."""
    text = shell.refusal(ValueRefused, "New-OutboundConnector", **({"Name": "x"} | parameters))
    assert text.startswith(f"Cannot process argument transformation on parameter '{next(iter(parameters))}'. ")
    assert word in text


@pytest.mark.parametrize("value", [True, 1])
def test_booleans_are_json_booleans_or_one_and_zero(shell: Shell, value: object) -> None:
    """PowerShell's Boolean takes 1 and 0 as well; the object always has a boolean."""
    assert shell.connector(TestMode=value)["TestMode"] is True


@pytest.mark.parametrize(
    ("given", "meant"), [("Opportunistic", "Opportunistic"), ("opp", "Opportunistic"), ("M", "Mandatory")]
)
def test_enumerators_are_taken_by_prefix(shell: Shell, given: str, meant: str) -> None:
    """An unambiguous prefix in any case is the enumerator (graph2otel, live)."""
    assert shell.connector(SmtpDaneMode=given)["SmtpDaneMode"] == meant


def test_an_ambiguous_prefix_is_refused(shell: Shell) -> None:
    """A prefix of several enumerators is none."""
    assert "several" in shell.refusal(ValueRefused, "Get-Recipient", RecipientTypeDetails=["Mail"])


@pytest.mark.parametrize("value", ["", 0, False, ["Partner", "OnPremises"]])
def test_what_is_no_name_is_no_enumerator(shell: Shell, value: object) -> None:
    """Numbers, blanks and lists are no enumerators."""
    shell.refusal(ValueRefused, "New-OutboundConnector", Name="x", ConnectorType=value)


def test_common_parameters_are_taken_by_every_cmdlet(shell: Shell) -> None:
    """The module sends preferences as strings; they change nothing."""
    preferences = {"ErrorAction": "Stop", "WarningAction": "silentlycontinue", "Verbose": "True", "Debug": False}
    assert shell("Get-OutboundConnector", OutBuffer=1, **preferences) == []


def test_a_preference_has_its_enumerators(shell: Shell) -> None:
    """An ErrorAction that does not exist is refused."""
    assert "ErrorAction" in shell.refusal(ValueRefused, "Get-OutboundConnector", ErrorAction="Perhaps")


def test_confirm_and_whatif_exist_where_documented(shell: Shell) -> None:
    """Get- cmdlets have neither; the others have both, also by their aliases."""
    shell.refusal(UnknownParameter, "Get-OutboundConnector", Confirm=False)
    shell("New-OutboundConnector", Name="x", cf=False, wi=False)


def test_confirm_true_asks_and_does_nothing(shell: Shell) -> None:
    """The answer carries the question; the module then sends Confirm=false."""
    outcome = shell.outcome("New-OutboundConnector", Name="x", Confirm=True)
    assert outcome.confirmation is not None
    assert (list(outcome.objects), shell("Get-OutboundConnector")) == ([], [])


def test_whatif_checks_and_changes_nothing(shell: Shell) -> None:
    """WhatIf refuses what would be refused, and leaves no trace otherwise."""
    seen: list[object] = []
    shell.tenant.watchers.append(seen.append)
    assert shell("New-OutboundConnector", Name="x", WhatIf=True) == []
    assert (shell("Get-OutboundConnector"), seen) == ([], [])
    shell.refusal(ValueRefused, "New-OutboundConnector", Name="x", WhatIf=True, SmartHosts=["a b"])


def test_a_scalar_is_a_list_of_one(shell: Shell) -> None:
    """PowerShell wraps a single value for a list parameter."""
    assert shell.connector(SmartHosts="one.example")["SmartHosts"] == ["one.example"]


def test_an_array_replaces(shell: Shell) -> None:
    """A non-empty array takes the place of what is there."""
    shell.connector()
    shell("Set-OutboundConnector", Identity="Area 1", SmartHosts=["b.example", "c.example"])
    assert shell.one("Get-OutboundConnector")["SmartHosts"] == ["b.example", "c.example"]


def test_an_empty_array_does_not_clear(shell: Shell) -> None:
    """`[]` is as good as not given, and the service says that nothing changed."""
    shell.connector()
    (warning,) = shell.warnings("Set-OutboundConnector", Identity="Area 1", RecipientDomains=[])
    assert "no settings of 'Area 1' have been modified" in warning
    assert shell.one("Get-OutboundConnector")["RecipientDomains"] == ["archive.example"]


def test_the_bare_tagged_table_clears(shell: Shell, table: Any) -> None:
    """A tagged table without Add and Remove empties the list (CIPP)."""
    shell.connector()
    shell("Set-OutboundConnector", Identity="Area 1", RecipientDomains=table())
    assert shell.one("Get-OutboundConnector")["RecipientDomains"] == []


@pytest.mark.parametrize(("add", "remove"), [("Add", "Remove"), ("add", "remove"), ("ADD", "rEmOvE")])
def test_a_tagged_table_adds_and_removes(shell: Shell, table: Any, add: str, remove: str) -> None:
    """Keys are taken in any case; values may be single or arrays; their own tags are ignored."""
    shell.connector(SmartHosts=["a.example", "b.example"])
    change = table(**{add: "c.example", remove: ["A.EXAMPLE"], "Add@odata.type": "#Collection(String)"})
    shell("Set-OutboundConnector", Identity="Area 1", SmartHosts=change)
    assert shell.one("Get-OutboundConnector")["SmartHosts"] == ["b.example", "c.example"]


def test_adding_what_is_there_is_refused_and_removing_what_is_not_changes_nothing(shell: Shell, table: Any) -> None:
    """Neither is described in any source for these properties; the emulator's choice."""
    shell.connector()
    add = {"Identity": "Area 1", "SmartHosts": table(Add=["MX.example.net"])}
    assert "already present" in shell.refusal(ValueRefused, "Set-OutboundConnector", **add)
    assert shell.warnings("Set-OutboundConnector", Identity="Area 1", SmartHosts=table(Remove=["z.example"]))


@pytest.mark.parametrize(
    "value",
    [
        {"Add": ["a.example"]},
        {},
        {"@odata.type": "#Exchange.StringFieldDeltaUpdateData", "Add": ["a.example"]},
        {"@odata.type": "#Exchange.GenericHashTable", "Append": ["a.example"]},
        {"@odata.type": "#Exchange.GenericHashTable", "Add": [5]},
        None,
    ],
)
def test_untagged_and_strange_tables_are_refused(shell: Shell, value: object) -> None:
    """An object without the tag, with another tag or another key fails; so does null for a list."""
    shell.connector()
    shell.refusal(ValueRefused, "Set-OutboundConnector", Identity="Area 1", SmartHosts=value)


def test_tables_of_changes_are_for_set_only(shell: Shell, table: Any) -> None:
    """A new object has nothing to add to; an empty tagged table is an empty list, though."""
    shell.refusal(ValueRefused, "New-OutboundConnector", Name="x", RecipientDomains=table(Add=["a.example"]))
    assert shell.one("New-OutboundConnector", Name="x", RecipientDomains=table())["RecipientDomains"] == []


def test_a_table_is_no_scalar(shell: Shell, table: Any) -> None:
    """A parameter that takes one value takes no table."""
    shell.refusal(ValueRefused, "New-OutboundConnector", Name="x", Comment=table(Add="x"))


def test_type_keys_beside_parameters_are_tolerated(shell: Shell) -> None:
    """`Param@odata.type` says what follows; it is no parameter."""
    parameters: dict[str, Any] = {"RecipientDomains@odata.type": "#Collection(String)", "Name": "x"}
    assert shell.one("New-OutboundConnector", **parameters)["Name"] == "x"


def test_null_clears_where_documented(shell: Shell) -> None:
    """Null and a blank are "no TlsSettings"; null empties a text."""
    shell.connector(TlsSettings="DomainValidation", TlsDomain="*.example.net", Comment="old")
    shell("Set-OutboundConnector", Identity="Area 1", TlsSettings=None, TlsDomain=None, Comment=None)
    row = shell.one("Get-OutboundConnector")
    assert (row["TlsSettings"], row["TlsDomain"], row["Comment"]) == (None, None, "")
    assert shell.connector("other", TlsSettings="")["TlsSettings"] is None


def test_null_is_no_change_of_an_empty_text(shell: Shell) -> None:
    """Comment, attributes and notes are empty texts where nobody set them, and stay so."""
    shell.connector()
    shell.group(Notes=None)
    before = shell.one("Get-OutboundConnector"), shell.one("Get-DistributionGroup")
    assert "no settings" in shell.warnings("Set-OutboundConnector", Identity="Area 1", Comment=None)[0]
    nothing: dict[str, Any] = {"CustomAttribute1": None, "SimpleDisplayName": None, "MailTip": None}
    assert "no settings" in shell.warnings("Set-DistributionGroup", Identity="Finance", **nothing)[0]
    assert (shell.one("Get-OutboundConnector"), shell.one("Get-DistributionGroup")) == before
    assert before[1]["Notes"] == shell.connector("other", Comment=None)["Comment"] == ""


def test_a_new_object_takes_null_lists(shell: Shell) -> None:
    """There is nothing to empty: CIPP sends a Description that may be null."""
    assert shell.group(Description=None)["Description"] == []


def test_a_name_is_never_emptied(shell: Shell) -> None:
    """Names, aliases and display names are texts with something in them, at Set too."""
    shell.connector()
    shell.group()
    shell.refusal(ValueRefused, "Set-OutboundConnector", Identity="Area 1", Name=" ")
    for name in ("Name", "Alias", "DisplayName"):
        shell.refusal(ValueRefused, "Set-DistributionGroup", Identity="Finance", **{name: ""})


def test_an_empty_identity_is_named_by_its_type(shell: Shell) -> None:
    """The documented text for an empty member."""
    text = shell.refusal(EmptyIdentity, "Remove-DistributionGroupMember", Identity="x", Member="")
    kind = "Microsoft.Exchange.Configuration.Tasks.GeneralRecipientIdParameter"
    assert f"Parameter values of type {kind} can't be empty." in text


def test_a_null_identity_on_get_is_no_identity(shell: Shell) -> None:
    """The pages warn that a null Identity brings all objects."""
    shell.connector("a")
    shell.connector("b")
    assert len(shell("Get-OutboundConnector", Identity=None)) == 2


def test_long_lists_are_refused(shell: Shell) -> None:
    """Members takes 10,000 entries, an extension attribute 1,300."""
    shell.group()
    many = [f"u{number}@contoso.com" for number in range(10_001)]
    assert "10000" in shell.refusal(ValueRefused, "Update-DistributionGroupMember", Identity="Finance", Members=many)
    values = [str(number) for number in range(1_301)]
    change = {"Identity": "Finance", "ExtensionCustomAttribute1": values}
    assert "1300" in shell.refusal(ValueRefused, "Set-DistributionGroup", **change)
