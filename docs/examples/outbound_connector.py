"""Journal reports go straight to Area 1, past the gateway that other outbound mail must take."""

import pulumi

from area1_provider import OutboundConnector, OutboundConnectorArgs

connector = OutboundConnector(
    "journal-connector",
    OutboundConnectorArgs(
        name="Deliver journal directly to Area 1",
        comment="Deliver journal directly to Area 1",
        enabled=True,
        connector_type="Partner",
        recipient_domains=["journaling.mxrecord.io"],
        use_mx_record=False,
        smart_hosts=["mailstream-east.mxrecord.io", "mailstream-west.mxrecord.io"],
        tls_settings="CertificateValidation",
        cloud_services_mail_enabled=True,
    ),
)
pulumi.export("connector_id", connector.id)
