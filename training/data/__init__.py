"""Reads the picture sets: who may train, what is held out, what only measures."""
