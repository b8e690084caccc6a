"""Backups: the whole site's data in one file that proves what it holds, and the way back."""

from causes.backups.archive import Backup, BackupBroken, check, create, last_made
from causes.backups.restoring import NotRestored, restore

__all__ = ["Backup", "BackupBroken", "NotRestored", "check", "create", "last_made", "restore"]
