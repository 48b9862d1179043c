"""The admin API's front: InvokeCommand, paging, the module's own questions. What a cmdlet does lives in cmdlets."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from area1_provider.emulator import cmdlets
from area1_provider.emulator.calls import Calls
from area1_provider.emulator.clock import Clock
from area1_provider.emulator.cmdlets.errors import CmdletError, CmdletNotOffered
from area1_provider.emulator.cmdlets.outcome import Outcome
from area1_provider.emulator.entra.tenants import Tenants
from area1_provider.emulator.exchange.batch import Batch
from area1_provider.emulator.exchange.commands import Command, read_command
from area1_provider.emulator.exchange.envelopes import check_format, check_options, context, envelope
from area1_provider.emulator.exchange.gate import Admitted, Gate, check_anchor
from area1_provider.emulator.exchange.paging import LARGEST, Page, Pages, page_size
from area1_provider.emulator.exchange.refusals import Unauthorized, denied
from area1_provider.emulator.faults import Faults, Occasion
from area1_provider.emulator.tenant import Tenant
from area1_provider.emulator.web.http_errors import Problem, WrongMethod
from area1_provider.emulator.web.messages import Answer, Ask, Handler, json_answer

REDIRECT = "redirect_host"


@dataclass(frozen=True)
class Exchange:
    """The Exchange half of the server."""

    tenants: Tenants
    gate: Gate
    pages: Pages
    calls: Calls
    faults: Faults
    clock: Clock

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by name; refusals are already answers."""
        return {
            "invoke": self.guarded(self.invoke),
            "follow": self.guarded(self._follow),
            "batch": self.guarded(Batch(self.invoke).answer),
            "invoke_v1": self.guarded(_wrong_version),
            "module_file": self.guarded(self._module_file),
            "banner": self.guarded(self._banner),
        }

    def guarded(self, handler: Callable[[Ask, Admitted], Answer]) -> Handler:
        """Let only admitted requests reach the handler, and turn refusals into answers."""

        def answer(ask: Ask) -> Answer:
            try:
                admitted = self.gate.admit(ask)
                return self._redirect(ask, admitted.tenant) or handler(ask, admitted)
            except (Problem, Unauthorized) as refusal:
                return refusal.answer()

        return answer

    def invoke(self, ask: Ask, admitted: Admitted) -> Answer:
        """Carry out one cmdlet, or give the next page of one."""
        check_anchor(ask, admitted.tenant)
        check_format(ask)
        check_options(ask)
        size = page_size(ask.headers.get("prefer", ""))
        command = read_command(ask)
        return _Invocation(self, ask, admitted, command, size, _fingerprint(command)).answer()

    def _follow(self, ask: Ask, admitted: Admitted) -> Answer:
        """Give the next page to a client that follows nextLink by GET."""
        if "$skiptoken" not in ask.query:
            raise WrongMethod("The requested resource does not support http method 'GET'.", {"Allow": "POST"})
        check_anchor(ask, admitted.tenant)
        check_format(ask)
        check_options(ask)
        command = Command(self.pages.cmdlet(ask.query["$skiptoken"]), {})
        return _Invocation(self, ask, admitted, command, LARGEST, None).answer()

    def _redirect(self, ask: Ask, tenant: Tenant) -> Answer | None:
        """Send clients of a tenant that lives elsewhere to its regional host (met by ScubaGear)."""
        region = tenant.settings(REDIRECT)
        if not region or ask.hostname == region:
            return None
        port = ask.origin.removeprefix("https://").partition(":")[2]
        place = f"https://{region}:{port}" if port else f"https://{region}"
        return Answer(302, b"", {"Location": f"{place}{ask.target}"}, note="redirect")

    def _module_file(self, ask: Ask, admitted: Admitted) -> Answer:
        """Name the cmdlets offered. That they are filtered by the caller's roles is unconfirmed."""
        patterns = [one.strip().lower() for one in ask.headers.get("commandname", "*").split(",")]
        names = sorted(
            name
            for name in cmdlets.offered(admitted.caller)
            if any(fnmatchcase(name.lower(), pattern) for pattern in patterns)
        )
        value = [{"exportedCmdlets": ",".join(names)}]
        place = context(ask.origin, admitted.tenant, "EXOModuleFile", "v1.0")
        return json_answer({"@odata.context": place, "value": value})

    def _banner(self, ask: Ask, admitted: Admitted) -> Answer:
        """Answer what the module asks at connect; there is no banner to show."""
        return json_answer({"@odata.context": context(ask.origin, admitted.tenant, "EXOBanner"), "value": []})


def _wrong_version(ask: Ask, admitted: Admitted) -> Answer:
    del admitted
    raise WrongMethod(f"The requested resource does not support http method '{ask.method}'.", {"Allow": ""})


@dataclass(frozen=True)
class _Invocation:
    """One cmdlet on its way through scripted trouble, the tenant and the log."""

    exchange: Exchange
    ask: Ask
    admitted: Admitted
    command: Command
    size: int
    fingerprint: str | None

    def answer(self) -> Answer:
        tenant = self.admitted.tenant
        occasion = Occasion("exchange", tenant.organization, self.command.cmdlet)
        page: list[Page] = []
        disturbed = self.exchange.faults.around(occasion, lambda: self._carry_out(page))
        answer = disturbed.answer
        self.exchange.calls.add(
            request=self.ask.number,
            tenant=tenant.organization,
            cmdlet=self.command.cmdlet[:128],
            parameters=tuple(sorted(name[:128] for name in self.command.parameters if "@" not in name)),
            status=0 if answer.trouble else answer.status,
            session=self.ask.session,
            page=page[0].number if page else 1,
            fault=disturbed.fault,
            carried_out=disturbed.carried_out,
        )
        return answer

    def _carry_out(self, reached: list[Page]) -> Answer:
        """Give the true answer; refusals are answers here, so that trouble can befall them too."""
        try:
            page = self._page()
        except CmdletNotOffered:
            return denied(self.ask)
        except CmdletError as error:
            headers = {"x-ExceptionType": error.kind, "x-ExceptionTargetType": "System.Object"}
            return json_answer(error.body(), error.status, headers, note=error.kind.rpartition(".")[2])
        except Problem as problem:
            return problem.answer()
        reached.append(page)
        return envelope(self.ask, self.admitted.tenant, page)

    def _page(self) -> Page:
        tenant, pages, ask = self.admitted.tenant, self.exchange.pages, self.ask
        token = ask.query.get("$skiptoken")
        if token is not None or self.fingerprint is None:
            return pages.next(token or "", ask.session, tenant.tenant_id, self.fingerprint)
        cmdlet, outcome = self.command.cmdlet, self._outcome()
        return pages.first(outcome, ask.session, tenant.tenant_id, cmdlet, self.fingerprint, self.size)

    def _outcome(self) -> Outcome:
        exchange, tenant = self.exchange, self.admitted.tenant
        with exchange.tenants.lock(tenant):
            return cmdlets.invoke(
                tenant,
                self.command.cmdlet,
                self.command.parameters,
                self.admitted.caller,
                session=self.ask.session,
                now=exchange.clock(),
            )


def _fingerprint(command: Command) -> str:
    """Tell bodies apart without keeping what is in them."""
    content: Mapping[str, Any] = {"cmdlet": command.cmdlet.lower(), "parameters": command.parameters}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
