import torch
# Grφίe
