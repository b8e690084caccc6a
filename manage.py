#!/usr/bin/env python
"""Runs the site's commands: `python manage.py help`."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # after the environment is set

    execute_from_command_line(sys.argv)
