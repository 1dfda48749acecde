"""Real roads: an OpenStreetMap extract becomes the server that driving times come from."""
