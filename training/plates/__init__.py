"""Renders licence plates: formats, colours, furniture, text, wear."""
