"""Runs model.onnx beside it with ONNX Runtime, for a Triton that has the Python back end alone."""

import json
import os

import numpy as np
import onnxruntime
import triton_python_backend_utils as triton


class TritonPythonModel:
    def initialize(self, args):
        config = json.loads(args["model_config"])
        self.input = config["input"][0]["name"]
        self.outputs = [output["name"] for output in config["output"]]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = int(config["parameters"]["threads"]["string_value"])
        options.inter_op_num_threads = 1
        # Threads that spin while they wait take the cores from the other network.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        path = os.path.join(args["model_repository"], args["model_version"], "model.onnx")
        self.session = onnxruntime.InferenceSession(path, options, providers=onnxruntime.get_available_providers())

    def execute(self, requests):
        """One run for all requests whose pictures have one size."""
        feeds = [triton.get_input_tensor_by_name(request, self.input).as_numpy() for request in requests]
        answers = [None] * len(requests)
        for shape in {feed.shape[1:] for feed in feeds}:
            places = [place for place, feed in enumerate(feeds) if feed.shape[1:] == shape]
            ends = np.cumsum([len(feeds[place]) for place in places])[:-1]
            results = self.session.run(self.outputs, {self.input: np.concatenate([feeds[place] for place in places])})
            parts = zip(*(np.split(result, ends) for result in results))
            for place, values in zip(places, parts):
                tensors = [triton.Tensor(name, value) for name, value in zip(self.outputs, values)]
                answers[place] = triton.InferenceResponse(tensors)
        return answers
