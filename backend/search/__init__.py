"""Finding jobs by what a caller can tell: phone tail, number, order, serial, name, address. Owns no table."""
