"""Porchlight: a police department asks a neighbourhood for help; each neighbour decides."""

__version__ = "0.1.0"
