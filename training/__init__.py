"""Trains the plate detector and the plate reader, and exports them to models/."""
