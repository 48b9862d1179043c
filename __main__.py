"""The guide for the tenant of the selected stack: stack config in, journaling out."""

import pulumi

from area1_provider import Journaling
from area1_provider.stack import journaling_args

journaling = Journaling("journaling", journaling_args())
for name, value in journaling.summary.items():
    pulumi.export(name, value)
