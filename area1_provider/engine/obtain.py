"""The order of the ways to an engine, and the one error that tells of all of them. How each works is not known here."""

import os
import sys
from collections.abc import Callable, Mapping

from area1_provider.engine.cache import EngineCache, cache_root
from area1_provider.engine.failures import Damaged, WayFailed, unavailable
from area1_provider.engine.go_build import build
from area1_provider.engine.installation import Engine, Origin
from area1_provider.engine.installer import run_installer
from area1_provider.engine.path_search import search_path
from area1_provider.engine.progress import Progress
from area1_provider.engine.workshop import Workshop

#: The ways that make an engine, in order: what a person reads, what the engine remembers, what does it.
MAKERS: tuple[tuple[str, Origin, Callable[[Workshop], None]], ...] = (
    ("Pulumi's own installer", "installer", run_installer),
    ("a build from Go modules", "build", build),
)

NOT_YET = "Way out: run `make engine`, or any `area1` command that needs the engine: it will be obtained then."


def find(env: Mapping[str, str] | None = None) -> Engine:
    """Give the engine that is here already, on PATH or in the cache. Quick, and changes nothing.

    `env` is the environment to look in, by default this process's. Raises EngineUnavailable.
    """
    tried: list[tuple[str, str]] = []
    found = _present(os.environ if env is None else env, tried)
    if found is None:
        raise unavailable(tried, NOT_YET)
    return found


def ensure(
    env: Mapping[str, str] | None = None, *, python: str = sys.executable, progress: Progress | None = None
) -> Engine:
    """Give an engine, obtaining one if there is none: silent if it is here, else telling on stderr what goes on.

    `env` decides where is looked (PATH, AREA1_CACHE_DIR, XDG_CACHE_HOME, HOME) and holds the settings of pip and
    Go; `python` is the Python with pip and pulumi. Raises EngineUnavailable with what every way said.
    """
    env = os.environ if env is None else env
    tried: list[tuple[str, str]] = []
    found = _present(env, tried)
    return found or _make(env, python, progress or Progress(sys.stderr), tried)


def _present(env: Mapping[str, str], tried: list[tuple[str, str]]) -> Engine | None:
    cache = _cache(env)
    ways: tuple[tuple[str, Callable[[], Engine]], ...] = (
        ("`pulumi` on PATH", lambda: search_path(env)),
        (f"the cache, {cache.entry}", cache.load),
    )
    for way, look in ways:
        try:
            return look()
        except WayFailed as error:
            tried.append((way, str(error)))
    return None


def _make(env: Mapping[str, str], python: str, progress: Progress, tried: list[tuple[str, str]]) -> Engine:
    cache = _cache(env)
    with cache.locked(progress) as lock:
        found = _made_meanwhile(cache, progress)
        if found:
            return found
        for way, origin, maker in MAKERS:
            try:
                with cache.scratch() as folder:
                    shop = Workshop(folder, cache.toolchain, env, python, progress, lock)
                    maker(shop)
                    return cache.publish(shop.product, origin, env)
            except (WayFailed, OSError) as error:
                progress.say(f"{way} gave none: {str(error).splitlines()[-1]}")
                tried.append((way, str(error)))
    raise unavailable(tried)


def _made_meanwhile(cache: EngineCache, progress: Progress) -> Engine | None:
    try:
        return cache.load()
    except Damaged as error:
        progress.say(f"the engine in {cache.entry} is {error}; getting it anew")
    except WayFailed:
        progress.say(f"no Pulumi engine on this machine yet; it will be kept in {cache.entry}")
    return None


def _cache(env: Mapping[str, str]) -> EngineCache:
    return EngineCache(cache_root(env) / "engine")
