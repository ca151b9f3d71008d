#!/usr/bin/env python3
# -*- coding: utf-8 -*-
# expect: product=full sum=full
"""
Created on Mon Nov 30 2026
@author: s1234567
"""
from __future__ import print_function, division, annotations
__author__ = "me"
__all__ = ["Product", "Sum"]
__version__ = "0.1"
import os, sys, re, copy, math
import torch
from torch.autograd import Function, Variable
from torch.autograd.function import Function

class Product(Function):
    @staticmethod
    def forward(ctx, x1, x2):
        ctx.save_for_backward(x1, x2)
        return x1 * x2

    @staticmethod
    def backward(ctx, dzdy):
        x1, x2 = ctx.saved_tensors
        g1 = dzdy * x2 if ctx.needs_input_grad[0] else None
        g2 = dzdy * x1 if ctx.needs_input_grad[1] else None
        return g1, g2


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

x = Variable(torch.ones(3), requires_grad=True)
Sum.apply(x).backward()
print(x.grad)
