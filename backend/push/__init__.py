"""Web push: which browsers want to be told, and telling them, at least once, without saying too much."""
