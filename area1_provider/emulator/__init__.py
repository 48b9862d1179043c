"""An offline Exchange Online with its Entra, on loopback behind TLS. Nothing of the provider is imported here.

In process::

    with Emulator() as emulator:
        emulator.environment()      # variables that point a client at it
        emulator.control.calls()    # which cmdlets were asked for

As a process: `area1 emulator`, or `python -m area1_provider.emulator`. In tests: the pytest plugin
`area1_provider.emulator.pytest_plugin`.

The rooms, each above those that follow it, none knowing one above::

    serve, pytest_plugin    the ways in; emulator.py puts everything together, routes.py says which path is whose
    control                 the handle for tests: calls, trouble, registrations, clock
    exchange                the admin API over HTTP: who may come in, commands, pages, batches, envelopes
    entra                   tenants by name, applications, credentials, tokens
    scripts, schedules      trouble as JSON; trouble that a seed draws
    faults, troubles, calls which call meets which misfortune; what was asked for
    cmdlets                 one noun a file: the rules. No HTTP from here on
    tenant                  the objects of one organisation, and their store
    tables                  what cmdlets take and objects hold, as data
    web, clock              requests and answers, the server, TLS; the time
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from area1_provider.emulator.emulator import Account, Emulator, PortInUse

__all__ = ["Account", "Emulator", "PortInUse"]


def __getattr__(name: str) -> Any:
    # cmdlets and their tables must be importable without the web server
    if name not in __all__:
        raise AttributeError(name)
    from area1_provider.emulator import emulator  # noqa: PLC0415

    return getattr(emulator, name)
