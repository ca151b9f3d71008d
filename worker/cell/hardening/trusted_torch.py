"""Owns references to torch's own C functions, taken before a submission runs.

Their types cannot be changed from Python, so whatever a submission patches, these stay what they
are. Everything in the cell that touches a submission's tensors goes through here.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

from . import frame_proxies

VERSION = str(torch.__version__)
Tensor, Parameter, strided = torch.Tensor, torch.nn.Parameter, torch.strided
zeros_like: Any = torch.zeros_like
empty, frombuffer, zeros, uint8 = torch.empty, torch.frombuffer, torch.zeros, torch.uint8

_tensor: Any = torch._C.TensorBase
clone, contiguous, copy_, detach = (
    _tensor.clone,
    _tensor.contiguous,
    _tensor.copy_,
    _tensor.detach,
)
expand, getitem, transpose, view = (
    _tensor.expand,
    _tensor.__getitem__,
    _tensor.transpose,
    _tensor.view,
)
split, add, to = _tensor.split_with_sizes, _tensor.add, _tensor.to
numpy, resolve_neg = _tensor.numpy, _tensor.resolve_neg
is_contiguous, is_neg = _tensor.is_contiguous, _tensor.is_neg
is_cpu: Any = _tensor.is_cpu.__get__
is_inference: Any = _tensor.is_inference
dim, element_size, numel = _tensor.dim, _tensor.element_size, _tensor.numel
equal: Any = _tensor.equal
set_requires_grad = _tensor.requires_grad_
device, dtype, layout = (
    _tensor.device.__get__,
    _tensor.dtype.__get__,
    _tensor.layout.__get__,
)
grad_fn, requires_grad, shape = (
    _tensor.grad_fn.__get__,
    _tensor.requires_grad.__get__,
    _tensor.shape.__get__,
)

_node: Any = torch._C._FunctionBase
name, needs_input_grad = _node.name, _node.needs_input_grad.__get__
next_functions, saved_tensors = _node.next_functions.__get__, _node.saved_tensors.__get__

engine: Any = torch.autograd.Variable._execution_engine
run_backward = type(engine).run_backward
set_grad_enabled: Any = torch._C._set_grad_enabled
inference_mode: Any = torch._C._InferenceMode
function_modes: Any = torch._C._len_torch_function_stack
pop_function_mode: Any = torch._C._pop_torch_function_stack
dispatch_modes: Any = torch._C._len_torch_dispatch_stack
pop_dispatch_mode: Any = torch._C._pop_torch_dispatch_stack

# PyTorch's old profiler records in C, without a class that a submission could find.
_profiler: Any = torch._C._profiler
_recording: Any = _profiler.ProfilerConfig(
    _profiler.ProfilerState.CPU, False, False, False, False, False, _profiler._ExperimentalConfig()
)
start_recording: Any = partial(torch._C._autograd._enable_profiler_legacy, _recording)
stop_recording: Any = torch._C._autograd._disable_profiler_legacy
set_recorded: Any = torch._C._autograd._enable_record_function
stop_other_recording: Any = torch._C._autograd._disable_profiler
event_kind: Any = torch._C._autograd.ProfilerEvent.kind
event_name: Any = torch._C._autograd.ProfilerEvent.name


def dispatch_mode(dispatched: Any) -> Any:
    """A mode in which all operations go through `dispatched(mode, operation, types, args, named)`.

    From a class a file could find its way to this module, so its methods show nothing. PyTorch
    would keep its compiler away from them, which costs more than what they do.
    """
    methods = {
        "__torch_dispatch__": frame_proxies.opaque(dispatched),
        "_should_skip_dynamo": classmethod(frame_proxies.opaque(lambda _: False)),
    }
    return type("Observation", (TorchDispatchMode,), methods)()
