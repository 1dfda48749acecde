"""Customers and the places where they are visited."""
