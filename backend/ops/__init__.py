"""Running the server: health, readiness, metrics, logs and the front end's files."""
