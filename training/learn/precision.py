"""The number format of training: bf16 where the processor multiplies in it, otherwise float32."""

import torch


def autocast() -> torch.autocast:
    """The context of a forward pass. Without AVX512-BF16, PyTorch emulates bf16 at a tenth of the speed of float32."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())
