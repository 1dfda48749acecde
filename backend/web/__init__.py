"""HTTP plumbing every feature's `api.py` stands on: errors, actors, headers, logs and metrics."""
