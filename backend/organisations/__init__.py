"""Organisations and their service regions: the outermost boundary of every row.

A region is what one dispatcher plans: one zone, one depot, one board.
"""
