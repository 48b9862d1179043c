"""Objects of all tenants in one SQLite database: documents, the names they are found by, who is in which group.

Nothing here knows a noun, a rule or a cmdlet.
"""

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

Document = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    number INTEGER PRIMARY KEY, tenant TEXT, noun TEXT, guid TEXT, document TEXT, UNIQUE (tenant, guid));
CREATE INDEX IF NOT EXISTS objects_by_noun ON objects (tenant, noun, number);
CREATE TABLE IF NOT EXISTS names (
    tenant TEXT, realm TEXT, form TEXT, name TEXT, guid TEXT,
    PRIMARY KEY (tenant, realm, name, form, guid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS names_by_guid ON names (tenant, guid);
CREATE TABLE IF NOT EXISTS members (
    number INTEGER PRIMARY KEY, tenant TEXT, holder TEXT, member TEXT, UNIQUE (tenant, holder, member));
CREATE INDEX IF NOT EXISTS members_by_member ON members (tenant, member);
CREATE TABLE IF NOT EXISTS settings (
    tenant TEXT, name TEXT, value TEXT, PRIMARY KEY (tenant, name)) WITHOUT ROWID;
"""


class StoreUnusable(sqlite3.Error):
    """Raised when a file cannot be opened as a store; the text names it."""


class Store:
    """A database in a file, or in memory when `path` is None. Safe to use from several threads.

    Raises StoreUnusable.
    """

    def __init__(self, path: str | None = None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._cache: dict[tuple[str, str], Document] = {}
        self._touched: set[tuple[str, str]] = set()
        try:
            self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
            # the emulator loses nothing that anybody needs when the machine loses power
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + SCHEMA)
        except sqlite3.Error as error:
            raise StoreUnusable(f"Cannot keep the tenants in {path}: {error}.") from error
        self._version = self._data_version()

    def close(self) -> None:
        """Close the database; the store cannot be used after it."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens or nothing does; inner transactions join the outer one."""
        with self._lock:
            if self._depth:
                yield
                return
            self._begin()
            try:
                yield
            except BaseException:
                self._end("ROLLBACK")
                self._forget_touched()
                raise
            self._end("COMMIT")

    def _begin(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        self._touched.clear()
        if (version := self._data_version()) != self._version:  # another process wrote to the file
            self._cache.clear()
            self._version = version

    def _end(self, statement: str) -> None:
        self._depth = 0
        self._db.execute(statement)

    def _forget_touched(self) -> None:
        for key in self._touched:
            self._cache.pop(key, None)

    def _data_version(self) -> int:
        return int(self._db.execute("PRAGMA data_version").fetchone()[0])

    def put(
        self, tenant: str, noun: str, guid: str, document: Document, names: Mapping[str, Iterable[str]], realm: str
    ) -> None:
        """Write one object and the names it is found by: `names` maps a form (name, alias) to its values."""
        rows = {(form, name.casefold()) for form, values in names.items() for name in values}
        with self.transaction():
            self._db.execute(
                "INSERT INTO objects (tenant, noun, guid, document) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (tenant, guid) DO UPDATE SET document = excluded.document",
                (tenant, noun, guid, json.dumps(document)),
            )
            self._db.execute("DELETE FROM names WHERE tenant = ? AND guid = ?", (tenant, guid))
            self._db.executemany(
                "INSERT INTO names VALUES (?, ?, ?, ?, ?)",
                [(tenant, realm, form, name, guid) for form, name in rows],
            )
            self._touched.add((tenant, guid))
            self._cache[tenant, guid] = document

    def get(self, tenant: str, guid: str) -> Document | None:
        """The document of that GUID, not to be changed in place; None if there is none."""
        with self._lock:
            if (cached := self._cache.get((tenant, guid))) is not None:
                return cached
            row = self._db.execute(
                "SELECT document FROM objects WHERE tenant = ? AND guid = ?", (tenant, guid)
            ).fetchone()
            return self._remember(tenant, guid, row[0]) if row else None

    def _remember(self, tenant: str, guid: str, text: str) -> Document:
        return self._cache.setdefault((tenant, guid), json.loads(text))

    def noun(self, tenant: str, guid: str) -> str | None:
        """The noun of the object of that GUID."""
        row = self._rows("SELECT noun FROM objects WHERE tenant = ? AND guid = ?", tenant, guid)
        return str(row[0][0]) if row else None

    def guids(self, tenant: str, nouns: Sequence[str]) -> list[str]:
        """The GUIDs of all objects of these nouns, oldest first."""
        marks = ", ".join("?" * len(nouns))
        query = f"SELECT guid FROM objects WHERE tenant = ? AND noun IN ({marks}) ORDER BY number"  # noqa: S608 - question marks only
        return [guid for (guid,) in self._rows(query, tenant, *nouns)]

    def count(self, tenant: str, noun: str) -> int:
        """How many objects of this noun there are."""
        return int(self._rows("SELECT count(*) FROM objects WHERE tenant = ? AND noun = ?", tenant, noun)[0][0])

    def find(self, tenant: str, realm: str, name: str) -> list[tuple[str, str]]:
        """(form, guid) of everything in the realm that bears this name, in any case of letters."""
        query = "SELECT form, guid FROM names WHERE tenant = ? AND realm = ? AND name = ?"
        return [(form, guid) for form, guid in self._rows(query, tenant, realm, name.casefold())]

    def delete(self, tenant: str, guid: str) -> None:
        """Remove the object, its names and its memberships, as holder and as member."""
        with self.transaction():
            for table in ("objects", "names"):
                self._db.execute(f"DELETE FROM {table} WHERE tenant = ? AND guid = ?", (tenant, guid))  # noqa: S608 - two fixed tables
            self._db.execute("DELETE FROM members WHERE tenant = ? AND holder = ?", (tenant, guid))
            self._db.execute("DELETE FROM members WHERE tenant = ? AND member = ?", (tenant, guid))
            self._cache.pop((tenant, guid), None)

    def clear(self, tenant: str) -> None:
        """Remove all objects of the tenant; its settings stay."""
        with self.transaction():
            for table in ("objects", "names", "members"):
                self._db.execute(f"DELETE FROM {table} WHERE tenant = ?", (tenant,))  # noqa: S608 - three fixed tables
            self._cache.clear()

    def members(self, tenant: str, holder: str) -> list[str]:
        """The GUIDs in a group, in the order they were added."""
        query = "SELECT member FROM members WHERE tenant = ? AND holder = ? ORDER BY number"
        return [member for (member,) in self._rows(query, tenant, holder)]

    def holders(self, tenant: str, member: str) -> list[str]:
        """The GUIDs of the groups that this object is directly in."""
        query = "SELECT holder FROM members WHERE tenant = ? AND member = ? ORDER BY number"
        return [holder for (holder,) in self._rows(query, tenant, member)]

    def is_member(self, tenant: str, holder: str, member: str) -> bool:
        """Whether the object is directly in the group."""
        query = "SELECT 1 FROM members WHERE tenant = ? AND holder = ? AND member = ?"
        return bool(self._rows(query, tenant, holder, member))

    def member_count(self, tenant: str, holder: str) -> int:
        """How many objects are directly in the group."""
        query = "SELECT count(*) FROM members WHERE tenant = ? AND holder = ?"
        return int(self._rows(query, tenant, holder)[0][0])

    def add_members(self, tenant: str, holder: str, members: Iterable[str]) -> None:
        """Put objects into a group."""
        with self.transaction():
            self._db.executemany(
                "INSERT OR IGNORE INTO members (tenant, holder, member) VALUES (?, ?, ?)",
                [(tenant, holder, member) for member in members],
            )

    def remove_members(self, tenant: str, holder: str, members: Iterable[str]) -> None:
        """Take objects out of a group."""
        with self.transaction():
            self._db.executemany(
                "DELETE FROM members WHERE tenant = ? AND holder = ? AND member = ?",
                [(tenant, holder, member) for member in members],
            )

    def setting(self, tenant: str, name: str) -> Any:
        """A small value kept for the tenant; None if it was never set."""
        rows = self._rows("SELECT value FROM settings WHERE tenant = ? AND name = ?", tenant, name)
        return json.loads(rows[0][0]) if rows else None

    def set_setting(self, tenant: str, name: str, value: Any) -> None:
        """Keep a small value, anything that JSON can hold."""
        with self.transaction():
            self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?, ?)", (tenant, name, json.dumps(value)))

    def trace(self, watcher: Callable[[str], object] | None) -> None:
        """Tell somebody every SQL statement, to count them; None ends it."""
        with self._lock:
            self._db.set_trace_callback(watcher)

    def _rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(query, values).fetchall()
