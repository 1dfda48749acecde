"""Passwords hashed at a fraction of the price, which is meant for whoever guesses and not for each test."""

from argon2 import PasswordHasher

from backend.auth import passwords

LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def make_passwords_light() -> None:
    """Every hash that this process makes from now on; a hash says itself how it is checked."""
    passwords._hasher = LIGHT
    passwords._nobody.cache_clear()
