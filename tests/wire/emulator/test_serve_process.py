"""The emulator as a process: its command line, ready file, signals, what survives a restart, and `run`."""

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

EMULATOR = (sys.executable, "-m", "area1_provider.emulator")
PATIENCE = 120.0


def clean() -> dict[str, str]:
    """Give this environment without what would point elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ARM_", "AREA1_"))}


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """Run the emulator until the block ends; give process and ready file."""
    ready = folder / "ready.json"
    command = [*EMULATOR, "--ready-file", str(ready), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=clean()) as process:
        try:
            deadline = time.monotonic() + PATIENCE
            while not ready.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            yield process, json.loads(ready.read_text())
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)
            ready.unlink(missing_ok=True)


def invoke(ready: dict[str, Any], cmdlet: str, tenant: int = 0, **parameters: Any) -> requests.Response:
    """Sign in by what the ready file says, and send one cmdlet."""
    account = ready["tenants"][tenant]
    form = {
        "grant_type": "client_credentials",
        "client_id": account["client_id"],
        "client_secret": account["client_secret"],
        "scope": "https://outlook.office365.com/.default",
    }
    with requests.Session() as http:
        http.verify, http.trust_env = ready["ca_file"], False
        base = f"{ready['exchange_url']}/{account['tenant_id']}"
        token = http.post(f"{base}/oauth2/v2.0/token", data=form).json()["access_token"]
        url = f"{ready['exchange_url']}/adminapi/beta/{account['tenant_id']}/InvokeCommand"
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}
        return http.post(url, json=body, headers={"Authorization": f"Bearer {token}"})


def test_ready_file_is_the_way_in(tmp_path: Path) -> None:
    """The ready file holds all that a client needs, for each tenant; it is its owner's alone."""
    names = ["contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com"]
    with serving(tmp_path, "--organization", names[0], "--organization", names[1]) as (process, ready):
        assert ready["pid"] == process.pid
        assert [one["organization"] for one in ready["tenants"]] == names
        assert ready["authority"] == f"{ready['exchange_url']}/{ready['tenants'][0]['tenant_id']}"
        assert all(len(one["recipients"]) >= 4 for one in ready["tenants"])
        assert stat.S_IMODE((tmp_path / "ready.json").stat().st_mode) == 0o600
        for tenant in (0, 1):
            assert invoke(ready, "Get-TransportConfig", tenant).status_code == 200
        with requests.Session() as http:
            http.verify, http.trust_env = ready["ca_file"], False
            headers = {"Authorization": f"Bearer {ready['control_token']}"}
            assert len(http.get(f"{ready['control_url']}/calls", headers=headers).json()["calls"]) == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_well_on_signals(tmp_path: Path, number: int) -> None:
    """SIGTERM and SIGINT end it with code 0, also while a client keeps its connection; no traceback."""
    with serving(tmp_path) as (process, ready), requests.Session() as http:
        http.verify, http.trust_env = ready["ca_file"], False
        http.get(f"{ready['authority']}/v2.0/.well-known/openid-configuration")
        process.send_signal(number)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert "Traceback" not in said


def test_store_and_tls_survive_a_restart(tmp_path: Path) -> None:
    """With a store ids, secrets and objects stay; with a TLS directory the CA does."""
    kept = ("--store", str(tmp_path / "tenants.db"), "--tls-dir", str(tmp_path / "tls"))
    with serving(tmp_path, *kept) as (_, first):
        assert invoke(first, "New-DistributionGroup", Name="Group").status_code == 200
        authority = Path(first["ca_file"]).read_bytes()
    with serving(tmp_path, *kept) as (_, second):
        assert second["tenants"] == first["tenants"]
        assert Path(second["ca_file"]).read_bytes() == authority
        assert invoke(second, "Get-DistributionGroup", Identity="Group").status_code == 200


def test_hostnames_are_in_the_certificate(tmp_path: Path) -> None:
    """A client finds the cloud's name in the certificate, a container's of one label, an address, or a wildcard's."""
    names = ("outlook.office365.com", "exchange", "192.0.2.7", "2001:db8::7", "*.office365.us")
    options = [part for name in names for part in ("--hostname", name)]
    with serving(tmp_path, *options) as (_, ready):
        context = ssl.create_default_context(cafile=ready["ca_file"])
        port = int(ready["exchange_url"].rpartition(":")[2])
        for name in (*names[:-1], "outlook.office365.us", "localhost"):
            with (
                socket.create_connection(("127.0.0.1", port)) as connection,
                context.wrap_socket(connection, server_hostname=name),
            ):
                pass


def fails(*options: str) -> str:
    """Run to the end, expect code 1 and one message; give it."""
    done = subprocess.run(
        [*EMULATOR, *options], capture_output=True, text=True, timeout=PATIENCE, env=clean(), check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_port_in_use(tmp_path: Path) -> None:
    """A port that is taken is one clear message and code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = fails("--port", str(port), "--ready-file", str(tmp_path / "ready.json"))
    assert f"127.0.0.1:{port}" in said
    assert "--port" in said
    assert not (tmp_path / "ready.json").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "exchange.invalid"])
def test_host_that_is_not_here(host: str) -> None:
    """Against an address of another machine another port would not help."""
    said = fails("--host", host)
    assert host in said
    assert "--host: an address of this machine" in said
    assert "--port" not in said


def test_ready_file_that_cannot_be_written(tmp_path: Path) -> None:
    """It is called as it was named, not by the draft that is written first."""
    place = tmp_path / "missing" / "ready.json"
    assert fails("--ready-file", str(place)) == (
        f"area1 emulator: Cannot write --ready-file {place}: No such file or directory.\n"
    )


def test_other_beginnings_that_cannot_be(tmp_path: Path) -> None:
    """A file that is no database, no directory, no domain, no host name: each one message that names it."""
    nonsense = tmp_path / "nonsense"
    nonsense.write_text("not a database " * 1000)
    for store in (nonsense, tmp_path / "missing" / "store"):
        said = fails("--store", str(store))
        assert "database" in said
        assert str(store) in said
    assert "domain" in fails("--organization", "not a domain")
    for name in ("https://exchange", "my host", "-x", "10.0.0.256/8", ""):
        assert f"'{name}' is neither a host name nor an IP address." in fails("--hostname", name)
    assert fails("--ready-file", str(tmp_path / "missing" / "ready.json"))


def test_trouble_by_file(tmp_path: Path) -> None:
    """The file's trouble is there from the first call on, with `run` too."""
    script = tmp_path / "trouble.json"
    script.write_text('[{"match": {"surface": "entra"}, "action": {"kind": "status", "status": 503}}, {"seed": 7}]')
    ask = (
        "import json, os, ssl, urllib.request as web\n"
        "url, token = (os.environ[f'AREA1_EMULATOR_CONTROL_{name}'] for name in ('URL', 'TOKEN'))\n"
        "asked = web.Request(f'{url}/faults', headers={'Authorization': f'Bearer {token}'})\n"
        "trusted = ssl.create_default_context(cafile=os.environ['AREA1_CA_FILE'])\n"
        "print(web.urlopen(asked, context=trusted).read().decode())"
    )
    command = [*EMULATOR, "--faults", str(script), "run", "--", sys.executable, "-c", ask]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=clean(), check=True)

    kept = json.loads(done.stdout)["faults"]
    assert kept[0]["action"]["status"] == 503
    assert len(kept) > 1


def test_a_file_of_no_trouble(tmp_path: Path) -> None:
    """Every problem is named, nothing is served, and the exit code is that of a wrong option."""
    script, ready = tmp_path / "trouble.json", tmp_path / "ready.json"
    script.write_text('[{"action": {"kind": "plague"}}, 7, {"seed": 1, "tenant": "fabrikam.com"}]')
    command = [*EMULATOR, "--faults", str(script), "--ready-file", str(ready)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=clean(), check=False)

    assert done.returncode == 2
    assert [line.partition(f"{script}: ")[2][:6] for line in done.stderr.splitlines()] == ["rule 1", "rule 2", "rule 3"]
    assert "open are contoso.onmicrosoft.com" in done.stderr
    assert not ready.exists()


def test_a_stale_ready_file_is_gone_before_it_is_written_anew(tmp_path: Path) -> None:
    """What an earlier process left does not pass for this one."""
    (tmp_path / "ready.json").write_text("{}")
    said = fails("--host", "256.0.0.1", "--ready-file", str(tmp_path / "ready.json"))
    assert "256.0.0.1" in said
    assert not (tmp_path / "ready.json").exists()


# run


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command against an emulator of its own."""
    environment = {**clean(), "ARM_USE_OIDC": "true"}
    return subprocess.run(
        [*EMULATOR, "run", "--", *command],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment,
        check=False,
    )


def test_run_points_the_command_at_the_emulator() -> None:
    """The command's environment is complete, and other ways to sign in are out of it."""
    done = run(sys.executable, "-c", "import os, json; print(json.dumps(dict(os.environ)))")
    assert done.returncode == 0, done.stderr
    given = json.loads(done.stdout)
    assert {"ARM_TENANT_ID", "ARM_CLIENT_ID", "ARM_CLIENT_SECRET", "AREA1_CA_FILE"} <= set(given)
    assert given["AREA1_EXCHANGE_URL"].startswith("https://localhost:")
    assert given["AREA1_AUTHORITY_HOST"].startswith("https://localhost:")
    assert "ARM_USE_OIDC" not in given


def test_run_passes_arguments_and_codes_on() -> None:
    """Options of the command are its own, and its exit code is ours."""
    done = run("sh", "-c", 'echo "$@"; exit 7', "sh", "--port", "x", "--help")
    assert (done.returncode, done.stdout) == (7, "--port x --help\n")


def test_run_tells_death_by_signal() -> None:
    """A command killed by signal n is 128 + n."""
    assert run("sh", "-c", "kill -KILL $$").returncode == 128 + signal.SIGKILL


def test_run_without_a_command_to_be_had(tmp_path: Path) -> None:
    """Not found is 127, not executable is 126, as shells say; both with one message."""
    plain = tmp_path / "plain"
    plain.write_text("")
    for command, code in (("no-such-command-here", 127), (str(plain), 126)):
        done = run(command)
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (code, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_passes_signals_on(number: int) -> None:
    """The command gets the signal, ends in its own way, and its code is passed on."""
    child = (
        "import signal, sys, time\n"
        f"signal.signal({int(number)}, lambda *_: sys.exit(42))\n"
        "print('up', flush=True)\n"
        "time.sleep(60)"
    )
    command = [*EMULATOR, "run", "--", sys.executable, "-c", child]
    # a session of its own: no terminal's keyboard has sent the signal to both
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=clean(), start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        process.send_signal(number)
        assert process.wait(PATIENCE) == 42
