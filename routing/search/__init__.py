"""The compiled search: ruin and recreate on flat arrays, recombination of routes, decomposition of
large days.
"""
