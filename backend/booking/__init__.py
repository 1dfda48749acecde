"""Appointments customers choose themselves: offered only when they can be kept, held, confirmed, changed.

The database decides who gets a slot; what can be kept is asked of the plan in force.
"""
