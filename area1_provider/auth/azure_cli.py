"""The identity that the Azure CLI is signed in with, asked for by running `az`.

Its output holds a token, so nothing of it is ever shown; its error text is.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass

from area1_provider.auth.refusals import explained
from area1_provider.auth.sources import Surroundings
from area1_provider.errors import SignInError

_SECONDS = 90.0
"""`az` starts slowly and may have to ask Entra."""


@dataclass(frozen=True)
class AzureCliSource:
    """Tokens from `az account get-access-token` (its page in the Azure CLI reference)."""

    surroundings: Surroundings
    seconds: float = _SECONDS

    def __call__(self, claims: str | None, *, fresh: bool) -> str:
        """Fetch a token. `az` has a cache of its own that cannot be told to let go; claims cannot be passed."""
        del claims, fresh
        done = self._run()
        if done.returncode != 0:
            raise self._failed(done.stderr)
        try:
            value = json.loads(done.stdout)["accessToken"]
        except (ValueError, KeyError, TypeError) as error:
            raise SignInError("az account get-access-token: its answer holds no token. Is az up to date?") from error
        return str(value)

    def _run(self) -> subprocess.CompletedProcess[str]:
        settings, environ = self.surroundings.settings, dict(self.surroundings.environ)
        program = shutil.which("az", path=environ.get("PATH"))
        if program is None:
            raise SignInError("The Azure CLI (az) is not on PATH. Install it, or choose another way to sign in.")
        command = [program, "account", "get-access-token", "--output", "json"]
        command += ["--resource", settings.cloud.resource, "--tenant", settings.tenant]
        try:
            return subprocess.run(
                command,
                env=environ,
                capture_output=True,
                text=True,
                timeout=self.seconds,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise SignInError(
                f"az gave no answer within {self.seconds:.0f} s. Try it by hand: az account show."
            ) from error
        except OSError as error:
            raise SignInError(f"{program} does not run: {error.strerror}.") from error

    def _failed(self, text: str) -> SignInError:
        settings = self.surroundings.settings
        return explained(
            settings,
            text.strip() or "(nothing)",
            speaker="az",
            hint=f"Sign in first: az login --tenant {settings.tenant} --scope {settings.cloud.scope}",
        )
