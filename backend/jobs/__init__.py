"""Jobs and visits: one piece of work at one place, and each attempt at it, moved by named actions only."""
