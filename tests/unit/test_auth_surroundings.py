"""Surroundings: for each cloud the hosts that may be asked, and what msal is told about them."""

import pytest

from area1_provider.auth.sources import Surroundings
from area1_provider.errors import SignInError
from area1_provider.settings import load

BASE = {"ARM_TENANT_ID": "contoso.com", "ARM_CLIENT_ID": "app", "ARM_CLIENT_SECRET": "s"}


class Nowhere:
    """An HTTP library that must not be reached."""

    def get(self, url: str, **_: object) -> None:
        """Say that it was."""
        raise LookupError(url)

    post = get


def surroundings(**environ: str) -> Surroundings:
    """Give the surroundings for these variables."""
    settings = load({**BASE, **environ}, {})
    return Surroundings(settings, Nowhere(), lambda: 0.0, {}, print, lambda _: None)


@pytest.mark.parametrize(
    ("cloud", "host"),
    [
        ("public", "login.microsoftonline.com"),
        ("usgovernment", "login.microsoftonline.us"),
        ("dod", "login.microsoftonline.us"),
        ("china", "login.chinacloudapi.cn"),
        ("china", "login.partner.microsoftonline.cn"),
    ],
)
def test_hosts_of_clouds(cloud: str, host: str) -> None:
    """A cloud's own sign-in hosts are asked, and those of other clouds are not."""
    channel = surroundings(ARM_ENVIRONMENT=cloud).channel()
    with pytest.raises(LookupError, match=host):
        channel.get(f"https://{host}/contoso.com")

    with pytest.raises(SignInError, match="Nothing was sent there"):
        channel.post("https://login.windows.net/contoso.com/oauth2/v2.0/token")


def test_known_host() -> None:
    """Of a host of Microsoft's msal may find out for itself that it is one."""
    assert surroundings().authority() == {
        "authority": "https://login.microsoftonline.com/contoso.com",
        "instance_discovery": None,
    }


def test_own_host() -> None:
    """Microsoft is not asked about a host that is not theirs, and the real hosts are not asked at all."""
    here = surroundings(AREA1_AUTHORITY_HOST="https://localhost:8443")

    assert here.authority() == {"authority": "https://localhost:8443/contoso.com", "instance_discovery": False}
    with pytest.raises(SignInError):
        here.channel().get("https://login.microsoftonline.com/contoso.com")
