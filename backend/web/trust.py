"""Whom we trust when we call somebody else's server."""

import ssl
from functools import cache

import httpx


@cache
def trusted_authorities() -> ssl.SSLContext:
    """The certificate authorities, read once: to read them takes some 30 ms, in which nobody is answered."""
    return httpx.create_ssl_context()
