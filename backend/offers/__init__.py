"""Offers of work: until when they stand, to whom they go next, and who won. Owns the log of offers."""
