"""The demo company and its day in Beijing: invented people at real communities. Owns no table."""
