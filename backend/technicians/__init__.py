"""Technicians, own and vendors': skills, certificates, shifts, homes and last known position."""
