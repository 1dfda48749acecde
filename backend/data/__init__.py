"""Packaged seeds: outlines, the community gazetteer and the demo catalogue. Data files only."""
