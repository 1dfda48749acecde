"""Outsourced service companies: their capacity, what they are paid (tariff), and their months' statements."""
