"""Owns what pictures are drawn with: SVG, axes, numbers, tables of tensors, graphs in layers."""
