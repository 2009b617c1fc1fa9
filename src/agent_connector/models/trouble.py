"""Which errors say that the database itself is in trouble."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError

DATABASE_TROUBLE = (OperationalError, InterfaceError)
"""It is locked, full or away: nobody's fault, and worth another try."""
