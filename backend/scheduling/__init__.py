"""Plans: a day is optimised into a draft, compared, published at once. Only `adapter` knows `routing`."""
