"""The phone's way in and out: commands with idempotency, pull by cursor, and the live change feed."""
