"""How hostile input is tried: how often, and what must come of it. AREA1_BODIES says how many answers are drawn."""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from area1_provider.errors import Area1Error
from area1_provider.resources.distribution_group import DistributionGroupProvider
from area1_provider.resources.journal_rule import JournalRuleProvider
from area1_provider.resources.outbound_connector import OutboundConnectorProvider
from area1_provider.resources.outbound_connector_validation import OutboundConnectorValidationProvider
from area1_provider.resources.transport_config import TransportConfigProvider

BODIES = int(os.environ.get("AREA1_BODIES", "700"))
tried: Counter[str] = Counter()


def times(share: float) -> Any:
    """Try a test with its share of all bodies, always the same ones."""
    return settings(
        max_examples=max(5, int(BODIES * share)),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )


def works_or_ours(surface: str, act: Callable[[], object]) -> None:
    """Expect a result or an error of ours with a text, soon."""
    tried[surface] += 1
    began, said = time.monotonic(), "a result"
    try:
        act()
    except Area1Error as error:
        said = str(error)
    assert said.strip(), "an error without a text"
    assert "Traceback" not in said
    assert time.monotonic() - began < 10, "took too long"


GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
LIVES: Mapping[Any, Mapping[str, Any]] = {
    OutboundConnectorProvider: {"name": "c", "comment": "x", "smart_hosts": ["a.example"], "use_mx_record": False},
    JournalRuleProvider: {
        "name": "r",
        "journal_email_address": "j@x.example",
        "recipient": "a@x.example",
        "enabled": True,
    },
    DistributionGroupProvider: {"name": "g", "members": ["a", "b"], "managed_by": ["c"], "mail_tip": "t"},
    TransportConfigProvider: {"undeliverable_address": "n@x.example"},
    OutboundConnectorValidationProvider: {"connector": GUID, "recipients": ["j@x.example"]},
}
