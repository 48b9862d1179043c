"""Whatever comes back, it works or is one of our errors, within bounds. AREA1_BODIES says how many answers are tried."""

import json
import resource
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import hostile
import pulumi
import pytest
from fuzzing import GUID, LIVES, times, tried, works_or_ours
from hypothesis import example, given
from hypothesis import strategies as st
from lifecycle import Clock, Telling, config_of, exchange_of, provider_over
from small_exchange import Reply, SmallExchange

from area1_provider import envelope
from area1_provider.commands import repair
from area1_provider.emulator import Emulator
from area1_provider.emulator.faults import Garbage
from area1_provider.lost_answers import LostAnswers, Question
from area1_provider.project import Project
from area1_provider.stack import journaling_args

MEMORY = 900 * 2**20
"""Bytes that the process may have taken at most: some bodies say that they are larger."""


@times(0.75)
@given(status=hostile.statuses, headers=hostile.headers, body=hostile.bodies)
def test_any_answer_read(status: int, headers: dict[str, str], body: bytes) -> None:
    """Any status, headers and body are an answer or an error of ours."""
    works_or_ours("answers read", lambda: envelope.read("Get-X", status, headers, body))


@times(0.1)
@given(status=hostile.statuses, headers=hostile.headers, body=hostile.bodies)
def test_any_answer_sent(
    client: Telling, small: tuple[SmallExchange, str], status: int, headers: dict[str, str], body: bytes
) -> None:
    """The client makes of any answer over TLS a result or an error of ours, and follows no stranger."""
    small[0].answers = [Reply(status, body, headers)]
    works_or_ours("answers over TLS", lambda: client.invoke("Get-OutboundConnector"))


@times(0.12)
@given(kind=st.sampled_from(list(LIVES)), verb=st.sampled_from(["create", "read", "update", "delete"]), data=st.data())
def test_any_answers_to_a_provider(
    client: Telling, small: tuple[SmallExchange, str], environment: Mapping[str, str], kind: Any, verb: str, data: Any
) -> None:
    """A whole operation on hostile answers ends with a result or an error of ours."""
    replies = data.draw(st.lists(st.builds(Reply, hostile.statuses, hostile.bodies), min_size=1, max_size=5))
    small[0].answers = [*replies, Reply()]
    provider = provider_over(kind, client, config_of(environment))
    args = dict(LIVES[kind])
    state = {**args, "managed": sorted(args), "resolved": {}, "tenant_id": client.tenant_id}
    operations = {
        "create": lambda: provider.create(args),
        "read": lambda: provider.read(GUID, state),
        "update": lambda: provider.update(GUID, state, {**args, "name": "n", "undeliverable_address": "m@x.example"}),
        "delete": lambda: provider.delete(GUID, state),
    }
    works_or_ours("answers to providers", operations[verb])


@times(0.03)
@given(body=hostile.bodies, status=hostile.statuses.filter(lambda one: one >= 200))
def test_any_token_answer(offline: Emulator, body: bytes, status: int) -> None:
    """A token endpoint that answers anything gives no token, by an error of ours."""
    offline.control.clear_faults()
    text = body.decode("utf-8", "replace")
    offline.control.fault(Garbage(text, "application/json", status), surface="entra", times=0)
    exchange = exchange_of(offline.environment(), Clock(), tries=1)

    with exchange.http:
        works_or_ours("token answers", lambda: exchange.tenant_id)
    offline.control.clear_faults()


@times(0.04)
@given(
    config=st.dictionaries(
        st.sampled_from(
            ["journal_address", "region", "connector", "scope", "enabled", "group", "connector_args", "adopt"]
        )
        | st.text(max_size=8),
        hostile.values.map(lambda value: value if isinstance(value, str) else json.dumps(value)),
        max_size=6,
    )
)
def test_any_stack_config(config: dict[str, str]) -> None:
    """Any stack config gives args, or one refusal that prints without frames."""
    tried["stack configs"] += 1
    with suppress(pulumi.RunError):
        journaling_args({f"area1:{key}": value for key, value in config.items()})


TYPES = [f"pulumi-python:dynamic/area1:{noun}" for noun in ("OutboundConnector", "JournalRule", "Nothing")]
held = st.fixed_dictionaries(
    {},
    optional={
        "urn": st.sampled_from(["urn:a::b", "urn:c::d"]) | hostile.scalars,
        "type": st.sampled_from(TYPES) | hostile.scalars,
        "id": hostile.scalars,
        "inputs": st.fixed_dictionaries({"__provider": st.just("x")}, optional={"name": hostile.values})
        | hostile.values,
        "outputs": hostile.values,
        "provider": hostile.scalars,
        "dependencies": hostile.values,
    },
)
MANIFEST = {"time": "2026-11-23T20:00:00Z"}
NAMELESS = {"urn": None, "type": "x", "inputs": {}}
states = st.fixed_dictionaries(
    {
        "deployment": st.fixed_dictionaries(
            {},
            optional={
                "manifest": st.just(MANIFEST) | hostile.values,
                "resources": st.lists(held, max_size=3) | hostile.values,
                "pending_operations": st.lists(
                    st.fixed_dictionaries(
                        {"resource": held, "type": st.sampled_from(["creating", "updating", "deleting"])}
                    ),
                    max_size=3,
                )
                | hostile.values,
            },
        )
        | hostile.values
    }
)


@times(0.03)
@example(
    state={"deployment": {"manifest": MANIFEST, "pending_operations": [{"resource": NAMELESS, "type": "creating"}]}}
)
@given(state=states)
def test_any_state(
    project: Project, small: tuple[SmallExchange, str], monkeypatch: Any, environment: Any, state: Any
) -> None:
    """`area1 repair` reads any state, or says what is wrong with it."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    small[0].answers = [Reply()]
    (project.folder / "state.json").write_bytes(hostile.encoded(state))

    def settle() -> None:
        planned = repair.plan(project, "test")
        if planned.steps:
            repair.settled(planned)

    works_or_ours("states", settle)


@times(0.03)
@given(body=hostile.bodies)
def test_any_memory(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    """What a machine remembers may be anything: it is then as if nothing were remembered."""
    tried["memories"] += 1
    remembered, question = LostAnswers(tmp_path_factory.getbasetemp()), Question("t", "n", "x")
    (tmp_path_factory.getbasetemp() / question.file_name).write_bytes(body)

    assert remembered.asked_at(question) is None or isinstance(remembered.asked_at(question), float)


def test_report(capsys: pytest.CaptureFixture[str]) -> None:
    """All of that stayed within memory; how many were tried is told."""
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    with capsys.disabled():
        print(f"\n{tried.total()} hostile inputs: {dict(tried)}; at most {grown / 2**20:.0f} MiB in memory")  # noqa: T201
    assert grown < MEMORY
