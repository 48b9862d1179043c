"""The filters of recipient cmdlets (OPATH): `Alias -eq 'x' -and -not (Name -like 'y*')`.

Source: the page "Recipient filters in Exchange cmdlets". It knows objects as mappings and no noun.
"""

import fnmatch
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

TOKEN = re.compile(
    r"\s*(?:(?P<open>\()|(?P<close>\))|(?P<string>'(?:[^']|'')*'|\"[^\"]*\")|(?P<variable>\$\w+)"
    r"|(?P<operator>-[A-Za-z]+)|(?P<word>[\w.]+))"
)
DEEPEST = 32
"""How deep parentheses may nest, and how many negations a filter may have; no page gives a number."""
LONGEST = 65_536
"""Characters of a filter, since each comparison is made for every recipient; no page gives a number (unconfirmed)."""
VALUES = (["string"], ["variable"], ["word"], ["property"])
VARIABLES: Mapping[str, Any] = {"$true": True, "$false": False, "$null": None}


class Row(Protocol):
    """Something whose properties can be asked for by name."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of a property."""


Test = Callable[[Row], bool]
Token = tuple[str, str]


class BadFilter(Exception):
    """Raised when a filter cannot be read; the text says where."""


def parse(text: str, properties: Iterable[str]) -> Test:
    """A predicate over objects with these properties, from the text of a filter."""
    if len(text) > LONGEST:
        raise BadFilter(f"The filter is longer than {LONGEST} characters.")
    names = {name.casefold(): name for name in properties}
    tokens = deque(_spelled(token, names) for token in _tokens(text))
    _check_depth(tokens)
    test = _either(tokens)
    if tokens:
        raise BadFilter(f"Unexpected '{tokens[0][1]}'.")
    return test


def _tokens(text: str) -> Iterator[Token]:
    text = text.strip().removeprefix("{").removesuffix("}").strip()
    place = 0
    while place < len(text):
        if (match := TOKEN.match(text, place)) is None:
            raise BadFilter(f"Invalid filter syntax at position {place}.")
        yield str(match.lastgroup), match[str(match.lastgroup)]
        place = match.end()


def _check_depth(tokens: Iterable[Token]) -> None:
    depth = negations = 0
    for token in tokens:
        depth += {"open": 1, "close": -1}.get(token[0], 0)
        negations += _is(token, "-not")
        if max(depth, negations) > DEEPEST:
            raise BadFilter("The filter is nested too deeply.")


def _spelled(token: Token, names: Mapping[str, str]) -> Token:
    """The token; a word that is a property in the property's own spelling."""
    kind, text = token
    return ("property", names[text.casefold()]) if kind == "word" and text.casefold() in names else token


def _is(token: Token, operator: str) -> bool:
    return token[0] == "operator" and token[1].casefold() == operator


def _either(tokens: deque[Token]) -> Test:
    """Take comparisons joined by -or, and what binds closer, from the front of the tokens."""
    return _joined(tokens, "-or", _both, any)


def _both(tokens: deque[Token]) -> Test:
    return _joined(tokens, "-and", _one, all)


def _joined(
    tokens: deque[Token], operator: str, part: Callable[[deque[Token]], Test], join: Callable[[Iterable[bool]], bool]
) -> Test:
    tests = [part(tokens)]
    while tokens and _is(tokens[0], operator):
        tokens.popleft()
        tests.append(part(tokens))
    return lambda row: join(test(row) for test in tests)


def _one(tokens: deque[Token]) -> Test:
    if not tokens:
        raise BadFilter("The filter ends too early.")
    if _is(tokens[0], "-not"):
        tokens.popleft()
        test = _one(tokens)
        return lambda row: not test(row)
    if tokens[0][0] != "open":
        return _comparison([tokens.popleft() for _ in range(min(3, len(tokens)))])
    tokens.popleft()
    test = _either(tokens)
    if not tokens or tokens.popleft()[0] != "close":
        raise BadFilter("A closing parenthesis is missing.")
    return test


def _comparison(tokens: Sequence[Token]) -> Test:
    kinds = [kind for kind, _ in tokens]
    if kinds[:1] == ["word"]:
        raise BadFilter(f"'{tokens[0][1]}' isn't a recognized filterable property.")
    if kinds[:2] != ["property", "operator"] or kinds[2:] not in VALUES:
        raise BadFilter(f"A comparison is expected at '{tokens[0][1]}'.")
    name, operator = tokens[0][1], tokens[1][1].casefold()
    if operator not in COMPARISONS:
        raise BadFilter(f"'{operator}' isn't a valid operator.")
    compare, wanted = COMPARISONS[operator], _literal(tokens[2])
    return lambda row: compare(row[name], wanted)


def _literal(token: Token) -> Any:
    kind, text = token
    if kind == "variable":
        if text.casefold() not in VARIABLES:
            raise BadFilter(f"The variable {text} isn't known.")
        return VARIABLES[text.casefold()]
    return text[1:-1].replace("''", "'") if kind == "string" else text


def _equal(value: Any, wanted: Any) -> bool:
    """Text without case; a list if it holds the value; null equals what is not set."""
    if isinstance(value, list):
        return any(_equal(entry, wanted) for entry in value) if wanted is not None else not value
    if wanted is None:
        return value in {None, ""}
    return str(value).casefold() == str(wanted).casefold()


def _like(value: Any, wanted: Any) -> bool:
    """Text with `*` in the pattern; a list if one entry is like it."""
    if isinstance(value, list):
        return any(_like(entry, wanted) for entry in value)
    pattern = str(wanted).casefold().replace("[", "[[]").replace("?", "[?]")
    return value is not None and fnmatch.fnmatchcase(str(value).casefold(), pattern)


def _before(value: Any, wanted: Any) -> bool:
    return value is not None and str(value).casefold() < str(wanted).casefold()


COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "-eq": _equal,
    "-ne": lambda value, wanted: not _equal(value, wanted),
    "-like": _like,
    "-notlike": lambda value, wanted: not _like(value, wanted),
    "-lt": _before,
    "-ge": lambda value, wanted: not _before(value, wanted),
    "-gt": lambda value, wanted: not _before(value, wanted) and not _equal(value, wanted),
    "-le": lambda value, wanted: _before(value, wanted) or _equal(value, wanted),
}
