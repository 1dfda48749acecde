"""Cases: what a customer wants, from any channel, and the orders they come from."""
