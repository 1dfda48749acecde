"""Work beyond the order: its price list, quotes put before customers, and what they said to them."""
