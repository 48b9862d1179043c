"""What becomes of an old half, by the rest of the state alone."""

from typing import Any

import pytest

from area1_provider.old_halves import DELETE, DROP, KEEP, fate
from area1_provider.schema import OURS

GROUP, RULE = f"{OURS}DistributionGroup", f"{OURS}JournalRule"
SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
HALF: dict[str, Any] = {
    "urn": "urn:pulumi:s::p::group::g",
    "type": GROUP,
    "id": "6FEE",
    "delete": True,
    "outputs": {
        "primary_smtp_address": "Staff@contoso.com",
        "alias": "Staff",
        "email_addresses": ["smtp:Second@contoso.com"],
    },
}
SUCCESSOR = {"urn": HALF["urn"], "type": GROUP, "id": "1822", "outputs": {"primary_smtp_address": "others@contoso.com"}}


def rule(recipient: Any, kind: str = RULE) -> dict[str, Any]:
    """Give a resource with one output."""
    return {"urn": "urn:pulumi:s::p::rule::r", "type": kind, "id": "9999", "outputs": {"recipient": recipient}}


@pytest.mark.parametrize(
    ("live", "found"),
    [
        ([], DELETE),
        ([rule("others@contoso.com")], DELETE),
        ([rule("STAFF@contoso.com")], KEEP),
        ([rule(["others", "staff"])], KEEP),
        ([rule("6fee")], KEEP),
        ([rule("second@contoso.com")], KEEP),
        ([rule({"recipient": ["6fee"]})], KEEP),
        ([rule(SECRET)], KEEP),
        ([rule(SECRET, "aws:s3/bucket:Bucket")], DELETE),
        ([{**SUCCESSOR, "id": "6fee"}], DROP),
        ([{**rule(""), "id": "6fee"}], DELETE),
    ],
)
def test_by_what_stays(live: list[dict[str, Any]], found: str) -> None:
    """What is named, or may be, is kept; what another resource of the type has is its."""
    assert fate(HALF, [SUCCESSOR, *live])[0] == found


def test_retained() -> None:
    """What the program retains is never removed."""
    assert fate({**HALF, "retainOnDelete": True}, [SUCCESSOR])[0] == DROP


@pytest.mark.parametrize(("named", "found"), [("staff@contoso.com", DELETE), ("Staff", KEEP), ("6fee", KEEP)])
def test_what_its_successor_is_to_have(named: str, found: str) -> None:
    """An address that goes to the successor keeps nothing back."""
    assert fate(HALF, [SUCCESSOR, rule(named)], ["staff@contoso.com"])[0] == found


def test_without_an_id() -> None:
    """An entry without an id is named by nothing."""
    half = {**HALF, "id": None, "outputs": {}}

    assert fate(half, [SUCCESSOR, rule("")])[0] == DELETE
