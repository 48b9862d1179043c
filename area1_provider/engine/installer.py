"""The third way: Pulumi's own installer, as its Python SDK runs it, in a process of its own.

In a process of its own because it has no time limit, and so that pulumi is never imported here.
"""

from area1_provider.engine.release import CLI_VERSION
from area1_provider.engine.workshop import Workshop

#: Seconds for the whole installation; the download is about 100 MB.
LIMIT = 300.0

#: Arguments: root folder, version. The socket's own limit makes an unreachable site fail in seconds.
SCRIPT = """
import socket, subprocess, sys
socket.setdefaulttimeout(10)
try:
    from pulumi.automation import PulumiCommand
    from semver import VersionInfo
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
except subprocess.CalledProcessError as error:
    sys.exit((error.output or b"").decode(errors="replace")[-2000:] or str(error))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def run_installer(shop: Workshop) -> None:
    """Fill the product's `bin`; raises WayFailed with the installer's own words."""
    command = [shop.python, "-c", SCRIPT, str(shop.product), CLI_VERSION]
    shop.run(f"asking Pulumi's installer for {CLI_VERSION}", command, limit=LIMIT, env=shop.env)
