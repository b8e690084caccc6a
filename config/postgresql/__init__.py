"""PostgreSQL as Django knows it, whose answers are not waited for for ever."""
