"""What is told is the same on both databases."""

from tests.backend.at_the_door import db

__all__ = ("db",)
