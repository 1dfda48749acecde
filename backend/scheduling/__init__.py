"""Plans: a day is optimised into a draft, compared, published atomically. Only `adapter.py` knows `routing`."""
