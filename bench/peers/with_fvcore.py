import logging

import torch
from converted import convert
from fvcore.nn import FlopCountAnalysis, parameter_count
from report import report

logging.disable(logging.WARNING)


def count(path, _said):
    module, inputs = convert(path)
    with torch.no_grad():
        analysis = FlopCountAnalysis(module, inputs)
        macs = analysis.total()
    return {"macs": macs, "params": parameter_count(module)[""], "leftOut": list(analysis.unsupported_ops())}


report(count)
