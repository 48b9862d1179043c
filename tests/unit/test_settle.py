"""From what Exchange says to what the state holds: spelling kept, drift shown, identity never guessed."""

from collections.abc import Collection
from typing import Any

import pytest

from area1_provider import errors, settle
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.schema import MANAGED, UNKNOWN
from area1_provider.settle import RESOLVED

CONNECTOR, GROUP, RULE = OutboundConnectorProvider.noun, DistributionGroupProvider.noun, JournalRuleProvider.noun
GUID = "d0d71cb9-6105-410f-8193-3640e12852a5"
WHO = {"adelev": "1", "adelev@contoso.com": "1", "adele vance": "1", "alexw": "2", "guid-2": "2"}


class Directory:
    """A look-up that counts what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Collection[str]) -> frozenset[str]:
        """Give the GUIDs of these texts."""
        self.asked += sorted(texts)
        return frozenset(WHO.get(text.casefold(), text) for text in texts)


def test_the_programs_spelling_stays() -> None:
    """What means the same keeps the program's spelling; what moved is Exchange's; what is unmanaged only shows."""
    known = {"name": "c", "smart_hosts": ["B.example", "a.example"], "tls_settings": ""}
    seen = {"Name": "moved", "SmartHosts": ["a.example", "b.example"], "TlsSettings": None, "Comment": None}

    values = settle.settled(CONNECTOR, known, seen, Directory())

    assert values == {
        "name": "moved",
        "smart_hosts": ["B.example", "a.example"],
        "tls_settings": "",
        "comment": "",
        RESOLVED: {},
        MANAGED: ["name", "smart_hosts", "tls_settings"],
    }


def test_what_exchange_does_not_show_stays() -> None:
    """A managed property that the object lacks stays as known."""
    assert settle.settled(CONNECTOR, {"name": "c", "comment": "x"}, {"Name": "c"}, Directory())["comment"] == "x"


def test_what_was_written_is_not_looked_up() -> None:
    """The answer to what was just written is Exchange's form of it: kept beside it, and nobody is asked."""
    directory = Directory()
    known = {"managed_by": ["adelev"]}

    values = settle.settled(GROUP, known, {"ManagedBy": ["Adele Vance"]}, directory, written=("managed_by",))

    assert values["managed_by"] == ["adelev"]
    assert values[RESOLVED] == {"managed_by": ["Adele Vance"]}
    assert directory.asked == []


def test_what_was_resolved_is_not_looked_up_again() -> None:
    """As long as Exchange says what it said, nobody is asked."""
    directory = Directory()
    known = {"managed_by": ["adelev"], RESOLVED: {"managed_by": ["Adele Vance"]}}

    assert settle.settled(GROUP, known, {"ManagedBy": ["ADELE VANCE"]}, directory)["managed_by"] == ["adelev"]
    assert directory.asked == []


def test_other_spellings_are_looked_up() -> None:
    """Another text for the same recipient is no drift; another recipient is."""
    directory = Directory()

    same = settle.settled(GROUP, {"managed_by": ["adelev"]}, {"ManagedBy": ["adelev@contoso.com"]}, directory)
    other = settle.settled(GROUP, {"managed_by": ["adelev"]}, {"ManagedBy": ["guid-2"]}, directory)

    assert same["managed_by"] == ["adelev"]
    assert other["managed_by"] == ["guid-2"]


def test_only_what_differs_is_looked_up() -> None:
    """Of long lists only the texts that differ are asked about."""
    directory = Directory()
    many = [f"member{number}" for number in range(500)]

    settle.settled(GROUP, {"managed_by": [*many, "adelev"]}, {"ManagedBy": [*many, "adele vance"]}, directory)

    assert sorted(directory.asked) == ["adele vance", "adelev"]


def test_everyone_is_not_somebody() -> None:
    """A rule whose recipient was taken away journals everyone: that is drift, and needs no look-up."""
    directory = Directory()

    values = settle.settled(RULE, {"recipient": "adelev@contoso.com"}, {"Recipient": None}, directory)

    assert values["recipient"] == ""
    assert directory.asked == []


def test_a_change_that_shows() -> None:
    """A read after a write is believed when it has the change; an older copy is not."""
    known, state = {"comment": "new"}, {"comment": "old"}

    assert settle.shows(CONNECTOR, {"Comment": "new"}, known, state, ["comment"], Directory())
    assert not settle.shows(CONNECTOR, {"Comment": "old"}, known, state, ["comment"], Directory())
    assert settle.shows(CONNECTOR, {}, known, state, ["comment"], Directory())


@pytest.mark.parametrize("member", ["Guid", "ExchangeObjectId", "ExternalDirectoryObjectId", "Identity", "Name"])
def test_the_one_object(member: str) -> None:
    """The object asked for is found by any of its names, without case, among whatever came back."""
    objects = [{"Guid": "other", "Name": "other"}, {"Guid": GUID, member: "What I Asked"}]

    assert settle.one_of("Get-Thing", objects, "what i asked") is objects[1]


def test_a_list_of_others() -> None:
    """Objects that were not asked for are none: the page warns that an unknown identity may list all."""
    with pytest.raises(errors.NotFound):
        settle.one_of("Get-Thing", [{"Guid": "1", "Name": "a"}, {"Guid": "2", "Name": "b"}], GUID)
    with pytest.raises(errors.NotFound):
        settle.one_of("Get-Thing", [], GUID)


def test_two_of_that_name() -> None:
    """Two objects of one name are never taken for one."""
    with pytest.raises(errors.Ambiguous, match="2 objects"):
        settle.one_of("Get-Thing", [{"Guid": "1", "Name": "a"}, {"Guid": "2", "Name": "A"}], "a")


@pytest.mark.parametrize("an_object", [{}, {"Enabled": True}, {"Guid": None, "Name": ""}])
def test_an_object_without_identity(an_object: dict[str, Any]) -> None:
    """An object that cannot be told from another is a bad answer, not a vanished one."""
    with pytest.raises(errors.BadAnswer):
        settle.one_of("Get-Thing", [an_object], GUID)


@pytest.mark.parametrize("member", ["Guid", "ExchangeObjectId", "Identity"])
def test_the_id_of_a_new_object(member: str) -> None:
    """The Guid is the id; where none is shown its stand-ins are."""
    assert settle.guid_of({member: GUID, "Name": "n"}) == GUID


def test_no_id() -> None:
    """A new object that shows no identity is a bad answer."""
    with pytest.raises(errors.BadAnswer):
        settle.guid_of({"Name": "n"})


def test_a_state_that_we_left() -> None:
    """What an operation leaves, unset and unknown values too, is taken as it is."""
    known = {"name": "g", "members": ["adelev"], "managed_by": UNKNOWN, "mail_tip": None, "member_mode": "exact"}
    for state in (settle.settled(GROUP, known, {"Members": ["1"]}, Directory()), known, {}):
        assert settle.left_by_us(GROUP, state) is state


def test_a_state_that_nobody_of_us_left() -> None:
    """Every value of another type is named at once, and the way out."""
    odd = {
        "name": ["g"],
        "members": "adelev",
        "managed_by": [7.0],
        "hidden_from_address_lists_enabled": [],
        MANAGED: "name",
        RESOLVED: {"members": {}, "no property": 7},
    }

    with pytest.raises(errors.Refused) as caught:
        settle.left_by_us(GROUP, odd)

    said = str(caught.value)
    for place in (
        "  name: not a single text",
        "  members: no list of texts",
        "  managed_by: no list of texts",
        "  hidden_from_address_lists_enabled: not a single value",
        "  managed: no list of names",
        "  resolved.members: no list of texts",
    ):
        assert f"{place}\n" in said
    assert "area1 import DistributionGroup" in said
    with pytest.raises(errors.Refused, match="resolved: no table"):
        settle.left_by_us(GROUP, {RESOLVED: 7})
