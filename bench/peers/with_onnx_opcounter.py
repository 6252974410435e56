"""As the command `onnx_opcounter --calculate-macs`."""

import onnx
from onnx_opcounter import calculate_macs, calculate_params
from report import report


def count(path, said):
    model = onnx.load(path)
    counted = {"params": calculate_params(model), "macs": calculate_macs(model)}
    lines = said.getvalue().splitlines()
    return {**counted, "leftOut": [line.split()[-1] for line in lines if line.startswith("Unsupported op")]}


report(count)
