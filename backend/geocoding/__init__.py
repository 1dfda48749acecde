"""From an address, or coordinates in some datum, to WGS-84.

Owns datum conversion, the community gazetteer and the adapter for a configured geocoder. No tables.
"""
