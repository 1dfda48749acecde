"""A region's week at a glance: who has how much work on which day, and what nobody has."""
