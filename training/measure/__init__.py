"""Measures models on pictures that never trained them."""
