"""Products the brand sells, how each is serviced, and the appliances customers own."""
