"""The write side: everything that changes pages, revisions, editions and events."""
