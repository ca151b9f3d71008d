"""Owns running probes: with PyTorch's engine, and by a tape where there is no autograd."""
