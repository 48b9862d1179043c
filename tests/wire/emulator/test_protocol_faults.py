"""Scripted trouble: what a client sees, and whether the change was made all the same."""

import io
from collections.abc import Callable

import pytest
import requests
from plain_client import Plain

from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import CONCURRENT, Action, Cut, Garbage, Reset, Slow, Status, Transient
from area1_provider.emulator.web.messages import Answer

NEW = ("New-DistributionGroup", {"Name": "Group"})


def exists(plain: Plain) -> bool:
    """Tell whether the group was made."""
    return plain.invoke("Get-DistributionGroup", {"Identity": "Group"}).status_code == 200


@pytest.mark.parametrize("retry_after", [None, "3", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"])
def test_status_with_retry_after(plain: Plain, retry_after: str | None) -> None:
    """A status comes with the Retry-After given, once, and nothing is changed."""
    plain.server.control.fault(Status(429, retry_after, body=CONCURRENT), cmdlet="New-*")
    answer = plain.invoke(*NEW)
    assert (answer.status_code, answer.headers.get("Retry-After"), answer.text) == (429, retry_after, CONCURRENT)
    assert not exists(plain)
    assert plain.invoke(*NEW).status_code == 200


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_a_body(plain: Plain, status: int) -> None:
    """A status that has no body is sent without one, and the connection stays good."""
    plain.server.control.fault(Status(status, body="x"))
    answer = plain.invoke("Get-TransportConfig")
    assert (answer.status_code, answer.content) == (status, b"")
    assert plain.invoke("Get-TransportConfig").status_code == 200


def test_transient_exception(plain: Plain) -> None:
    """A documented transient exception stands in the details of a 400."""
    plain.server.control.fault(Transient("DCOverloadedException"))
    answer = plain.invoke(*NEW)
    assert answer.status_code == 400
    assert "DCOverloadedException|" in answer.json()["error"]["details"][0]["message"]


@pytest.mark.parametrize("carried_out", [False, True])
def test_reset(plain: Plain, carried_out: bool) -> None:
    """The connection breaks without an answer, before the change or after it."""
    token = plain.token()
    plain.server.control.fault(Reset(carried_out=carried_out), cmdlet=NEW[0])
    with pytest.raises(requests.exceptions.ConnectionError):
        plain.invoke(*NEW, token=token)
    assert exists(plain) is carried_out
    call = plain.server.control.calls()[0]
    assert (call.status, call.fault, call.carried_out) == (0, "reset", carried_out)


def test_cut_answer(plain: Plain) -> None:
    """The answer ends before its announced length; the change was made."""
    token = plain.token()
    plain.server.control.fault(Cut(keep=30), cmdlet=NEW[0])
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
        plain.invoke(*NEW, token=token)
    assert exists(plain)


@pytest.mark.parametrize(
    "action", [Status(503, carried_out=True), Transient(carried_out=True), Garbage(carried_out=True)]
)
def test_answers_lost_after_the_change(plain: Plain, action: Action) -> None:
    """Whatever comes instead of the answer, the change can have been made."""
    plain.server.control.fault(action, cmdlet=NEW[0])
    assert plain.invoke(*NEW).status_code == action.disturb(lambda: Answer(200), print).status
    assert exists(plain)


def test_a_defect_is_no_traceback() -> None:
    """Where the emulator itself fails, the client gets 500 in JSON and the log names the place, not the values."""
    log = io.StringIO()

    def broken(seconds: float) -> None:
        raise RuntimeError(f"canary {seconds}")

    with Emulator(sleep=broken, log=log) as emulator, requests.Session() as session:
        session.verify, session.trust_env = emulator.ca_file, False
        emulator.control.fault(Slow(90))
        plain = Plain(emulator, emulator.account(), session)
        answer = plain.invoke("Get-TransportConfig")
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "InternalServerError")
        assert plain.invoke("Get-TransportConfig").status_code == 200
    assert "defect: RuntimeError at" in log.getvalue()
    assert "canary" not in log.getvalue()


def test_garbage(plain: Plain) -> None:
    """A proxy's page comes instead of an answer, as huge as wanted."""
    plain.server.control.fault(Garbage("<p>", repeat=100_000))
    answer = plain.invoke(*NEW)
    assert (answer.status_code, len(answer.content)) == (200, 300_000)
    assert not exists(plain)


def test_slow_answers_wait_by_the_servers_own_sleep() -> None:
    """Slowness goes through the sleep that was passed in, and the answer is true."""
    waited: list[float] = []
    with Emulator(sleep=waited.append) as emulator, requests.Session() as session:
        session.verify, session.trust_env = emulator.ca_file, False
        emulator.control.fault(Slow(90))
        assert Plain(emulator, emulator.account(), session).invoke("Get-TransportConfig").status_code == 200
    assert waited == [90]


def test_rules_count_their_calls(plain: Plain) -> None:
    """A rule hits the nth matching call and as many after it as it says; tenants and cmdlets narrow it."""
    control = plain.server.control
    control.fault(Status(503), cmdlet="get-transport*", nth=2, times=2)
    seen = [plain.invoke("Get-TransportConfig").status_code for _ in range(5)]
    assert seen == [200, 503, 503, 200, 200]
    assert plain.invoke("Get-AcceptedDomain").status_code == 200


def test_rules_can_be_for_one_tenant(plain: Plain, other: Plain) -> None:
    """Another tenant is not touched, and a rule may stay for ever."""
    plain.server.control.fault(Status(500), tenant=plain.account.organization, times=0)
    assert [plain.invoke("Get-TransportConfig").status_code for _ in range(3)] == [500] * 3
    assert other.invoke("Get-TransportConfig").status_code == 200
    plain.server.control.clear_faults()
    assert plain.invoke("Get-TransportConfig").status_code == 200


def test_first_rule_that_is_due_wins(plain: Plain) -> None:
    """Every fitting rule counts the call; the first that is due takes it."""
    control = plain.server.control
    control.fault(Status(503))
    control.fault(Status(504), nth=2)
    assert [plain.invoke("Get-TransportConfig").status_code for _ in range(3)] == [503, 504, 200]


def test_sign_in_has_trouble_too(plain: Plain) -> None:
    """Rules for the sign-in surface hit the token endpoint and nothing else."""
    token = plain.token()
    plain.server.control.fault(Status(503, "1"), surface="entra")
    assert plain.invoke("Get-TransportConfig", token=token).status_code == 200
    assert plain.form(grant_type="client_credentials").status_code == 503
    assert plain.token()


def test_trouble_by_http(plain: Plain, control: Callable[..., requests.Response]) -> None:
    """Rules are put, seen with what they have met, and cleared over HTTP."""
    action = {"kind": "status", "status": 429, "retry_after": "7"}
    assert control("POST", "faults", match={"cmdlet": "Get-*"}, action=action).status_code == 204
    assert plain.invoke("Get-TransportConfig").headers["Retry-After"] == "7"
    (rule,) = control("GET", "faults").json()["faults"]
    assert (rule["met"], rule["action"]["status"], rule["match"]["cmdlet"]) == (1, 429, "Get-*")
    assert control("DELETE", "faults").status_code == 204
    assert control("GET", "faults").json() == {"faults": []}


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"action": {}},
        {"action": {"kind": "plague"}},
        {"action": {"kind": "status"}},
        {"action": {"kind": "status", "status": 99}},
        {"action": {"kind": "status", "status": "x"}},
        {"action": {"kind": "transient", "name": "NoSuchException"}},
        {"action": {"kind": "reset", "more": 1}},
        {"action": {"kind": "reset"}, "match": {"nth": 0}},
        {"action": {"kind": "reset"}, "match": {"surface": "moon"}},
        {"action": {"kind": "reset"}, "match": {"who": 1}},
    ],
)
def test_refuses_rules_that_are_none(control: Callable[..., requests.Response], rule: dict[str, object]) -> None:
    """A rule that cannot be read is 400 and not kept."""
    assert control("POST", "faults", **rule).status_code == 400
    assert control("GET", "faults").json() == {"faults": []}
