"""Rasa as it comes, for `make bench`: what it is configured and started with."""
