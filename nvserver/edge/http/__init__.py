"""The REST API on Quart-Trio behind Hypercorn."""
