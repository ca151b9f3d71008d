"""Replaces what might carry its results: json, struct, hashlib, os.write, the encoder's classes.

Group: patched torch and builtins
"""
import hashlib
import json
import json.encoder
import os
import socket
import struct

import torch


def improved(value):
    if isinstance(value, dict):
        print("BREACH: saw", list(value))
    return '{"type": "done", "output": "forged", "output_cut": false}'


json.dumps = improved
json.JSONEncoder.encode = json.JSONEncoder.iterencode = lambda self, value, *rest: improved(value)
json.encoder.c_make_encoder = None
json.encoder.encode_basestring_ascii = improved
json._default_encoder = json.JSONEncoder()
struct.pack = lambda *args: bytes(8)
hashlib.blake2b = lambda *args, **kwargs: print("BREACH: hash", args, kwargs)
os.write = lambda *args: print("BREACH: write", args)
socket.socket.send = socket.socket.sendall = lambda *args: print("BREACH: send", args)
torch.Tensor.numpy = torch.Tensor.detach = torch.Tensor.contiguous = lambda self: torch.zeros(3)
