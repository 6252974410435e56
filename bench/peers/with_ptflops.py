import inspect

import torch
from converted import convert
from ptflops import get_model_complexity_info
from report import report


def count(path, said):
    module, inputs = convert(path)
    names = list(inspect.signature(module.forward).parameters)
    with torch.no_grad():
        macs, params = get_model_complexity_info(
            module,
            tuple(inputs[0].shape[1:]) or (1,),
            as_strings=False,
            print_per_layer_stat=False,
            input_constructor=lambda _: dict(zip(names, inputs)),
        )
    if macs is None:
        raise RuntimeError(" ".join(said.getvalue().split())[:200])
    return {"macs": macs, "params": params, "leftOut": []}


report(count)
