"""The emulator as a process: options, ready file, signals, and `run -- COMMAND`. What it serves lives elsewhere."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from area1_provider.emulator.emulator import ORGANIZATION, Emulator, PortInUse
from area1_provider.emulator.entra.tenants import DOMAIN
from area1_provider.emulator.scripts import Misread, read_file

NOT_FOUND, NOT_EXECUTABLE, BY_SIGNAL = 127, 126, 128
"""Exit codes as shells give them."""
USAGE = 2
"""Exit code for options that are wrong, as of the command line's own parser."""


@dataclass(frozen=True)
class Options:
    """How to serve. Names are those of the command line."""

    host: str = "127.0.0.1"
    port: int = 0
    store: Path | None = None
    tls_dir: Path | None = None
    hostname: Sequence[str] = ()
    organization: Sequence[str] = (ORGANIZATION,)
    ready_file: Path | None = None
    faults: Path | None = None

    def emulator(self, *, logged: bool) -> Emulator:
        """Make the emulator, not started; raises ValueError for an organization that is no domain."""
        for name in self.organization:
            if not DOMAIN.fullmatch(name):
                raise ValueError(f"'{name}' is not a domain name such as {ORGANIZATION}.")
        return Emulator(
            self.organization or (ORGANIZATION,),
            host=self.host,
            port=self.port,
            store=self.store,
            tls_dir=self.tls_dir,
            hostnames=self.hostname,
            log=sys.stderr if logged else None,
        )

    def script(self, emulator: Emulator) -> None:
        """Put the file's trouble into force. Raises Misread that names every problem of the file, or OSError."""
        if self.faults is not None:
            emulator.control.script(read_file(self.faults, emulator.control.organization))


def serve(options: Options) -> int:
    """Serve until SIGTERM or SIGINT, then give 0.

    If serving cannot begin it says why and gives 1, or 2 where the file of trouble is none.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        if options.ready_file is not None:
            options.ready_file.unlink(missing_ok=True)
        with options.emulator(logged=True) as emulator:
            options.script(emulator)
            _announce(emulator, options.ready_file)
            stop.wait()
    except (PortInUse, ValueError, OSError, sqlite3.Error) as error:
        return _give_up(error)
    return 0


def run(options: Options, command: Sequence[str]) -> int:
    """Start an emulator, run `command` pointed at it, stop, and give the command's exit code (128 + n for signal n)."""
    try:
        with options.emulator(logged=False) as emulator:
            options.script(emulator)
            if options.ready_file is not None:
                write_ready_file(options.ready_file, emulator)
            return _supervise(command, _environment(emulator))
    except (PortInUse, ValueError, OSError, sqlite3.Error) as error:
        return _give_up(error)


def ready(emulator: Emulator) -> dict[str, Any]:
    """Give what the ready file says: addresses, CA, process id, and each tenant with the way in."""
    return {
        "exchange_url": emulator.exchange_url,
        "authority": emulator.authority,
        "ca_file": emulator.ca_file,
        "pid": os.getpid(),
        "tenants": [asdict(emulator.account(tenant.organization)) for tenant in emulator.tenants],
        "control_url": emulator.control_url,
        "control_token": emulator.control_token,
    }


def write_ready_file(path: Path, emulator: Emulator) -> None:
    """Write the ready file whole, readable by its owner only: it holds the client secrets. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(ready(emulator), file, indent=2)
        draft.replace(path)
    except OSError as error:
        raise OSError(f"Cannot write --ready-file {path}: {error.strerror}.") from error


def _announce(emulator: Emulator, ready_file: Path | None) -> None:
    if ready_file is not None:
        write_ready_file(ready_file, emulator)
    names = ", ".join(tenant.organization for tenant in emulator.tenants)
    print(f"Offline Exchange for {names} at {emulator.exchange_url}", file=sys.stderr, flush=True)  # noqa: T201


def _give_up(error: Exception) -> int:
    misread = isinstance(error, Misread)
    said = f"--faults: {error}" if misread else error
    print(f"area1 emulator: {said}", file=sys.stderr)  # noqa: T201 - this is the command's voice
    return USAGE if misread else 1


def _environment(emulator: Emulator) -> dict[str, str]:
    """Give the child's environment; other ways to sign in are taken out of it, lest they win."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ARM_")}
    control = {
        "AREA1_EMULATOR_CONTROL_URL": emulator.control_url,
        "AREA1_EMULATOR_CONTROL_TOKEN": emulator.control_token,
    }
    return {**inherited, **emulator.environment(), **control}


def _supervise(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the child, pass signals on to it, and give its exit code."""
    try:
        child = subprocess.Popen(list(command), env=dict(environment))
    except FileNotFoundError:
        _give_up(FileNotFoundError(f"{command[0]}: command not found"))
        return NOT_FOUND
    except PermissionError:
        _give_up(PermissionError(f"{command[0]}: not executable"))
        return NOT_EXECUTABLE

    def forward(number: int, frame: object) -> None:
        del frame
        # from a terminal's keyboard the child has it already, and twice means kill to many
        if number != signal.SIGINT or not _in_foreground():
            child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, forward)
    code = child.wait()
    return code if code >= 0 else BY_SIGNAL - code


def _in_foreground() -> bool:
    with suppress(OSError):
        terminal = os.open("/dev/tty", os.O_RDONLY)
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        finally:
            os.close(terminal)
    return False


app = typer.Typer(
    help="An offline Exchange Online on loopback.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 0,
    store: Annotated[Path | None, typer.Option(help="SQLite file that keeps the tenants.", dir_okay=False)] = None,
    tls_dir: Annotated[Path | None, typer.Option(help="Directory that keeps the CA.", file_okay=False)] = None,
    hostname: Annotated[
        list[str] | None, typer.Option(help="A further host name or address in the certificate.")
    ] = None,
    organization: Annotated[list[str] | None, typer.Option(help="Initial domain of a tenant.")] = None,
    ready_file: Annotated[
        Path | None, typer.Option(help="Written when connections are accepted.", dir_okay=False)
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(help="JSON that scripts trouble from the start.", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Serve an offline Exchange Online until SIGTERM or SIGINT."""
    options = Options(host, port, store, tls_dir, hostname or (), organization or (ORGANIZATION,), ready_file, faults)
    context.obj = options
    if context.invoked_subcommand is None:
        raise typer.Exit(serve(options))


@app.command("run", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def run_command(
    context: typer.Context, command: Annotated[list[str], typer.Argument(help="Command and its arguments.")]
) -> None:
    """Run COMMAND against an offline Exchange of its own, and give its exit code."""
    raise typer.Exit(run(context.obj, command))
