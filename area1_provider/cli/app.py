"""What can be typed after `area1`. Only parses, calls `commands` and renders: no rule of any command lives here.

What a command needs is imported when it runs, so that `--help` is quick.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

STACK = typer.Option(help="Stack whose config names the tenant; else the selected one, else the environment.")
JSON = typer.Option("--json", help="JSON instead of a table.")

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    """Print the version that is installed, and leave."""
    if wanted:
        typer.echo(f"area1-provider {version('area1-provider')}")
        raise typer.Exit


@app.callback()
def area1(
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=show_version, is_eager=True)
    ] = False,
) -> None:
    """Exchange Online journaling to Cloudflare Area 1."""


@app.command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "allow_interspersed_args": False},
)
def emulator(context: typer.Context) -> None:
    """Serve an offline Exchange Online on loopback (`area1 emulator --help`)."""
    from area1_provider.emulator.serve import app as offline  # noqa: PLC0415

    offline(args=context.args, prog_name="area1 emulator")


@app.command()
def demo() -> None:
    """Play the whole guide against an offline Exchange: up, drift, repair, destroy."""
    from area1_provider.cli.render import Stage, shown_on  # noqa: PLC0415
    from area1_provider.commands.demo import run  # noqa: PLC0415

    stage = Stage(shown_on())
    run(stage, Path.cwd())
    stage.close()


@app.command()
def status(stack: Annotated[str | None, STACK] = None, as_json: Annotated[bool, JSON] = False) -> None:
    """Tick the guide's steps from what the tenant holds; exit code 1 if one is open. Changes nothing."""
    from area1_provider.cli.render import shown_on, status_table  # noqa: PLC0415
    from area1_provider.commands.status import observe  # noqa: PLC0415
    from area1_provider.commands.target import choose  # noqa: PLC0415

    chosen = choose(stack, Path.cwd())
    found = observe(chosen.exchange(), chosen.args())
    if as_json:
        typer.echo(json.dumps({"stack": chosen.stack, **found.plain()}, indent=2))
    else:
        shown_on().print(status_table(found, title=f"Tenant {found.tenant} ({chosen.named})"))
    raise typer.Exit(0 if found.complete else 1)


@app.command()
def doctor(stack: Annotated[str | None, STACK] = None, as_json: Annotated[bool, JSON] = False) -> None:
    """Say what is set up and what is missing to reach the tenant; exit code 1 if anything is missing."""
    from area1_provider.cli.render import doctor_table, shown_on  # noqa: PLC0415
    from area1_provider.commands.doctor import examine, plain  # noqa: PLC0415

    checks = examine(stack, Path.cwd())
    if as_json:
        typer.echo(json.dumps(plain(checks), indent=2))
    else:
        shown_on().print(doctor_table(checks))
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)


@app.command("import")
def import_(
    noun: Annotated[
        str,
        typer.Argument(
            help="OutboundConnector, OutboundConnectorValidation, TransportConfig, JournalRule or DistributionGroup."
        ),
    ],
    identity: Annotated[
        str, typer.Argument(help="Name, GUID or address of the object; a TransportConfig needs none.")
    ] = "",
    name: Annotated[str | None, typer.Option(help="Logical name in the program; made of the object's name.")] = None,
    stack: Annotated[str | None, typer.Option(help="Stack to import into; the selected one by default.")] = None,
    parent: Annotated[str | None, typer.Option(help="Logical name of the component that it belongs to.")] = None,
) -> None:
    """Bring an object of the tenant into a stack, and print the program for it. Changes nothing in the tenant."""
    from area1_provider.commands.import_object import bring_in  # noqa: PLC0415
    from area1_provider.project import required  # noqa: PLC0415

    done = bring_in(required(Path.cwd()), stack, noun, identity, name, parent)
    typer.echo(f"{noun} {done.name!r} ({done.id}) is in stack {done.stack}. The program that goes with it:\n", err=True)
    typer.echo(done.program, nl=False)


@app.command()
def repair(
    stack: Annotated[str | None, typer.Option(help="Stack to settle; the selected one by default.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Settle what a run that was cut off left: unlock the stack, take what was made into its state, drop the rest.

    Old halves of replacements that no run has removed are removed in the tenant; nothing else is changed there.
    """
    from area1_provider.commands.repair import carry_out, plan, summary  # noqa: PLC0415
    from area1_provider.project import required  # noqa: PLC0415

    project = required(Path.cwd())
    planned = plan(project, project.chosen_stack(stack))
    typer.echo(summary(planned))
    if not yes and not planned.steps and not planned.halves:
        return
    if not yes:
        typer.confirm("Is no other run of this stack alive, and shall this be done?", abort=True)
    carry_out(project, planned)
    typer.echo(f"Stack {planned.stack} is unlocked and nothing is pending. Now run what was cut off again.")


@app.command()
def drift(
    stack: Annotated[
        list[str] | None, typer.Option(help="Stack to check, several times for several; all by default.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout instead of text.")] = False,
    junit: Annotated[Path | None, typer.Option(help="File for a JUnit report.", dir_okay=False)] = None,
    html: Annotated[Path | None, typer.Option(help="File for an HTML report.", dir_okay=False)] = None,
    jobs: Annotated[int, typer.Option(help="Stacks at a time.", min=1, max=64)] = 4,
    run_program: Annotated[
        bool, typer.Option("--run-program", help="Use today's stack config instead of that of the last `pulumi up`.")
    ] = False,
) -> None:
    """Compare tenants with their stacks; exit code 0 no drift, 7 drift, 1 failure. Changes nothing."""
    from area1_provider.commands.drift import Reports, run  # noqa: PLC0415

    raise typer.Exit(run(stack or (), Reports(as_json, junit, html), jobs=jobs, run_program=run_program))


@app.command()
def bootstrap(
    print_: Annotated[bool, typer.Option("--print", help="Write the commands to stdout. Nothing is run.")] = False,
    name: Annotated[str, typer.Option(help="Name of the application.")] = "area1-journaling",
    role: Annotated[
        str, typer.Option(help="exchange-administrator, global-reader or role-group.")
    ] = "exchange-administrator",
    github: Annotated[str | None, typer.Option(help="OWNER/REPOSITORY whose workflows sign in.")] = None,
    environment: Annotated[list[str] | None, typer.Option(help="GitHub environment that may sign in.")] = None,
    branch: Annotated[list[str] | None, typer.Option(help="GitHub branch that may sign in.")] = None,
    pull_requests: Annotated[bool, typer.Option("--pull-requests", help="GitHub pull requests may sign in.")] = False,
    issuer: Annotated[
        str | None, typer.Option(help="Issuer of another pipeline's tokens (Azure DevOps, GitLab).")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="Subject of those tokens.")] = None,
    certificate: Annotated[str | None, typer.Option(help="PEM file with a certificate's public part.")] = None,
    secret: Annotated[bool, typer.Option("--secret", help="A client secret.")] = False,
    tenant: Annotated[str | None, typer.Option(help="GUID of the only tenant to register in.")] = None,
) -> None:
    """Write the commands that register the application with exactly the permissions it needs."""
    from area1_provider.commands.bootstrap import Wanted, commands  # noqa: PLC0415

    if not print_:
        raise typer.BadParameter("add it: this command runs nothing by itself", param_hint="--print")
    places = (tuple(environment or ()), tuple(branch or ()), pull_requests)
    wanted = Wanted(name, role, github, *places, issuer, subject, certificate, secret, tenant)
    typer.echo(commands(wanted), nl=False)
