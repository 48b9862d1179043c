"""A connector by the partner's MX record, validated before anything relies on it."""

import pulumi

from area1_provider import (
    OutboundConnector,
    OutboundConnectorArgs,
    OutboundConnectorValidation,
    OutboundConnectorValidationArgs,
)

connector = OutboundConnector(
    "journal-connector",
    OutboundConnectorArgs(
        connector_type="Partner",
        recipient_domains=["journaling.mxrecord.io"],
        use_mx_record=True,
        tls_settings="CertificateValidation",
        cloud_services_mail_enabled=False,
    ),
)
validation = OutboundConnectorValidation(
    "journal-connector-works",
    OutboundConnectorValidationArgs(
        connector=connector.id,
        recipients=["contoso@journaling.mxrecord.io"],
        routing={"domains": connector.recipient_domains, "by_mx": connector.use_mx_record},
    ),
)
pulumi.export("tasks", validation.tasks)
