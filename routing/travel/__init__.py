"""Where driving times come from."""

from .matrix import Travel

__all__ = ["Travel"]
