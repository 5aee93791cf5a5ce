"""Everything pmosync remembers: one SQLite file, append-only histories, and a journal beside it."""

from pmosync.store.commit import Taking
from pmosync.store.database import REBUILD
from pmosync.store.export import ENTITIES
from pmosync.store.journal import Journal, Line, read_journal
from pmosync.store.opening import Rebuilt, is_damaged, open_store, rebuild, set_aside
from pmosync.store.presence import Standing
from pmosync.store.private import PRIVATE_FILE, is_private, private_folder
from pmosync.store.store import Store
from pmosync.store.versions import CHAMPION, Version

__all__ = [
    "CHAMPION",
    "ENTITIES",
    "PRIVATE_FILE",
    "REBUILD",
    "Journal",
    "Line",
    "Rebuilt",
    "Standing",
    "Store",
    "Taking",
    "Version",
    "is_damaged",
    "is_private",
    "open_store",
    "private_folder",
    "read_journal",
    "rebuild",
    "set_aside",
]
