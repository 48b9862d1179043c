"""Microsoft's clouds as data: where tokens come from, where Exchange is, who may be trusted with a token.

No rule lives here and nothing is looked up: a host that is not in this table does not exist for the provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Cloud:
    """One national cloud; hosts are bare names without scheme or port."""

    name: str
    login_host: str
    exchange_host: str
    trusted_suffixes: tuple[str, ...]
    """Hosts (and their subdomains) that Exchange may redirect to with the token re-attached."""
    source: str
    """Where the hosts are written down, and what is in doubt."""
    login_aliases: tuple[str, ...] = ()
    """Other names of the login host, which its own discovery document may give."""

    @property
    def scope(self) -> str:
        """Give the scope to ask a token for: every permission granted on this cloud's Exchange."""
        return f"https://{self.exchange_host}/.default"

    @property
    def resource(self) -> str:
        """Give the audience of such a token, and what a managed identity is asked for."""
        return f"https://{self.exchange_host}"


_LEARN = "Microsoft Learn, Exchange Online Admin API authentication and endpoints reference"

CLOUDS: Mapping[str, Cloud] = MappingProxyType(
    {
        cloud.name: cloud
        for cloud in (
            Cloud(
                "public",
                "login.microsoftonline.com",
                "outlook.office365.com",
                # Some tenants are redirected to a prefix of this host: ScubaGear EXORestHelper.psm1.
                ("outlook.office365.com",),
                f"{_LEARN}; used by every public client of the endpoint; GCC is in this cloud",
            ),
            Cloud(
                "usgovernment",
                "login.microsoftonline.us",
                "outlook.office365.us",
                ("outlook.office365.us",),
                f"{_LEARN}; ScubaGear. GCC High. Unconfirmed: which app role app-only access needs there, "
                "and that redirects stay below this host",
            ),
            Cloud(
                "dod",
                "login.microsoftonline.us",
                "outlook-dod.office365.us",
                ("outlook-dod.office365.us",),
                f"{_LEARN}; ScubaGear. Unconfirmed: which app role app-only access needs there, "
                "and that redirects stay below this host",
            ),
            Cloud(
                "china",
                "login.chinacloudapi.cn",
                "partner.outlook.cn",
                ("partner.outlook.cn",),
                "MicrosoftDocs Connect-ExchangeOnline page (21Vianet). Conflict: Microsoft Learn lists "
                "outlook.office365.cn for the Admin API v2.0; set exchange_url if the tenant answers there",
                login_aliases=("login.partner.microsoftonline.cn",),
            ),
        )
    }
)

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "global": "public",
        "gcc": "public",
        "usgovernmentl4": "usgovernment",
        "gcchigh": "usgovernment",
        "usgovernmentl5": "dod",
    }
)
"""Other names that users of the azuread provider (Terraform, Pulumi) know for the same clouds."""


def find_cloud(name: str) -> Cloud | None:
    """Give the cloud of that name or alias, case ignored; None if there is none."""
    key = name.strip().lower()
    return CLOUDS.get(ALIASES.get(key, key))
