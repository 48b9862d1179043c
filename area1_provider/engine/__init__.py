"""The Pulumi engine: the `pulumi` command with its Python host, found on this machine or obtained.

Ways, in order: `pulumi` on PATH, our cache, Pulumi's own installer, a build from Go modules. Nothing of
Exchange, of the stack or of the rest of the package lives here, and nothing here imports pulumi.
"""

from area1_provider.engine.failures import CacheUnwritable, EngineUnavailable
from area1_provider.engine.installation import Engine
from area1_provider.engine.obtain import ensure, find

__all__ = ["CacheUnwritable", "Engine", "EngineUnavailable", "ensure", "find"]
