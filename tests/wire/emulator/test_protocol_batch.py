"""`$batch`: several commands in one request, each answered under its id."""

from typing import Any

import pytest
import requests
from plain_client import Plain

from area1_provider.emulator.faults import Garbage, Reset


def request(plain: Plain, number: int, cmdlet: str, **parameters: Any) -> dict[str, Any]:
    """Give one request of a batch, as CIPP writes it."""
    return {
        "id": str(number),
        "method": "POST",
        "url": plain.url,
        "headers": {"Content-Type": "application/json", "Prefer": "odata.maxpagesize=1000;odata.continue-on-error"},
        "body": {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}},
    }


def send(plain: Plain, requests_: Any, **headers: str) -> requests.Response:
    """Send a batch."""
    url = plain.url.replace("InvokeCommand", "$batch")
    return plain.http.post(url, json={"requests": requests_}, headers=plain.headers(**headers))


def test_answers_each_under_its_id(plain: Plain) -> None:
    """Good and bad commands are answered side by side where the client wants to go on."""
    batch = [
        request(plain, 0, "Get-TransportConfig"),
        request(plain, 1, "Get-OutboundConnector", Identity="nobody"),
        request(plain, 2, "Get-Nonsense"),
        request(plain, 3, "Get-AcceptedDomain"),
    ]
    responses = send(plain, batch, Prefer="odata.continue-on-error").json()["responses"]
    assert [(one["id"], one["status"]) for one in responses] == [("0", 200), ("1", 404), ("2", 403), ("3", 200)]
    assert "couldn't be found" in responses[1]["body"]["error"]["details"][0]["message"]
    assert responses[3]["body"]["value"]


def test_stops_at_the_first_failure_unless_told(plain: Plain) -> None:
    """Without odata.continue-on-error the rest is left undone."""
    batch = [request(plain, 0, "Get-Nonsense"), request(plain, 1, "New-DistributionGroup", Name="g")]
    responses = send(plain, batch).json()["responses"]
    assert [one["id"] for one in responses] == ["0"]
    assert plain.invoke("Get-DistributionGroup", {"Identity": "g"}).status_code == 404


def test_follows_next_links_by_batch(plain: Plain) -> None:
    """A nextLink inside a batch is the url of a later batch's request."""
    first = request(plain, 0, "Get-Recipient")
    first["headers"]["Prefer"] = "odata.maxpagesize=1"
    page = send(plain, [first]).json()["responses"][0]["body"]
    again = {**first, "url": page["@odata.nextLink"]}
    second = send(plain, [again]).json()["responses"][0]["body"]
    assert second["value"][0]["Guid"] != page["value"][0]["Guid"]


def test_commands_of_a_batch_share_one_request(plain: Plain) -> None:
    """The log counts each command, with the number of the one HTTP request."""
    send(plain, [request(plain, 0, "Get-TransportConfig"), request(plain, 1, "Get-AcceptedDomain")])
    calls = plain.server.control.calls()
    assert len(calls) == 2
    assert len({call.request for call in calls}) == 1


def test_refuses_batches_of_another_shape(plain: Plain) -> None:
    """Too many, none, doubled ids, another method, host, tenant or endpoint: 400."""
    good = request(plain, 0, "Get-TransportConfig")
    bad: list[Any] = [
        [],
        "x",
        None,
        [1],
        [good, good],
        [request(plain, number, "Get-TransportConfig") for number in range(11)],
        [{**good, "id": 1}],
        [{**good, "headers": {"a": 1}}],
        [{**good, "more": 1}],
    ]
    for requests_ in bad:
        assert send(plain, requests_).status_code == 400, requests_


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("method", "GET"),
        ("url", "https://elsewhere.example/adminapi/beta/contoso.com/InvokeCommand"),
        ("url", "https://[x/"),
        ("url", "/adminapi/beta/fabrikam.com/InvokeCommand"),
        ("url", "/adminapi/beta/contoso.com/EXOModuleFile"),
        ("body", None),
    ],
)
def test_refuses_requests_that_are_no_command_of_the_tenant(plain: Plain, field: str, value: Any) -> None:
    """Each such request is answered 400 under its id."""
    bad = {**request(plain, 0, "Get-TransportConfig"), field: value}
    assert send(plain, [bad]).json()["responses"][0]["status"] == 400


def test_trouble_befalls_the_whole_batch(plain: Plain) -> None:
    """A reset met by one command breaks the connection; garbage is that command's body."""
    token = plain.token()
    batch = [request(plain, 0, "Get-TransportConfig"), request(plain, 1, "Get-AcceptedDomain")]
    plain.server.control.fault(Garbage("<p>"), cmdlet="Get-TransportConfig")
    responses = send(plain, batch).json()["responses"]
    assert [one["body"] == "<p>" for one in responses] == [True, False]
    plain.server.control.fault(Reset(), cmdlet="Get-AcceptedDomain")
    url = plain.url.replace("InvokeCommand", "$batch")
    with pytest.raises(requests.exceptions.ConnectionError):
        plain.http.post(url, json={"requests": batch}, headers=plain.headers(token))
