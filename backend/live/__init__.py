"""The live day: what has gone wrong, what could be done about it and at what price. Owns no table."""
