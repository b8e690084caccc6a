"""SQLite as Django knows it, which opens only a file that is there."""
