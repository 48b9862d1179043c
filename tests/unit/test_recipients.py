"""How recipients are told apart by what Exchange shows of them."""

import pytest

from area1_provider import recipients

ADELE = {
    "Guid": "d2788ce0-6737-4445-b157-4ce59709de37",
    "Name": "Adele Vance",
    "Alias": "adelev",
    "PrimarySmtpAddress": "adelev@contoso.com",
    "EmailAddresses": ["SMTP:adelev@contoso.com", "smtp:av@contoso.com", "x500:/o=x"],
}
NAMELESS = {"Guid": "7211e0b0-b665-4fe3-b9dd-595c830237b6", "Name": "Somebody", "PrimarySmtpAddress": ""}


@pytest.mark.parametrize(
    "text",
    ["ADELEV", "adelev@Contoso.com", "av@contoso.com", "adele vance", "D2788CE0-6737-4445-B157-4CE59709DE37"],
)
def test_a_member_keeps_the_programs_spelling(text: str) -> None:
    """GUID, alias, name and every address name the same recipient, without case."""
    assert recipients.spelled([ADELE], [text]) == [text]


def test_a_member_that_the_program_names_twice() -> None:
    """Both texts come out, so that neither shows as drift."""
    assert recipients.spelled([ADELE], ["av@contoso.com", "AdeleV"]) == ["AdeleV", "av@contoso.com"]


def test_a_member_that_the_program_does_not_name() -> None:
    """A stranger is shown by address."""
    assert recipients.spelled([ADELE], ["somebody"]) == ["adelev@contoso.com"]


def test_a_member_without_an_address() -> None:
    """A recipient without an address is shown by name, never as an empty text (Microsoft365DSC issue 6426)."""
    assert recipients.spelled([NAMELESS], []) == ["Somebody"]
    assert recipients.shown({"Guid": "g"}) == "g"


def test_nobody_is_left_out() -> None:
    """As many members come out as went in, also where nothing is shown of one."""
    assert len(recipients.spelled([ADELE, NAMELESS, {"Guid": "g"}], ["adelev"])) == 3
