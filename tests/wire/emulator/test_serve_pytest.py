"""The fixtures that come with the package, used as somebody else's tests would."""

import subprocess
import sys
from pathlib import Path

THEIR_TESTS = """
import os
import requests

def sign_in(exchange):
    account = exchange.account()
    form = {"grant_type": "client_credentials", "client_id": account.client_id, "client_secret": account.client_secret,
            "scope": "https://outlook.office365.com/.default"}
    with requests.Session() as http:
        http.verify, http.trust_env = exchange.ca_file, False
        token = http.post(f"{exchange.authority}/oauth2/v2.0/token", data=form).json()["access_token"]
        body = {"CmdletInput": {"CmdletName": "New-DistributionGroup", "Parameters": {"Name": "Group"}}}
        url = f"{exchange.exchange_url}/adminapi/beta/{account.tenant_id}/InvokeCommand"
        return http.post(url, json=body, headers={"Authorization": f"Bearer {token}"})

def test_one(exchange):
    assert exchange.control.calls() == []
    assert sign_in(exchange).status_code == 200

def test_two(exchange):
    assert exchange.control.calls() == []
    assert sign_in(exchange).status_code == 200, "the tenant is as new for each test"

def test_three(exchange_environment):
    assert os.environ["AREA1_EXCHANGE_URL"] == exchange_environment["AREA1_EXCHANGE_URL"]
"""


def test_fixtures_serve_other_peoples_tests(tmp_path: Path) -> None:
    """A fresh tenant for each test, one server for all, and nothing left open at the end."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["area1_provider.emulator.pytest_plugin"]\n')
    (tmp_path / "test_theirs.py").write_text(THEIR_TESTS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "--rootdir",
        str(tmp_path),
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, str(tmp_path)], capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
