"""A company's master data from a file: read, checked, then written in one transaction. Owns no table."""
