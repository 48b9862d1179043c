"""An offline Exchange Online with its Entra, on loopback behind TLS. Nothing of the provider is imported here.

In process::

    with Emulator() as emulator:
        emulator.environment()      # variables that point a client at it
        emulator.control.calls()    # which cmdlets were asked for

As a process: `area1 emulator`, or `python -m area1_provider.emulator`. In tests: the pytest plugin
`area1_provider.emulator.pytest_plugin`.
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
