"""The Shangmen server: API, customer pages, worker and command line."""
