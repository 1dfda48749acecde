"""What customers are told: written with the deed it tells of, sent afterwards, every message to be seen.

A message leaves at least once and carries its id, so that a channel that knows ids sends it once.
"""
