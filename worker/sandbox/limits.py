"""Owns how much one submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """For one submission: seconds, MiB on top of a warm cell, bytes, numbers of tensors."""

    wall_s: float = 10.0
    cpu_s: int = 10
    memory_mb: int = 512
    output_bytes: int = 64_000
    frame_bytes: int = 8 << 20
    """Header and body of one frame together."""
    total_bytes: int = 64 << 20
    """Everything that one child may send."""
    tensors: int = 4096
    """Tensors in all frames together."""

    def header(self) -> dict[str, float | int]:
        """The `limits` of a request."""
        return asdict(self)
