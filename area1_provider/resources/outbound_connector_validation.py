"""OutboundConnectorValidation: proof that a connector delivers (guide, steps 1.8 and 1.9).

Cmdlets: Validate-OutboundConnector, which stores nothing, then Set-OutboundConnector with its outcome (office-docs issue
9213). Validation mail is ordinary mail and obeys transport rules, journal reports do not: it may fail where they arrive.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import pulumi
from pulumi import Input

from area1_provider import errors, forms, settle
from area1_provider.provider import ExchangeProvider
from area1_provider.resource import ExchangeResource
from area1_provider.schema import UNKNOWN, Noun, Properties, Wire
from area1_provider.steps import Problems

if TYPE_CHECKING:
    from area1_provider.client import Exchange

TASKS = "tasks"
"""Output: one entry a task, `{"task", "status", "detail"}`; status as the admin centre words it."""

IS_VALIDATED = "is_validated"
"""Output: whether Exchange has the connector marked as validated."""


@dataclass(frozen=True, kw_only=True)
class OutboundConnectorValidationArgs:
    """Which connector to validate, with which addresses."""

    connector: Input[str]
    """GUID of the connector: its `id`."""
    recipients: Annotated[Input[Sequence[Input[str]]], Wire("ValidationRecipients", unordered=True, form=forms.ADDRESS)]
    """Addresses to send a test message to, in domains of the connector."""
    routing: Input[Mapping[str, Any]] | None = None
    """Whatever the outcome depends on; when it changes, the validation runs again."""
    accept_failures: bool | None = None
    """Go on with a warning where a task fails."""


class OutboundConnectorValidationProvider(ExchangeProvider):
    """Lifecycle of a connector's validation: create and update run it, delete leaves the mark."""

    noun = Noun(
        "OutboundConnector", OutboundConnectorValidationArgs, settings=("connector", "routing", "accept_failures")
    )

    def rules(self, desired: Properties) -> Problems:
        """Both parameters are mandatory (page of Validate-OutboundConnector)."""
        if not desired.get("connector"):
            yield "connector", "is required: pass the connector's id"
        if desired.get("recipients") == []:
            yield "recipients", "must name at least one address in a domain of the connector"

    def irrevocable(self, state: Properties, desired: Properties) -> Collection[str]:
        """Another connector is another validation."""
        return ["connector"] if desired.get("connector") not in (state.get("connector"), UNKNOWN) else []

    def unsettled(self, state: Properties, desired: Properties) -> bool:
        """Run again when the routing changed, or when the mark was lost; a failure that was accepted stays accepted."""
        moved = "routing" in desired and desired["routing"] != state.get("routing")
        unmarked = not state.get(IS_VALIDATED) and not desired.get("accept_failures")
        return moved or unmarked

    def make(self, exchange: "Exchange", desired: Properties) -> Mapping[str, Any]:
        """Validate, and give the connector as it is marked after."""
        return self.validated(exchange, str(desired["connector"]), desired)

    def completed(
        self, exchange: "Exchange", id_: str, desired: Properties, made: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Nothing is left to set: the outcome has been stored."""
        return made

    def brought(self, exchange: "Exchange", id_: str, state: Properties, desired: Properties) -> dict[str, Any]:
        """Validate again, whatever the change was."""
        return self.outputs(exchange, desired, self.validated(exchange, id_, desired), written=("recipients",))

    def validated(self, exchange: "Exchange", id_: str, desired: Properties) -> Mapping[str, Any]:
        """Run the tasks, store the outcome, read the connector back."""
        recipients = self.noun.parameters(desired, "Set")["ValidationRecipients"]
        exchange.tell(f"Validating the connector with {', '.join(recipients)}; Exchange takes up to a few minutes")
        parameters = {"Identity": id_, "Recipients": recipients}
        tasks = [task_of(item) for item in exchange.invoke("Validate-OutboundConnector", parameters).objects]
        succeeded = bool(tasks) and all(task["status"] == "Succeeded" for task in tasks)
        if not succeeded:
            self._failed(exchange, tasks, accepted=bool(desired.get("accept_failures")))
        now = datetime.fromtimestamp(exchange.policy.clock(), UTC).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
        outcome = {"IsValidated": succeeded, "LastValidationTimestamp": now, "ValidationRecipients": recipients}
        self.set_parameters(exchange, id_, outcome)
        known = {**desired, IS_VALIDATED: succeeded}
        seen, _ = self.reread(exchange, id_, known, {}, ("recipients",))
        return {**seen, TASKS: tasks}

    def _failed(self, exchange: "Exchange", tasks: Sequence[Mapping[str, str]], *, accepted: bool) -> None:
        lines = [f"  {task['task']}: {task['status']}  {task['detail']}".rstrip() for task in tasks]
        report = "\n".join(lines or ["  Exchange named no task at all"])
        if accepted:
            exchange.tell(f"warning: the connector's validation failed and accept_failures is set:\n{report}")
            return
        raise errors.Refused(
            f"The connector's validation failed:\n{report}\nThe connector stays as it is and is not marked validated. A "
            "new connector may need some minutes to work: run `pulumi up` again. If transport rules divert the test "
            "message (journal reports obey none), set accept_failures=True."
        )

    def outputs(
        self, exchange: "Exchange", known: Properties, seen: Properties, *, written: Collection[str] = ()
    ) -> dict[str, Any]:
        """Give the recipients, the mark, and the tasks as they last ran."""
        outputs = super().outputs(exchange, known, seen, written=written)
        mark = {
            IS_VALIDATED: bool(seen.get("IsValidated")),
            "last_validation_timestamp": seen.get("LastValidationTimestamp") or "",
            TASKS: list(seen.get(TASKS) or known.get(TASKS) or []),
        }
        return {**outputs, **mark}

    def observe(self, exchange: "Exchange", id_: str, known: Properties, names: Collection[str]) -> Mapping[str, Any]:
        """Get the connector; one in test mode may be listed only if asked for (Microsoft365DSC pull request 1893)."""
        try:
            return self.get(exchange, id_)
        except errors.NotFound:
            return self.get(exchange, id_, IncludeTestModeConnectors=True)

    def written(self, seen: Mapping[str, Any]) -> dict[str, Any]:
        """Name the connector by its GUID. Raises `Refused` where it was never validated: there is nothing to import."""
        if not seen.get("IsValidated") or not seen.get("ValidationRecipients"):
            raise errors.Refused(
                f"The connector {seen.get('Name')!r} is not marked as validated with any address, so there is no "
                "validation to import. Write the OutboundConnectorValidation in the program: `pulumi up` runs it."
            )
        return {**super().written(seen), "connector": settle.guid_of(seen)}

    def remove(self, exchange: "Exchange", id_: str, state: Properties) -> None:
        """Leave the mark: that the connector was validated stays true."""


def task_of(item: Mapping[str, Any]) -> dict[str, str]:
    """Read one task: `TaskName` and `IsTaskSuccessful` are confirmed, the name of the detail is not, so all else is it."""
    known = ("TaskName", "IsTaskSuccessful")
    rest = [str(value) for name, value in item.items() if name not in known and value not in (None, "", [])]
    status = "Succeeded" if item.get("IsTaskSuccessful") is True else "Failed"
    return {"task": str(item.get("TaskName") or "unnamed task"), "status": status, "detail": "; ".join(rest)}


class OutboundConnectorValidation(ExchangeResource, module="area1", name="OutboundConnectorValidation"):
    """The validation of an outbound connector."""

    provider_class = OutboundConnectorValidationProvider
    computed = (TASKS, IS_VALIDATED, "last_validation_timestamp")

    tasks: pulumi.Output[Sequence[Mapping[str, str]]]
    is_validated: pulumi.Output[bool]
    last_validation_timestamp: pulumi.Output[str]

    def __init__(
        self, resource_name: str, args: OutboundConnectorValidationArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(resource_name, args, opts)
