"""Known clients' own requests, as their sources show them: each is served as it comes."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from plain_client import Plain

TABLE = "#Exchange.GenericHashTable"
SESSION, CALL = "8e2d9e55-6a7b-4bb5-b8e5-1f0f3c6b0b6d", "8e2d9e55-6a7b-4bb5-b8e5-1f0f3c6b0b6e"


def post(plain: Plain, content: Any, query: str = "", **headers: str) -> requests.Response:
    """Send a body as it is."""
    return plain.http.post(f"{plain.url}{query}", json=content, headers=plain.headers(**headers))


def hosts(plain: Plain, name: str = "Partner") -> list[str]:
    """The smart hosts that the connector has now."""
    value = plain.invoke("Get-OutboundConnector", {"Identity": name}).json()["value"]
    return list(value[0]["SmartHosts"])


@pytest.fixture
def connector(plain: Plain) -> Plain:
    """Give a client of a tenant that has one connector, Partner, with two smart hosts."""
    parameters = {"Name": "Partner", "UseMXRecord": False, "SmartHosts": ["a.example", "b.example"]}
    assert plain.invoke("New-OutboundConnector", parameters).status_code == 200
    return plain


def test_cipps_single_call(connector: Plain) -> None:
    """Four headers are enough, and `$select` may stand beside a page size (New-ExoRequest)."""
    headers = {"Content_Type": "application/json; charset=utf-8", "Prefer": "odata.maxpagesize=1000"}
    body = {"CmdletInput": {"CmdletName": "Get-OutboundConnector", "Parameters": {}}}
    answer = post(connector, body, "?$select=Name,Guid", **headers)
    (found,) = answer.json()["value"]
    assert list(found) == ["Name", "Guid@data.type", "Guid@odata.type", "Guid"]


def test_mondoos_body_without_parameters(plain: Plain) -> None:
    """Mondoo leaves the key out."""
    assert post(plain, {"CmdletInput": {"CmdletName": "Get-TransportConfig"}}).status_code == 200


def test_parameters_are_no_null(plain: Plain) -> None:
    """`null` instead of an object is refused: every source that speaks of it says `{}`."""
    answer = post(plain, {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": None}})
    assert answer.status_code == 400


def module_headers(plain: Plain) -> dict[str, str]:
    """The module's own headers, but for the format that is not offered."""
    return {
        **plain.headers(),
        "X-AnchorMailbox": "UPN:OAuthUser@contoso.onmicrosoft.com",
        "X-CmdletName": "Get-TransportConfig",
        "X-SerializationLevel": "Partial",
        "X-ClientApplication": "ExoManagementModule",
        "X-ClientModuleVersion": "3.7.1",
        "connection-id": SESSION,
        "client-request-id": CALL,
        "parameter-based-routing": "true",
        "WarningAction": "Continue",
        "Accept-Language": "en-US",
        "Accept-Encoding": "gzip",
        "Content-Type": "application/json;charset=UTF-8",
        "Prefer": "odata.maxpagesize=1000",
    }


@pytest.mark.parametrize("level", ["Partial", "Full"])
def test_the_modules_headers(plain: Plain, level: str) -> None:
    """The headers that the module and monkey365 send change nothing in the JSON."""
    body = {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": {"ErrorAction": "Stop"}}}
    headers = {**module_headers(plain), "X-SerializationLevel": level}
    answer = plain.http.post(plain.url, json=body, headers=headers)
    assert answer.headers["client-request-id"] == CALL
    assert answer.json()["value"] == plain.invoke("Get-TransportConfig").json()["value"]


def test_the_modules_connect(plain: Plain) -> None:
    """Banner, then the list of cmdlets, each with the module's version in the query; HEAD is as good as GET."""
    base = f"{plain.server.exchange_url}/AdminApi/{{}}/{plain.account.tenant_id}/{{}}?Version=3.7.1"
    banner = plain.http.get(base.format("beta", "EXOBanner('AutogenSession')"), headers=plain.headers())
    assert (banner.status_code, banner.json()["value"]) == (200, [])
    place = base.format("v1.0", "EXOModuleFile")
    offered = plain.http.get(place, headers=plain.headers(CommandName="*")).json()["value"][0]["exportedCmdlets"]
    assert "New-JournalRule" in offered.split(",")
    head = plain.http.head(place, headers=plain.headers(CommandName="*"))
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) > len(offered)


def test_the_preflight_takes_patterns(plain: Plain) -> None:
    """CommandName may hold several names and wildcards, without case."""
    url = f"{plain.server.exchange_url}/adminapi/v1.0/{plain.account.tenant_id}/EXOModuleFile"
    answer = plain.http.get(url, headers=plain.headers(CommandName="get-*connector, New-JournalRule"))
    assert answer.json()["value"] == [{"exportedCmdlets": "Get-OutboundConnector,New-JournalRule"}]


@pytest.mark.parametrize("keys", [("Add", "Remove"), ("add", "remove"), ("ADD", "REMOVE")])
def test_go_exosccs_tables(connector: Plain, keys: tuple[str, str]) -> None:
    """A tagged table adds and removes in one call, its keys in any case."""
    table = {"@odata.type": TABLE, keys[0]: ["c.example"], keys[1]: ["a.example"]}
    assert connector.invoke("Set-OutboundConnector", {"Identity": "Partner", "SmartHosts": table}).status_code == 200
    assert hosts(connector) == ["b.example", "c.example"]


def test_a_bare_tagged_table_empties(plain: Plain) -> None:
    """What CIPP sends for an empty list clears it; an empty array changes nothing and warns."""
    parameters = {"Name": "Partner", "RecipientDomains": ["partner.example"]}
    plain.invoke("New-OutboundConnector", parameters)
    empty = plain.invoke("Set-OutboundConnector", {"Identity": "Partner", "RecipientDomains": []})
    assert "no settings of" in empty.json()["@adminapi.warnings"][0]
    bare = {"Identity": "Partner", "RecipientDomains": {"@odata.type": TABLE}}
    assert plain.invoke("Set-OutboundConnector", bare).json()["@adminapi.warnings"] == []
    (found,) = plain.invoke("Get-OutboundConnector", {"Identity": "Partner"}).json()["value"]
    assert found["RecipientDomains"] == []


@pytest.mark.parametrize("tag", [None, "#Exchange.StringFieldDeltaUpdateData"])
def test_tables_without_the_right_tag_fail(connector: Plain, tag: str | None) -> None:
    """An untagged table, and the tag that go-exoscc gave up, cannot be bound."""
    table = {"Add": ["c.example"]} | ({"@odata.type": tag} if tag else {})
    answer = connector.invoke("Set-OutboundConnector", {"Identity": "Partner", "SmartHosts": table})
    assert answer.status_code == 400
    assert answer.headers["x-ExceptionType"].endswith("ParameterTransformationException")
    assert hosts(connector) == ["a.example", "b.example"]


def test_lists_may_carry_their_type_beside_them(connector: Plain) -> None:
    """A sibling key with the type of a list is no parameter."""
    parameters = {"Identity": "Partner", "SmartHosts@odata.type": "#Collection(String)", "SmartHosts": ["z.example"]}
    assert connector.invoke("Set-OutboundConnector", parameters).status_code == 200
    assert hosts(connector) == ["z.example"]


def test_dates_have_seven_digits(connector: Plain) -> None:
    """A date goes in as the module writes it, and comes out as captured: no zone for the validation's."""
    sent = {"IsValidated": True, "LastValidationTimestamp": "2026-07-24T18:59:12.1234567Z"}
    assert connector.invoke("Set-OutboundConnector", {"Identity": "Partner", **sent}).status_code == 200
    (found,) = connector.invoke("Get-OutboundConnector").json()["value"]
    assert found["LastValidationTimestamp"] == "2026-07-24T18:59:12.1234567"
    assert found["WhenCreatedUTC"].endswith(".0000000Z")


@pytest.mark.parametrize(
    "prefer",
    [
        "odata.maxpagesize=2",
        "odata.maxpagesize=2;odata.continue-on-error",
        'odata.continue-on-error, odata.maxpagesize="2"',
        "return=minimal,ODATA.MaxPageSize=2,respond-async",
    ],
)
def test_several_preferences(plain: Plain, prefer: str) -> None:
    """The page size is found among other preferences, parted by comma or semicolon."""
    answer = plain.invoke("Get-Mailbox", {"ResultSize": "Unlimited"}, Prefer=prefer)
    assert len(answer.json()["value"]) == 2
    assert "$skiptoken" in answer.json()["@odata.nextLink"]


def test_cipps_batch_to_its_last_page(plain: Plain) -> None:
    """CIPP's headers as they are: no content type, a Boolean. A nextLink is the url of a later batch's request."""
    names: list[str] = []
    url = plain.url
    while url:
        one = {
            "id": "0",
            "method": "POST",
            "url": url,
            "body": {"CmdletInput": {"CmdletName": "Get-Recipient", "Parameters": {"ResultSize": "Unlimited"}}},
            "headers": {
                **plain.headers(),
                "X-CmdletName": "Get-Recipient",
                "Accept": "application/json; odata.metadata=minimal",
                "Accept-Encoding": "gzip",
                "Prefer": "odata.maxpagesize = 3;odata.continue-on-error",
                "parameter-based-routing": True,
            },
        }
        outer = plain.headers(
            Accept="application/json; odata.metadata=minimal",
            Prefer="odata.continue-on-error",
            parameter_based_routing="true",
        )
        batch = plain.http.post(plain.url.replace("InvokeCommand", "$batch"), json={"requests": [one]}, headers=outer)
        body = batch.json()["responses"][0]["body"]
        names += [found["Name"] for found in body["value"]]
        url = body.get("@odata.nextLink", "")
    everybody = plain.invoke("Get-Recipient", {"ResultSize": "Unlimited"}).json()["value"]
    assert names == [found["Name"] for found in everybody]
    assert len(names) > 3


def test_a_batch_says_no_by_ids(plain: Plain) -> None:
    """Errors stand in `error.details` with an empty target, success without output is an empty value (CIPP)."""
    url = urlsplit(plain.url).path
    cmdlets = [
        ("Set-TransportConfig", {"JournalingReportNdrTo": "ndr@archive.example"}),
        ("Remove-OutboundConnector", {"Identity": "nobody"}),
    ]
    requests_ = [
        {"id": str(number), "method": "POST", "url": url, "body": {"CmdletInput": {"CmdletName": c, "Parameters": p}}}
        for number, (c, p) in enumerate(cmdlets)
    ]
    for one in requests_:
        one["headers"] = {"Content-Type": "application/json"}
    headers = plain.headers(Prefer="odata.continue-on-error")
    answer = plain.http.post(
        plain.url.replace("InvokeCommand", "%24batch"), json={"requests": requests_}, headers=headers
    )
    good, bad = answer.json()["responses"]
    assert (good["status"], good["body"]["value"]) == (200, [])
    (detail,) = bad["body"]["error"]["details"]
    assert (bad["status"], detail["target"], detail["message"].split("|")[0]) == (404, "", "Ex6F9304")


@pytest.mark.parametrize(
    ("accepted", "claims"),
    [("gzip", True), ("gzip, deflate;q=0.5", True), ("*", True), ("identity", False), ("gzip;q=0, br", False)],
)
def test_the_denial_claims_gzip_to_those_who_take_it(plain: Plain, accepted: str, claims: bool) -> None:
    """Who asks for the plain body gets the NUL bytes without the claim, as azure-auth's way round it needs."""
    body = {"CmdletInput": {"CmdletName": "Get-Nonsense", "Parameters": {}}}
    with plain.http.post(plain.url, json=body, headers=plain.headers(Accept_Encoding=accepted), stream=True) as answer:
        assert answer.status_code == 403
        assert ("Content-Encoding" in answer.headers) is claims
        assert set(answer.raw.read(decode_content=False)) == {0}


def test_names_come_back_as_utf8(plain: Plain) -> None:
    """Letters beyond ASCII are sent as they are, or escaped; both are the same name."""
    name = "Журнал Zürich 日本 🗄"
    body = {"CmdletInput": {"CmdletName": "New-OutboundConnector", "Parameters": {"Name": name}}}
    for ascii_only in (False, True):
        sent = json.dumps(body, ensure_ascii=ascii_only).encode()
        headers = plain.headers(Content_Type="application/json; charset=utf-8")
        answer = plain.http.post(plain.url, data=sent, headers=headers)
        assert answer.status_code == 200
        assert name.encode() in answer.content
        assert "charset=utf-8" in answer.headers["Content-Type"]
        assert plain.invoke("Remove-OutboundConnector", {"Identity": name, "Confirm": False}).status_code == 200


@pytest.mark.parametrize("path", ["adminapi", "AdminApi", "ADMINAPI"])
@pytest.mark.parametrize("tenant", ["contoso.onmicrosoft.com", "CONTOSO.com"])
def test_paths_as_people_write_them(plain: Plain, path: str, tenant: str) -> None:
    """The path in any case, the tenant by any of its verified domains."""
    url = f"{plain.server.exchange_url}/{path}/Beta/{tenant}/invokeCommand"
    body = {"CmdletInput": {"CmdletName": "get-transportconfig", "Parameters": {}}}
    assert plain.http.post(url, json=body, headers=plain.headers()).status_code == 200


def test_result_size(plain: Plain) -> None:
    """A number cuts and warns, "Unlimited" does not; both as number and as text."""
    for size in (1, "1"):
        answer = plain.invoke("Get-Mailbox", {"ResultSize": size}).json()
        assert (len(answer["value"]), len(answer["@adminapi.warnings"])) == (1, 1)
    assert plain.invoke("Get-Mailbox", {"ResultSize": "Unlimited"}).json()["@adminapi.warnings"] == []
