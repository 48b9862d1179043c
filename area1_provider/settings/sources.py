"""Where settings are looked up, in which order, and the record of where each one came from.

What settings mean together is decided in `ways.py`'s readers (`choose.py`); here a setting is one string.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from area1_provider.settings.keys import KEYS, Key

ARM, AZURE, CONFIG = "arm", "azure", "config"
OF_TENANT = " of the Tenant"
"""Ends the origin of an explicit provider's own setting."""
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})


@dataclass(frozen=True)
class Found:
    """A setting that is set; `origin` is the variable or config key, `layer` one of the three above."""

    value: str = field(repr=False)
    origin: str
    layer: str


class Sources:
    """The environment and the config together, with everything that was wrong with them so far.

    The environment comes first, except for an explicit provider (`explicit`): its own properties do,
    because the environment then belongs to the stack's tenant.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        config: Mapping[str, Any],
        *,
        explicit: bool,
        read: Callable[[str], str],
    ) -> None:
        self.explicit = explicit
        self.problems: list[str] = []
        self.origin: dict[str, str] = {}
        self.because: tuple[str, ...] = ()
        self._environ = environ
        self._config = config
        self._read = read
        self.groups = ((CONFIG,), (ARM, AZURE)) if explicit else ((ARM, AZURE), (CONFIG,))

    def at(self, layer: str, name: str) -> Found | None:
        """Give the setting as that one layer has it; blank counts as not set."""
        key = KEYS[name]
        places = self._in_config(key) if layer == CONFIG else _in_environment(key, layer, self._environ)
        return next((Found(value, origin, layer) for origin, value in places if value), None)

    def among(self, layers: tuple[str, ...], name: str) -> Found | None:
        """Give the setting from the first of these layers that has it."""
        return next((found for layer in layers if (found := self.at(layer, name))), None)

    def find(self, name: str) -> Found | None:
        """Give the setting from the first layer that has it, and record where that was."""
        found = self.among(tuple(layer for group in self.groups for layer in group), name)
        if found:
            self.origin[name] = found.origin
        return found

    def forget(self, found: Found) -> None:
        """Take back the record of a setting that is not used after all."""
        self.origin = {name: origin for name, origin in self.origin.items() if origin != found.origin}

    def value(self, name: str) -> str | None:
        """Give the setting's value, recorded like `find`."""
        found = self.find(name)
        return found.value if found else None

    def need(self, name: str, why: str) -> str:
        """Give the setting's value; a missing one becomes a problem and reads as empty."""
        value = self.value(name)
        if value is None:
            self.problems.append(f"{KEYS[name].places}: not set. {why}")
        return value or ""

    def flag(self, name: str, layers: tuple[str, ...] | None = None) -> bool:
        """Give a true/false setting, false where not set; anything else becomes a problem."""
        found = self.find(name) if layers is None else self.among(layers, name)
        if found is None or found.value.lower() in _FALSE:
            return False
        if found.value.lower() in _TRUE:
            return True
        problem = f"{found.origin}: neither true nor false."
        if problem not in self.problems:
            self.problems.append(problem)
        return False

    def _in_config(self, key: Key) -> list[tuple[str, str]]:
        origin = f"{key.name}{OF_TENANT}" if self.explicit else f"area1:{key.name}"
        return [(origin, _text(self._config.get(key.name)))] if key.in_config else []

    def content(self, found: Found) -> Found | None:
        """Give what the file named by this setting holds; an unreadable or empty one becomes a problem."""
        try:
            held = self._read(found.value).strip()
        except (OSError, ValueError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else "it is no text file"
            self.problems.append(f"{found.origin}: cannot read {found.value}: {reason}.")
            return None
        if not held:
            self.problems.append(f"{found.origin}: {found.value} is empty.")
        return Found(held, found.origin, found.layer)


def _in_environment(key: Key, layer: str, environ: Mapping[str, str]) -> list[tuple[str, str]]:
    names = key.arm if layer == ARM else key.azure
    return [(name, _text(environ.get(name))) for name in names]


def _text(value: object) -> str:
    """Give a config value as an environment would hold it: explicit providers pass booleans."""
    if value is None:
        return ""
    return str(value).strip()
