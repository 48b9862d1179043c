"""Which path is whose. Paths are lower case; the server matches them without case."""

from collections.abc import Mapping

from area1_provider.emulator.control.over_http import ControlHttp
from area1_provider.emulator.entra.endpoints import Entra
from area1_provider.emulator.entra.identities import Identities
from area1_provider.emulator.exchange.admin_api import Exchange
from area1_provider.emulator.web.messages import Handler


def routes(
    exchange: Exchange, entra: Entra, identities: Identities, control: ControlHttp
) -> Mapping[tuple[str, str], Handler]:
    """Give every route: (method, path) -> handler. The first of two that fit a path wins."""
    return {
        **control.routes(),
        **_exchange(exchange.handlers()),
        **_identities(identities.handlers()),
        **_entra(entra.handlers()),
    }


def _identities(handlers: Mapping[str, Handler]) -> dict[tuple[str, str], Handler]:
    return {
        ("GET", "/metadata/identity/oauth2/token"): handlers["machine"],
        ("GET", "/msi/token"): handlers["app_service"],
    }


def _exchange(handlers: Mapping[str, Handler]) -> dict[tuple[str, str], Handler]:
    beta, v1 = "/adminapi/beta/{tenant}", "/adminapi/v1.0/{tenant}"
    return {
        ("POST", f"{beta}/invokecommand"): handlers["invoke"],
        ("GET", f"{beta}/invokecommand"): handlers["follow"],
        ("POST", f"{beta}/$batch"): handlers["batch"],
        ("GET", f"{beta}/exobanner('autogensession')"): handlers["banner"],
        ("POST", f"{v1}/invokecommand"): handlers["invoke_v1"],
        ("GET", f"{v1}/invokecommand"): handlers["invoke_v1"],
        ("GET", f"{v1}/exomodulefile"): handlers["module_file"],
    }


def _entra(handlers: Mapping[str, Handler]) -> dict[tuple[str, str], Handler]:
    token = {
        (method, f"/{{tenant}}/oauth2{version}/{path}"): handlers[name]
        for version, path, name in (
            ("/v2.0", "token", "token"),
            ("", "token", "token_v1"),
            ("/v2.0", "devicecode", "device"),
        )
        for method in ("GET", "POST")
    }
    return {
        ("GET", "/common/discovery/instance"): handlers["instance"],
        ("GET", "/{tenant}/v2.0/.well-known/openid-configuration"): handlers["discovery"],
        ("GET", "/{tenant}/.well-known/openid-configuration"): handlers["discovery_v1"],
        ("GET", "/{tenant}/discovery/v2.0/keys"): handlers["keys"],
        ("GET", "/{tenant}/discovery/keys"): handlers["keys"],
        **token,
    }
