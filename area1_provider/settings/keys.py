"""Every setting once: its stack config key, the environment variables that come before it, its meaning.

Variables are named as the azuread provider (Terraform, Pulumi) names them, then as Microsoft's Azure
Identity libraries do. No rule about which settings go together lives here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Key:
    """One setting. `arm` variables win over `azure` ones, and in each group the first that is set."""

    name: str
    meaning: str
    arm: tuple[str, ...] = ()
    azure: tuple[str, ...] = ()
    in_config: bool = True

    @property
    def places(self) -> str:
        """Name every place that the setting can be set in, for messages."""
        config = (f"area1:{self.name}",) if self.in_config else ()
        return " or ".join((*self.arm, *self.azure, *config))


_TABLE = (
    Key(
        "tenant",
        "The tenant: its GUID, or one of its domains (contoso.onmicrosoft.com).",
        ("ARM_TENANT_ID",),
        ("AZURE_TENANT_ID",),
    ),
    Key("cloud", "Microsoft's cloud: public, usgovernment (GCC High), dod or china.", ("ARM_ENVIRONMENT",)),
    Key(
        "client_id",
        "The application (client) id that signs in.",
        ("ARM_CLIENT_ID",),
        ("AZURE_CLIENT_ID",),
    ),
    Key("client_id_file_path", "A file that holds the client id.", ("ARM_CLIENT_ID_FILE_PATH",)),
    Key("client_secret", "The application's secret.", ("ARM_CLIENT_SECRET",), ("AZURE_CLIENT_SECRET",)),
    Key("client_secret_file_path", "A file that holds the secret.", ("ARM_CLIENT_SECRET_FILE_PATH",)),
    Key(
        "client_certificate",
        "The application's certificate and private key: a PFX file's content in base64.",
        ("ARM_CLIENT_CERTIFICATE",),
    ),
    Key(
        "client_certificate_path",
        "A PEM or PFX file with the application's certificate and private key.",
        ("ARM_CLIENT_CERTIFICATE_PATH",),
        ("AZURE_CLIENT_CERTIFICATE_PATH",),
    ),
    Key(
        "client_certificate_password",
        "The password of that certificate's private key.",
        ("ARM_CLIENT_CERTIFICATE_PASSWORD",),
        ("AZURE_CLIENT_CERTIFICATE_PASSWORD",),
    ),
    Key(
        "client_certificate_password_file_path",
        "A file that holds that password.",
        ("AREA1_CLIENT_CERTIFICATE_PASSWORD_FILE_PATH",),  # unknown to the azuread provider
    ),
    Key("use_oidc", "true: sign in with a pipeline's or cluster's token.", ("ARM_USE_OIDC",)),
    Key(
        "use_aks_workload_identity",
        "true: sign in with the token file that Kubernetes mounts.",
        ("ARM_USE_AKS_WORKLOAD_IDENTITY",),
    ),
    Key("oidc_token", "That token itself.", ("ARM_OIDC_TOKEN",)),
    Key(
        "oidc_token_file_path",
        "A file that holds that token; read again whenever one is needed.",
        ("ARM_OIDC_TOKEN_FILE_PATH",),
        ("AZURE_FEDERATED_TOKEN_FILE",),
    ),
    Key(
        "oidc_request_url",
        "Where a pipeline issues that token.",
        # SYSTEM_* of Azure DevOps: as the azuread provider reads them.
        ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"),
    ),
    Key(
        "oidc_request_token",
        "What the pipeline's endpoint asks for.",
        ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"),
    ),
    Key(
        "ado_pipeline_service_connection_id",
        "Azure DevOps: the id of the service connection.",
        ("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"),
        ("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",),
    ),
    Key(
        "oidc_audience",
        "What the pipeline's token is for, where the federated credential does not say the usual.",
        ("AREA1_OIDC_AUDIENCE",),
    ),
    Key("use_msi", "true: sign in as the machine's managed identity.", ("ARM_USE_MSI",)),
    Key("msi_endpoint", "The metadata service's token URL, if unusual.", ("ARM_MSI_ENDPOINT",)),
    Key("use_cli", "true: sign in as whoever `az login` signed in.", ("ARM_USE_CLI",)),
    Key("use_device_code", "true: sign in a person with a browser.", ("AREA1_USE_DEVICE_CODE",)),
    Key(
        "use_exchange_powershell_client",
        "true: device code with Microsoft's own Exchange PowerShell application as client.",
        ("AREA1_USE_EXCHANGE_POWERSHELL_CLIENT",),
    ),
    Key("exchange_url", "Another Exchange, such as the emulator.", ("AREA1_EXCHANGE_URL",)),
    Key("authority_host", "Another sign-in host, such as the emulator.", ("AREA1_AUTHORITY_HOST",)),
    Key("ca_file", "A PEM bundle of certificate authorities to trust.", ("AREA1_CA_FILE",)),
    Key(
        "allow_custom_endpoint",
        "true: exchange_url and authority_host may be elsewhere than on this machine.",
        ("AREA1_ALLOW_CUSTOM_ENDPOINT",),
        # Environment only: a stack config that came from elsewhere must not send secrets elsewhere.
        in_config=False,
    ),
)

KEYS: Mapping[str, Key] = MappingProxyType({key.name: key for key in _TABLE})
"""Every setting by name."""

CONFIG_KEYS: Mapping[str, str] = MappingProxyType({key.name: key.meaning for key in _TABLE if key.in_config})
"""Stack config keys (without namespace) and explicit providers' properties, each with its meaning."""
