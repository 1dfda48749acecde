"""What customers say of a visit, and what the office owes those who were not content."""
