"""The mistakes that everyone makes once, each refused with one clear sentence."""

from helpers.mistakes.arguments import (
    check_arguments,
    check_loss_fn,
    check_metrics,
    check_model,
    check_whole,
)
from helpers.mistakes.batches import (
    check_inputs,
    check_loader,
    check_not_empty,
    checked,
    is_full_batch,
)
from helpers.mistakes.losses import (
    check_batch_loss,
    check_loss,
    check_number,
    check_val_loss,
    name_error,
)
from helpers.mistakes.targets import (
    check_classes,
    check_output,
    check_probabilities,
    check_same_shape,
    check_targets,
)

__all__ = [
    "check_arguments",
    "check_batch_loss",
    "check_classes",
    "check_inputs",
    "check_loader",
    "check_loss",
    "check_loss_fn",
    "check_metrics",
    "check_model",
    "check_not_empty",
    "check_number",
    "check_output",
    "check_probabilities",
    "check_same_shape",
    "check_targets",
    "check_val_loss",
    "check_whole",
    "checked",
    "is_full_batch",
    "name_error",
]
