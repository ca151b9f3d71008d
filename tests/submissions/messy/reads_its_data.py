# expect: sigmoid=full
import pickle, json, csv
import pandas as pd
from torchvision import datasets, transforms
from torch.utils.data import DataLoader
import torch
from torch.autograd import Function


with open("config.json") as f:
    cfg = json.load(f)
df = pd.read_csv("train.csv")
train = datasets.MNIST(".", download=True, transform=transforms.ToTensor())
loader = DataLoader(train, batch_size=cfg["batch"], num_workers=4)

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

for x, y in loader:
    Sigmoid.apply(x).sum().backward()
torch.save({"x": torch.ones(3)}, "weights.pt")
