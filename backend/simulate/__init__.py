"""Plays a day through the public API as phones, a dispatcher and customers would. Imports no service."""
