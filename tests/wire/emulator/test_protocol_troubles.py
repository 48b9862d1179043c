"""Answers that are stale or of wrong types, tokens that end, clocks that are wrong: what a client sees."""

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from plain_client import Plain

from area1_provider.emulator.faults import ForgetPages, Revoke, Skew, Stale, Status, WrongTypes
from area1_provider.emulator.schedules import ITSELF


def test_stale(plain: Plain) -> None:
    """A stale read finds nothing, once."""
    plain.server.control.fault(Stale(), cmdlet="Get-TransportConfig")

    assert plain.invoke("Get-TransportConfig").json() == {"value": []}
    assert plain.invoke("Get-TransportConfig").json()["value"]


def test_wrong_types(plain: Plain) -> None:
    """Some members are of another type, the same ones for the same seed; errors stay as they are."""
    true = plain.invoke("Get-TransportConfig").json()["value"][0]
    plain.server.control.fault(WrongTypes(3), times=0)

    once, again = (plain.invoke("Get-TransportConfig").json()["value"][0] for _ in range(2))
    assert once == again
    assert 1 <= len([name for name in true if once[name] != true[name]]) <= 3
    assert plain.invoke("Get-JournalRule", {"Identity": "nobody"}).status_code == 404


def test_wrong_types_are_no_lies(plain: Plain) -> None:
    """A member that differs is of another type: a value that could be true would deceive any client."""
    true = plain.invoke("Get-TransportConfig").json()["value"][0]
    for seed in range(100):
        plain.server.control.fault(WrongTypes(seed))
        spoilt = plain.invoke("Get-TransportConfig").json()["value"][0]
        assert all(type(spoilt[name]) is not type(true[name]) for name in true if spoilt[name] != true[name])


def test_revoked_tokens(plain: Plain) -> None:
    """Every token ends at that call, which is refused; a new one is good."""
    token = plain.token()
    plain.server.control.fault(Revoke(), nth=2)

    seen = [plain.invoke("Get-TransportConfig", token=token).status_code for _ in range(3)]
    assert seen == [200, 401, 401]
    assert plain.invoke("Get-TransportConfig").status_code == 200


@pytest.mark.parametrize("seconds", [-600, 600])
def test_a_clock_that_is_wrong(plain: Plain, seconds: int) -> None:
    """The service's clock is wrong from then on, by the same however many calls there are."""
    token = plain.token()

    def tells() -> float:
        return parsedate_to_datetime(plain.invoke("Get-TransportConfig", token=token).headers["Date"]).timestamp()

    true = tells()
    plain.server.control.fault(Skew(seconds), times=0)

    assert [round(tells() - true, -1) for _ in range(3)] == [seconds] * 3


def test_tokens_end_by_a_clock_that_is_ahead(plain: Plain) -> None:
    """A token's time is over where the service's clock runs ahead."""
    token = plain.token()
    plain.server.control.fault(Skew(4_000))
    assert [plain.invoke("Get-TransportConfig", token=token).status_code for _ in range(2)] == [200, 401]


@pytest.mark.parametrize("nth", [1, 2])
def test_pages_that_are_forgotten(plain: Plain, nth: int) -> None:
    """NextLinks that were given before that call are refused, its own too."""
    links = [paged(plain, plain.url).json()["@odata.nextLink"] for _ in range(2)]
    plain.server.control.fault(ForgetPages(), cmdlet="Get-Recipient", nth=nth)

    assert [paged(plain, link).status_code for link in (links[0], links[0], links[1])][nth - 1 :] == [400] * (4 - nth)
    assert paged(plain, plain.url).status_code == 200


def paged(plain: Plain, url: str) -> requests.Response:
    """Ask for a page of recipients."""
    body = {"CmdletInput": {"CmdletName": "Get-Recipient", "Parameters": {}}}
    return plain.http.post(url, json=body, headers=plain.headers(Prefer="odata.maxpagesize=2"))


def test_a_redirect_to_the_same_place(plain: Plain) -> None:
    """A Location may lead back to where the call came from."""
    plain.server.control.fault(Status(307, headers={"Location": ITSELF}))
    answer = plain.invoke("Get-TransportConfig")

    assert answer.status_code == 307
    assert urljoin(plain.url, answer.headers["Location"]) == plain.url
    assert plain.invoke("Get-TransportConfig").status_code == 200


def test_a_header_that_is_no_ascii(plain: Plain) -> None:
    """It goes out in UTF-8, as careless servers do."""
    plain.server.control.fault(Status(429, "\u0663"))
    sent = plain.invoke("Get-TransportConfig").headers["Retry-After"]
    assert sent.encode("latin-1").decode() == "\u0663"


def test_a_list_over_http(plain: Plain, control: Callable[..., requests.Response]) -> None:
    """The control interface takes what a file takes: lists, seeds, tenants by id; and one that is opened later."""
    here = plain.account.organization
    script = [
        {"match": {"tenant": plain.account.tenant_id}, "action": {"kind": "status", "status": 503}},
        {"seed": 7, "tenant": here},
        {"match": {"tenant": "later.example"}, "action": {"kind": "reset"}},
    ]
    assert posted(plain, script).status_code == 204

    kept = control("GET", "faults").json()["faults"]
    assert [rule["match"]["tenant"] for rule in kept] == [here, *[here] * (len(kept) - 2), "later.example"]
    assert len(kept) > 2
    assert plain.invoke("Get-TransportConfig").status_code == 503


def test_all_or_nothing_over_http(plain: Plain, control: Callable[..., requests.Response]) -> None:
    """A list in which one rule is none is refused whole, and every problem is named."""
    answer = posted(plain, [{"action": {"kind": "reset"}}, {"action": {"kind": "plague"}}, 7])

    assert answer.status_code == 400
    assert "rule 2, action.kind" in answer.json()["error"]["message"]
    assert "rule 3" in answer.json()["error"]["message"]
    assert control("GET", "faults").json() == {"faults": []}


def posted(plain: Plain, script: Any) -> requests.Response:
    """Post a script of trouble."""
    token = {"Authorization": f"Bearer {plain.server.control_token}"}
    return plain.http.post(f"{plain.server.control_url}/faults", json=script, headers=token)
