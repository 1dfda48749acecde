"""Order files: read in whatever shape a shop exports, checked in a dry run, applied without losing a row."""
