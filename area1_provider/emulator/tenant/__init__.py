"""One organisation: its objects, the names they are found by, what a new one holds, how changes spread.

No rule of a cmdlet and nothing of HTTP lives here.
"""

from area1_provider.emulator.tenant.tenant import RECIPIENTS, Change, Limits, Tenant

__all__ = ["RECIPIENTS", "Change", "Limits", "Tenant"]
