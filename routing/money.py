"""Whole cents from rates."""


def rounded(numerator: int, divisor: int) -> int:
    """Division rounded half up."""
    return (2 * numerator + divisor) // (2 * divisor)
