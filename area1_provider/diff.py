"""Desired against observed: which properties differ in meaning. Pure; how a value compares is said in `schema`."""

from __future__ import annotations

from collections.abc import Collection

from area1_provider.schema import UNKNOWN, Noun, Properties


def changed(noun: Noun, olds: Properties, news: Properties) -> list[str]:
    """Name the managed properties of `news` that have to be told to Exchange.

    Those that differ in meaning from what Exchange last said; those that the state does not manage yet, since what it
    shows of them may be old; and those whose value is not known yet.
    """
    before = noun.managed(olds)
    return [name for name, value in noun.managed(news).items() if _differs(noun, name, before.get(name), value)]


def _differs(noun: Noun, name: str, old: object, new: object) -> bool:
    return old is None or new == UNKNOWN or not noun.properties[name].same(old, new)


def released(noun: Noun, olds: Properties, news: Properties) -> list[str]:
    """Name the properties that were managed and no longer are: state must forget them, Exchange keeps them."""
    return [name for name in noun.managed(olds) if news.get(name) is None]


def replaces(noun: Noun, olds: Properties, news: Properties, in_place: Collection[str]) -> list[str]:
    """Name the properties that only New- takes, no other cmdlet (`in_place`) changes, and that differ from what is there.

    One that becomes managed replaces nothing if the object has that value already.
    """
    fixed = [name for name in changed(noun, olds, news) if noun.properties[name].wire.verb == "New"]
    return [name for name in fixed if name not in in_place and _differs(noun, name, olds.get(name), news[name])]
