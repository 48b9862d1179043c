"""Paging: sizes, nextLink by POST, tokens bound to the session, the tenant, the body and their time."""

from typing import Any

import pytest
import requests
from plain_client import Plain

BODY: dict[str, Any] = {"CmdletInput": {"CmdletName": "Get-Recipient", "Parameters": {}}}


def read(plain: Plain, url: str, size: int, body: dict[str, Any] | None = None) -> requests.Response:
    """Ask for one page."""
    return plain.http.post(url, json=body or BODY, headers=plain.headers(Prefer=f"odata.maxpagesize={size}"))


def test_pages_hold_everything_once(plain: Plain) -> None:
    """Following nextLink by POST with the same body gives each object once, in the order of the whole."""
    whole = [one["Guid"] for one in read(plain, plain.url, 1000).json()["value"]]
    assert len(whole) >= 6
    seen, url, pages = [], plain.url, 0
    while url:
        page = read(plain, url, 2).json()
        assert len(page["value"]) <= 2
        seen += [one["Guid"] for one in page["value"]]
        url, pages = page.get("@odata.nextLink", ""), pages + 1
    assert seen == whole
    assert pages == -(-len(whole) // 2)


def test_pages_are_counted_as_calls(plain: Plain) -> None:
    """The log tells the page of each call."""
    first = read(plain, plain.url, 2).json()
    read(plain, first["@odata.nextLink"], 2)
    assert [call.page for call in plain.server.control.calls()] == [1, 2]


def test_next_link_by_get(plain: Plain) -> None:
    """A client with the session's cookie may follow by GET; the log names the cmdlet all the same."""
    link = read(plain, plain.url, 2).json()["@odata.nextLink"]
    followed = plain.http.get(link, headers=plain.headers())
    assert followed.json()["value"] == read(plain, link, 2).json()["value"]
    assert {call.cmdlet for call in plain.server.control.calls()} == {"Get-Recipient"}
    plain.http.cookies.clear()
    expect_expired(plain.http.get(link, headers=plain.headers()))
    assert plain.http.get(plain.url, headers=plain.headers()).status_code == 405


def test_next_link_names_the_host_of_the_client(plain: Plain) -> None:
    """Whoever came by a cloud's name stays there."""
    path = f"/adminapi/beta/{plain.account.tenant_id}/InvokeCommand"
    link = read(plain, f"https://outlook.office365.com{path}?$select=Name", 1).json()["@odata.nextLink"]
    assert link.startswith(f"https://outlook.office365.com{path}?")
    assert set(read(plain, link, 1).json()["value"][0]) - {"Name"} <= {"Name@data.type", "Name@odata.type"}


def test_same_token_gives_same_page(plain: Plain) -> None:
    """A page whose answer was lost can be asked for again."""
    link = read(plain, plain.url, 2).json()["@odata.nextLink"]
    assert read(plain, link, 2).json()["value"] == read(plain, link, 2).json()["value"]


def expect_expired(answer: requests.Response) -> None:
    """The refusal that the service gives."""
    assert answer.status_code == 400
    text = answer.json()["error"]["message"]
    assert text == "Expired or Invalid pagination request. Default Expiry time is 00:30:00"


def test_tokens_are_bound_to_the_session(plain: Plain) -> None:
    """Without the session's cookie a nextLink is refused."""
    link = read(plain, plain.url, 2).json()["@odata.nextLink"]
    plain.http.cookies.clear()
    expect_expired(read(plain, link, 2))


def test_tokens_are_bound_to_the_body(plain: Plain) -> None:
    """Another body than the first one's is refused."""
    link = read(plain, plain.url, 2).json()["@odata.nextLink"]
    other = {"CmdletInput": {"CmdletName": "Get-Mailbox", "Parameters": {}}}
    expect_expired(read(plain, link, 2, other))


def test_tokens_are_bound_to_the_tenant(plain: Plain, other: Plain) -> None:
    """Another tenant cannot go on where this one stopped."""
    link = read(plain, plain.url, 2).json()["@odata.nextLink"]
    expect_expired(read(other, link.replace(plain.account.tenant_id, other.account.tenant_id), 2))


def test_tokens_expire_after_half_an_hour(plain: Plain) -> None:
    """A nextLink is good for 30 minutes, by the emulator's clock."""
    link = read(plain, plain.url, 2).json()["@odata.nextLink"]
    plain.server.control.advance(29 * 60)
    assert read(plain, link, 2).status_code == 200
    plain.server.control.advance(2 * 60)
    expect_expired(read(plain, link, 2))


def test_tokens_can_be_lost(plain: Plain) -> None:
    """A backend that goes away takes its tokens along."""
    link = read(plain, plain.url, 2).json()["@odata.nextLink"]
    plain.server.control.forget_pages()
    expect_expired(read(plain, link, 2))


@pytest.mark.parametrize("size", ["0", "-1", "x", "1.5", "", "9" * 30])
def test_refuses_page_sizes_that_are_none(plain: Plain, size: str) -> None:
    """A page size is a number of at least one."""
    assert plain.invoke("Get-Recipient", Prefer=f"odata.maxpagesize={size}").status_code == 400


def test_a_page_holds_a_thousand_at_most(plain: Plain) -> None:
    """Default and maximum are 1000, whatever was asked for."""
    tenant = plain.server.tenants[0]
    with tenant.transaction():
        for number in range(1001):
            tenant.add_mailbox(f"User {number}", f"user{number}")
    for headers in ({}, {"Prefer": "odata.maxpagesize=5000"}):
        page = plain.invoke("Get-Mailbox", {"ResultSize": "Unlimited"}, **headers).json()
        assert len(page["value"]) == 1000
        assert "@odata.nextLink" in page
