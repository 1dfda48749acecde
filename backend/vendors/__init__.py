"""Outsourced service companies: their capacity and what they are paid (tariff)."""
