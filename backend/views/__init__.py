"""Views people save: a screen with its filters under a name, for oneself or for everybody."""
