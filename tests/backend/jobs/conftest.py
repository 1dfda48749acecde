"""One world at the door, on both databases."""

from tests.backend.at_the_door import db

__all__ = ("db",)
