"""Training of the network for vehicles: scenes, pictures, batches, losses."""
