"""Database access: connections, column types, the change feed's wake-up and migrations.

No feature's rules live here.
"""
