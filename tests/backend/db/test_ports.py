"""Ports for the servers of tests."""

import socket

import pytest

from tests.databases import free_port


def test_a_port_is_given_to_nobody_else_and_a_server_may_listen_on_it() -> None:
    port = free_port()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
    with socket.create_server(("127.0.0.1", port)), socket.create_connection(("127.0.0.1", port), timeout=5):
        pass
