"""Training of the detector: scenes, pasted plates, targets, losses."""
