"""Many clients at once: one of several wins, readers see one moment, a killed server keeps what it acknowledged."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests
from plain_client import Plain
from test_serve_process import PATIENCE, invoke, serving

CLIENTS = 32


def at_once(plain: Plain, asks: Callable[[int], tuple[str, Mapping[str, Any]]]) -> list[requests.Response]:
    """Let each client send its cmdlet when all are ready, each in a session of its own."""
    barrier, headers = Barrier(CLIENTS), plain.headers()

    def send(number: int) -> requests.Response:
        cmdlet, parameters = asks(number)
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": dict(parameters)}}
        with requests.Session() as http:
            http.verify, http.trust_env = plain.server.ca_file, False
            barrier.wait(PATIENCE)
            return http.post(plain.url, json=body, headers=headers)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(send, range(CLIENTS)))


@pytest.mark.parametrize(
    ("noun", "parameters"),
    [
        ("OutboundConnector", {}),
        ("JournalRule", {"JournalEmailAddress": "j@archive.example"}),
        ("DistributionGroup", {}),
        ("MailContact", {"ExternalEmailAddress": "c@archive.example"}),
    ],
)
def test_one_of_many_gets_a_name(plain: Plain, noun: str, parameters: dict[str, str]) -> None:
    """Of clients that make an object of one name at the same time exactly one succeeds; the others hear why not."""
    plain.invoke("Set-TransportConfig", {"JournalingReportNdrTo": "ndr@archive.example"})
    answers = at_once(plain, lambda _: (f"New-{noun}", {"Name": "Same", **parameters}))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: CLIENTS - 1}
    assert all("already exists" in answer.text for answer in answers if answer.status_code == 400)


def test_one_of_many_takes_a_name_by_renaming(plain: Plain) -> None:
    """The same holds where objects that are there are given one new name."""
    for number in range(CLIENTS):
        plain.invoke("New-OutboundConnector", {"Name": f"c{number}"})
    answers = at_once(plain, lambda number: ("Set-OutboundConnector", {"Identity": f"c{number}", "Name": "Same"}))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: CLIENTS - 1}


def test_pages_show_one_moment_while_others_write(plain: Plain) -> None:
    """What is made and removed between two pages neither doubles nor drops an object that was there."""
    headers = plain.headers(Prefer="odata.maxpagesize=2")
    body: dict[str, Any] = {"CmdletInput": {"CmdletName": "Get-Recipient", "Parameters": {}}}
    before = [one["Guid"] for one in plain.invoke("Get-Recipient").json()["value"]]
    seen, url = [], plain.url
    while url:
        page = plain.http.post(url, json=body, headers=headers).json()
        seen += [one["Guid"] for one in page["value"]]
        url = page.get("@odata.nextLink", "")
        plain.invoke("New-DistributionGroup", {"Name": f"g{len(seen)}"})
        plain.invoke("Remove-MailContact", {"Identity": "archive-vendor"})
    assert seen == before


def test_a_killed_server_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    """SIGKILL in the middle of creates: the next server on the same file has each whose answer had come."""
    store = ("--store", str(tmp_path / "store.sqlite"))
    made: list[str] = []
    with serving(tmp_path, *store) as (process, ready), ThreadPoolExecutor(4) as pool:
        for number in range(4):
            pool.submit(create_until_it_dies, ready, f"w{number}", made)
        deadline = time.monotonic() + PATIENCE
        while len(made) < 20 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    with serving(tmp_path, *store) as (_, ready):
        kept = {one["Guid"] for one in invoke(ready, "Get-OutboundConnector").json()["value"]}
    assert len(made) >= 20
    assert set(made) <= kept


def create_until_it_dies(ready: dict[str, Any], prefix: str, made: list[str]) -> None:
    """Make one connector after the other, and note each that the server acknowledged."""
    for number in range(10_000):
        try:
            answer = invoke(ready, "New-OutboundConnector", Name=f"{prefix}-{number}")
        except requests.RequestException:
            return
        made.append(answer.json()["value"][0]["Guid"])
