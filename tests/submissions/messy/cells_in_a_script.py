# expect: sum=full product=full
# %% [markdown]
# # Homework 3
# %%
import torch
from torch.autograd import Function


# %% Exercise 1
class Sum(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.shape = x.shape
        return x.sum()

    @staticmethod
    def backward(ctx, dzdy):
        return dzdy.expand(ctx.shape) if ctx.needs_input_grad[0] else None

# %%
Sum.apply(torch.ones(2, 2)).item()
# %% Exercise 2
#@title Product { run: "auto" }
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

# In[12]:


Product.apply(torch.ones(2), torch.ones(2))
