"""Turns weights into models/<name>: the ONNX file, its manifest, its golden tensors."""
