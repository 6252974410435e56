"""An ONNX file as a PyTorch module, for tools that know nothing else."""

import numpy
import onnx
import onnx2torch
import torch
from onnx import helper


def convert(path):
    """The module and inputs that fit it."""
    model = onnx.load(path)
    for node in model.graph.node:  # fvcore takes these in a module's name for its own
        node.name = node.name.replace("/", "_").replace(".", "_")
    weights = {tensor.name for tensor in model.graph.initializer}
    inputs = [zeros(value) for value in model.graph.input if value.name not in weights]
    return onnx2torch.convert(model).eval(), tuple(inputs)


def zeros(value):
    tensor = value.type.tensor_type
    dims = [dim.dim_value for dim in tensor.shape.dim]
    dtype = helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    return torch.from_numpy(numpy.zeros(dims, dtype))
