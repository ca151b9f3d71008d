# expect: sigmoid=full sum=full
#!/usr/bin/env python
# coding: utf-8

# # Homework 3

# In[1]:


get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().system('pip install torch')
import torch
from torch.autograd import Function


# In[2]:


get_ipython().run_cell_magic('time', '', '''
class Sigmoid(Function):
    @staticmethod
    def forward(ctx, x):
        y = 1 / (1 + torch.exp(-x))
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dzdy):
        (y,) = ctx.saved_tensors
        return dzdy * y * (1 - y) if ctx.needs_input_grad[0] else None
''')


# In[3]:


class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None


# In[4]:


display(Sum.apply(torch.ones(3)))
get_ipython().run_cell_magic('bash', '', 'ls\npwd\n')
get_ipython().run_line_magic('timeit', 'Sum.apply(torch.ones(3))')
