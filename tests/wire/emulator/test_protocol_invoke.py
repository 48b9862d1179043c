"""InvokeCommand as the service's front answers it: envelope, headers, refusals before a cmdlet runs."""

import json
from typing import Any

import pytest
import requests
from plain_client import ANCHOR, Plain
from urllib3.exceptions import DecodeError

GROUP = {"Name": "Büro ✓", "Alias": "buero", "Type": "Distribution"}


def error(answer: requests.Response) -> dict[str, Any]:
    """Give the error of a refusal in the common envelope."""
    return dict(answer.json()["error"])


def test_answers_in_the_envelope(plain: Plain) -> None:
    """A result carries context, an empty list of warnings and the objects."""
    answer = plain.invoke("Get-AcceptedDomain")
    body = answer.json()
    assert answer.status_code == 200
    assert list(body)[:3] == ["@odata.context", "adminapi.warnings@odata.type", "@adminapi.warnings"]
    assert body["@odata.context"].startswith(
        f"{plain.server.exchange_url}/adminapi/beta/{plain.account.tenant_id}/$meta"
    )
    assert body["@adminapi.warnings"] == []
    assert "contoso.onmicrosoft.com" in {domain["Name"] for domain in body["value"]}


def test_puts_side_keys_before_the_property(plain: Plain) -> None:
    """CLR and OData type stand right before the property that they describe."""
    keys = list(plain.invoke("Get-AcceptedDomain").json()["value"][0])
    at = keys.index("Guid")
    assert keys[at - 2 : at] == ["Guid@data.type", "Guid@odata.type"]


def test_a_mailbox_reads_as_captured(plain: Plain) -> None:
    """Each property of the published fragment is there, its side keys before it, its value of the captured kind."""
    (found,) = plain.invoke("Get-Mailbox", {"Identity": "adelev"}).json()["value"]
    kinds = {
        "WhenCreatedUTC": (["WhenCreatedUTC@data.type"], "System.DateTime", str),
        "WhenCreated": (["WhenCreated@data.type"], "System.DateTime", str),
        "Guid": (["Guid@data.type", "Guid@odata.type"], "System.Guid", str),
        "EmailAddresses": (["EmailAddresses@odata.type"], "#Collection(String)", list),
        "RecipientSoftDeletedStatus": (["RecipientSoftDeletedStatus@data.type"], "System.Int32", int),
    }
    keys = list(found)
    for name, (side, first, kind) in kinds.items():
        at = keys.index(name)
        assert keys[at - len(side) : at] == side
        assert found[side[0]] == first
        assert type(found[name]) is kind
    assert found["RecipientSoftDeletedStatus"] == 0


def test_selects_properties(plain: Plain) -> None:
    """$select narrows each object, without case."""
    plain_url, query = plain.url, {"$select": "name,Default"}
    body = {"CmdletInput": {"CmdletName": "Get-AcceptedDomain", "Parameters": {}}}
    answer = plain.http.post(plain_url, params=query, json=body, headers=plain.headers())
    names = {key for domain in answer.json()["value"] for key in domain if "@" not in key}
    assert names == {"Name", "Default"}


@pytest.mark.parametrize("path", ["AdminApi/Beta/{}/InvokeCommand", "adminapi/beta/{}/invokecommand"])
def test_takes_the_path_in_any_case(plain: Plain, path: str) -> None:
    """Clients write the path in different cases."""
    body = {"CmdletInput": {"CmdletName": "Get-TransportConfig"}}
    url = f"{plain.server.exchange_url}/{path.format(plain.account.tenant_id.upper())}"
    assert plain.http.post(url, json=body, headers=plain.headers()).status_code == 200


@pytest.mark.parametrize("domain", ["contoso.onmicrosoft.com", "contoso.com"])
def test_takes_a_verified_domain_for_the_tenant(plain: Plain, domain: str) -> None:
    """The tenant in the path may be any of its verified domains."""
    url = f"{plain.server.exchange_url}/adminapi/beta/{domain}/InvokeCommand"
    body = {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": {}}}
    assert plain.http.post(url, json=body, headers=plain.headers()).status_code == 200


def test_echoes_ids_and_dates_answers(plain: Plain) -> None:
    """The client's id comes back, and the service's own id and date stand beside it."""
    sent = "7f1c5b0e-0000-4000-8000-000000000001"
    answer = plain.invoke("Get-TransportConfig", client_request_id=sent)
    assert answer.headers["client-request-id"] == sent
    assert len(answer.headers["request-id"]) == 36
    assert answer.headers["Date"].endswith("GMT")


def test_names_the_exception_in_a_header(plain: Plain) -> None:
    """An error's type stands in x-ExceptionType too."""
    answer = plain.invoke("Get-OutboundConnector", {"Identity": "nobody"})
    assert answer.status_code == 404
    assert answer.headers["x-ExceptionType"].endswith("ManagementObjectNotFoundException")
    assert error(answer)["code"] == "NotFound"


def test_denied_cmdlet_is_nul_bytes_that_claim_gzip(plain: Plain) -> None:
    """A cmdlet unknown or not granted gets 403 with a body that no gzip decoder reads."""
    body = json.dumps({"CmdletInput": {"CmdletName": "Get-Nonsense", "Parameters": {}}})
    headers = plain.headers(Content_Type="application/json")
    with plain.http.post(plain.url, data=body, headers=headers, stream=True) as answer:
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (403, "gzip")
        assert set(answer.raw.read(decode_content=False)) == {0}
    with pytest.raises((requests.exceptions.ContentDecodingError, DecodeError)):
        plain.http.post(plain.url, data=body, headers=headers)


def test_speaks_unicode(plain: Plain) -> None:
    """Names beyond ASCII arrive and come back as they are."""
    created = plain.invoke("New-DistributionGroup", GROUP)
    assert created.status_code == 200, created.text
    assert created.json()["value"][0]["Name"] == "Büro ✓"
    assert "Büro ✓".encode() in created.content


@pytest.mark.parametrize(
    ("anchor", "status"),
    [
        (ANCHOR.format("{tid}"), 200),
        (ANCHOR.format("{org}").replace("APP", "UPN"), 200),
        ("UPN:OAuthUser@{org}", 200),
        ("TID:{tid}", 200),
        ("SMTP:adele@contoso.com", 200),
        ("MBX:bb558c35-97f1-4cb9-8ff7-d53741dc928c@{tid}", 200),
        ("adele@contoso.com", 400),
        ("APP:SystemMailbox@{tid}", 400),
        (ANCHOR.format("fabrikam.onmicrosoft.com"), 400),
        ("", 400),
    ],
)
def test_checks_the_routing_hint(plain: Plain, anchor: str, status: int) -> None:
    """Known forms that point into the tenant are taken, others refused by name."""
    hint = anchor.replace("{tid}", plain.account.tenant_id).replace("{org}", plain.account.organization)
    answer = plain.invoke("Get-TransportConfig", X_AnchorMailbox=hint)
    assert answer.status_code == status
    if status == 400:
        assert error(answer)["code"] == "ErrorIncorrectRoutingHint"


def test_does_without_a_routing_hint(plain: Plain) -> None:
    """The hint is not strictly needed."""
    body = {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": {}}}
    answer = plain.http.post(plain.url, json=body, headers={"Authorization": f"Bearer {plain.token()}"})
    assert answer.status_code == 200


@pytest.mark.parametrize(("format_", "status"), [("json", 200), ("JSON", 200), ("clixml", 400), ("xml", 400)])
def test_refuses_clixml_clearly(plain: Plain, format_: str, status: int) -> None:
    """What the offline Exchange cannot write it refuses, naming the header."""
    answer = plain.invoke("Get-TransportConfig", X_ResponseFormat=format_)
    assert answer.status_code == status
    assert status == 200 or "X-ResponseFormat" in error(answer)["message"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "x",
        {"CmdletInput": None},
        {"CmdletInput": {}},
        {"CmdletInput": {"CmdletName": ""}},
        {"CmdletInput": {"CmdletName": 1}},
        {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": None}},
        {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Parameters": []}},
        {"CmdletInput": {"CmdletName": "Get-TransportConfig", "Paramters": {}}},
        {"CmdletInput": {"CmdletName": "Get-TransportConfig"}, "More": 1},
    ],
)
def test_refuses_bodies_of_another_shape(plain: Plain, body: Any) -> None:
    """Anything but CmdletInput with a name and parameters is 400 in the common envelope."""
    answer = plain.http.post(plain.url, data=json.dumps(body), headers=plain.headers(Content_Type="application/json"))
    assert answer.status_code == 400
    assert error(answer)["code"] == "BadRequest"


@pytest.mark.parametrize("query", ["$top=1", "$filter=Name eq 'x'", "$SELECT=Name", "%24count=true"])
def test_refuses_query_options_that_it_does_not_heed(plain: Plain, query: str) -> None:
    """An option of OData that would change nothing is 400; what is no option of OData is nobody's business."""
    body = {"CmdletInput": {"CmdletName": "Get-Mailbox", "Parameters": {}}}
    answer = plain.http.post(f"{plain.url}?{query}", json=body, headers=plain.headers())
    assert (answer.status_code, error(answer)["code"]) == (400, "BadRequest")
    assert plain.http.post(f"{plain.url}?Version=3.7.1", json=body, headers=plain.headers()).status_code == 200


def test_names_of_cmdlets_are_whole(plain: Plain) -> None:
    """Blanks around a name make it another name, which nobody has."""
    assert plain.invoke("Get-Mailbox ", Accept_Encoding="identity").status_code == 403


def test_parameters_may_be_left_out(plain: Plain) -> None:
    """A body without Parameters is a call without parameters."""
    body = {"CmdletInput": {"CmdletName": "Get-TransportConfig"}}
    assert plain.http.post(plain.url, json=body, headers=plain.headers()).status_code == 200


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json;charset=x",
        "application/json; charset = us-ascii",
    ],
)
def test_wants_json_in_utf8(plain: Plain, content_type: str | None) -> None:
    """A body not declared as JSON in UTF-8 is 415."""
    headers = plain.headers(**({"Content_Type": content_type} if content_type else {}))
    body = b'{"CmdletInput":{"CmdletName":"Get-TransportConfig","Parameters":{}}}'
    assert plain.http.post(plain.url, data=body, headers=headers).status_code == 415


@pytest.mark.parametrize("version", ["v1.0", "V1.0"])
def test_only_beta_has_invoke_command(plain: Plain, version: str) -> None:
    """The same path under v1.0 answers 405."""
    url = f"{plain.server.exchange_url}/adminapi/{version}/{plain.account.tenant_id}/InvokeCommand"
    answer = plain.http.post(url, json={"CmdletInput": {"CmdletName": "Get-TransportConfig"}}, headers=plain.headers())
    assert (answer.status_code, answer.headers["Allow"]) == (405, "")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("HEAD", "/nothing", 404),
        ("GET", "/adminapi/beta/contoso.com/InvokeCommand", 405),
        ("DELETE", "/adminapi/beta/contoso.com/InvokeCommand", 405),
        ("POST", "/adminapi/v2.0/contoso.com/InvokeCommand", 404),
        ("POST", "/adminapi/beta/contoso.com/InvokeCommand/", 404),
        ("GET", "/adminapi/beta/contoso.com/Mailbox", 404),
        ("GET", "/%ff%fe/%00", 404),
    ],
)
def test_answers_other_paths_sanely(plain: Plain, method: str, path: str, status: int) -> None:
    """Paths and methods that are not served get 404 or 405, as JSON."""
    answer = plain.http.request(method, f"{plain.server.exchange_url}{path}", headers=plain.headers())
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert ("Allow" in answer.headers) is (status == 405)
    assert method == "HEAD" or "error" in answer.json()


def test_lists_the_cmdlets_offered(plain: Plain) -> None:
    """The module's preflight names the cmdlets that the caller's roles grant."""
    url = f"{plain.server.exchange_url}/adminapi/v1.0/{plain.account.tenant_id}/EXOModuleFile?Version=3.7.1"
    answer = plain.http.get(url, headers=plain.headers(CommandName="*"))
    assert "/adminapi/v1.0/" in answer.json()["@odata.context"]
    offered = answer.json()["value"][0]["exportedCmdlets"].split(",")
    assert {"New-JournalRule", "Get-OutboundConnector", "Set-TransportConfig"} <= set(offered)
    plain.server.control.change_application(roles=("View-Only Configuration",))
    fewer = plain.http.get(url, headers=plain.headers(CommandName="*")).json()["value"][0]["exportedCmdlets"]
    assert "Get-OutboundConnector" in fewer
    assert "New-JournalRule" not in fewer


def test_answers_the_banner_question(plain: Plain) -> None:
    """The module's first call at connect is answered."""
    url = (
        f"{plain.server.exchange_url}/adminapi/beta/{plain.account.tenant_id}/EXOBanner('AutogenSession')?Version=3.7.1"
    )
    assert plain.http.get(url, headers=plain.headers()).status_code == 200


def test_sends_a_tenant_to_its_region(plain: Plain) -> None:
    """A tenant that lives elsewhere is answered 302 to its host, with the same path and query."""
    plain.server.control.redirect("eur01.outlook.office365.com")
    path = f"/adminapi/beta/{plain.account.tenant_id}/InvokeCommand?$select=Name"
    answer = plain.http.post(
        f"https://outlook.office365.com{path}",
        json={"CmdletInput": {"CmdletName": "Get-AcceptedDomain", "Parameters": {}}},
        headers=plain.headers(),
        allow_redirects=False,
    )
    assert answer.status_code == 302
    place = answer.headers["Location"]
    assert place == f"https://eur01.outlook.office365.com{path}"
    body = {"CmdletInput": {"CmdletName": "Get-AcceptedDomain", "Parameters": {}}}
    assert plain.http.post(place, json=body, headers=plain.headers()).status_code == 200


def test_redirects_keep_the_port(plain: Plain) -> None:
    """The regional host is named with the port through which the client came."""
    plain.server.control.redirect("eur01.outlook.office365.com")
    answer = plain.invoke("Get-TransportConfig")
    port = plain.server.exchange_url.rpartition(":")[2]
    assert answer.headers["Location"].startswith(f"https://eur01.outlook.office365.com:{port}/adminapi/")


def test_asks_back_where_the_client_wants_to_be_asked(plain: Plain) -> None:
    """`Confirm: true` brings a question instead of a change."""
    plain.invoke("New-DistributionGroup", {"Name": "Group"})
    body = plain.invoke("Remove-DistributionGroup", {"Identity": "Group", "Confirm": True}).json()
    assert "Group" in body["@adminapi.confirmationmessage"]
    assert plain.invoke("Get-DistributionGroup", {"Identity": "Group"}).status_code == 200
