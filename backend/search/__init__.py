"""Finding jobs, customers and technicians by what a caller can tell. Owns no table."""
