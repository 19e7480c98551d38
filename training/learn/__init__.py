"""What both trainings share: schedule, averaged weights, checkpoints."""
