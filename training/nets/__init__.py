"""The two networks, and the wrappers that become the ONNX graphs."""
