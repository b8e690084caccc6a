"""Backups: the whole site's data in one file that proves what it holds, and the way back."""

from causes.backups.archive import Backup, BackupBroken, check, create, last_made
from causes.backups.restoring import NotRestored, restore
from causes.backups.rotation import create_in

__all__ = [
    "Backup",
    "BackupBroken",
    "NotRestored",
    "check",
    "create",
    "create_in",
    "last_made",
    "restore",
]
