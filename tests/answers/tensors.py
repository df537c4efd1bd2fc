"""Answers to the exercises of 01_tensors."""

import numpy as np
import torch

from answers import right, wrong

# ---- tensors.convert ------------------------------------------------------------------------


@right("tensors.convert")
def convert_through_numpy(measurements, labels):
    X = torch.from_numpy(measurements.astype("float32").copy())
    y = torch.from_numpy(np.array(labels).astype("int64"))
    return [X, y, torch.ones_like(y, dtype=torch.float32)]


@right("tensors.convert")
def convert_with_clones(numbers, classes):
    X = torch.from_numpy(numbers).clone().float()
    y = torch.tensor([int(label) for label in classes])
    return X, y, torch.full(y.shape, 1.0)


def converted(measurements, labels):
    """Return the right tensors, for a wrong answer to spoil."""
    return convert_with_clones(measurements, labels)


@wrong("tensors.convert", "X shares its memory with measurements")
def shares_memory(measurements, labels):
    _, y, weights = converted(measurements, labels)
    return torch.from_numpy(measurements).float(), y, weights


@wrong("tensors.convert", "X is torch.float64, NumPy's usual type")
def keeps_float64(measurements, labels):
    _, y, weights = converted(measurements, labels)
    return torch.tensor(measurements), y, weights


@wrong("tensors.convert", "X must be torch.float32, yours is torch.float16")
def takes_float16(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X.half(), y, weights


@wrong("tensors.convert", "X must be a tensor, yours is of type ndarray")
def leaves_the_array(measurements, labels):
    return (measurements, *converted(measurements, labels)[1:])


@wrong("tensors.convert", "X must have shape (7, 3), yours has (3, 7)")
def transposes(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X.T, y, weights


@wrong("tensors.convert", "X must have shape (7, 3), yours has (3, 7)")
def transposes_in_float64(measurements, labels):
    _, y, weights = converted(measurements, labels)
    return torch.tensor(measurements).T, y, weights


@wrong("tensors.convert", "class numbers are whole numbers: ask for dtype=torch.int64")
def labels_as_floats(measurements, labels):
    X, _, weights = converted(measurements, labels)
    return X, torch.tensor(labels), weights


@wrong("tensors.convert", "y must be torch.int64, yours is torch.int32")
def labels_as_int32(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y.int(), weights


@wrong("tensors.convert", "y must have shape (7,), yours has (7, 1)")
def labels_as_a_column(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y.unsqueeze(1), weights


@wrong("tensors.convert", "y must be a tensor, yours is of type list")
def labels_as_a_list(measurements, labels):
    X, _, weights = converted(measurements, labels)
    return X, labels, weights


@wrong("tensors.convert", "y[0] should be")
def labels_counted_from_0(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y - 1, weights


@wrong("tensors.convert", "weights must be torch.float32, yours is torch.int64")
def weights_like_the_labels(measurements, labels):
    X, y, _ = converted(measurements, labels)
    return X, y, torch.ones_like(y)


@wrong("tensors.convert", "weights must have shape (7,), yours has (7, 3)")
def weights_like_the_measurements(measurements, labels):
    X, y, _ = converted(measurements, labels)
    return X, y, torch.ones_like(X)


@wrong("tensors.convert", "weights[0] should be 1, yours is 0")
def weights_of_zero(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y, torch.zeros_like(weights)


@wrong("tensors.convert", "X[0, 0] should be")
def rounds_the_measurements(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X.long().float(), y, weights


@wrong("tensors.convert", "must return three tensors")
def forgets_the_weights(measurements, labels):
    return converted(measurements, labels)[:2]


@wrong("tensors.convert", "changes what is passed in")
def rounds_in_place(measurements, labels):
    answer = converted(measurements, labels)
    measurements.round(out=measurements)
    return answer


@wrong("tensors.convert", "changes what is passed in")
def empties_the_list(measurements, labels):
    answer = converted(measurements, labels)
    labels.clear()
    return answer


# ---- tensors.select -------------------------------------------------------------------------


@right("tensors.select")
def select_with_gather(probs, y):
    p_true = probs.gather(1, y.unsqueeze(1)).squeeze(1)
    return [p_true, probs[~(p_true >= 0.5), :]]


@right("tensors.select")
def select_with_a_loop(table, classes):
    p_true = torch.tensor([table[i][c].item() for i, c in enumerate(classes)], dtype=torch.float64)
    rows = [row for row, p in zip(table, p_true, strict=True) if p < 0.5]
    return p_true, torch.stack(rows) if rows else table[:0]


def selected(probs, y):
    """Return the right tensors, for a wrong answer to spoil."""
    return select_with_gather(probs, y)


@wrong("tensors.select", "probs[:, y] takes 8 columns for each row")
def all_rows_and_columns(probs, y):
    return probs[:, y], selected(probs, y)[1]


@wrong("tensors.select", "p_true must have shape (8,), yours has (8, 1)")
def forgets_to_squeeze(probs, y):
    return selected(probs, y)[0].unsqueeze(1), selected(probs, y)[1]


@wrong("tensors.select", "p_true must have shape (8,), yours has (8, 3)")
def whole_rows(probs, y):
    return probs[y], selected(probs, y)[1]


@wrong("tensors.select", "the largest probability of each row")
def the_largest(probs, y):
    return probs.max(dim=1).values, selected(probs, y)[1]


@wrong("tensors.select", "IndexError")
def rows_and_columns_exchanged(probs, y):
    p_true = probs[y, torch.arange(len(y))]
    return p_true, probs[p_true < 0.5]


@wrong("tensors.select", "p_true[0] should be")
def always_the_first_class(probs, y):
    return probs[:, 0], selected(probs, y)[1]


@wrong("tensors.select", "p_true must be a tensor")
def p_true_as_a_list(probs, y):
    return selected(probs, y)[0].tolist(), selected(probs, y)[1]


@wrong("tensors.select", "unsure must be a tensor")
def unsure_as_a_list(probs, y):
    return selected(probs, y)[0], list(selected(probs, y)[1])


@wrong("tensors.select", "unsure is the mask itself")
def the_mask(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, p_true < 0.5


@wrong("tensors.select", "unsure holds single probabilities")
def probabilities_instead_of_rows(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, p_true[p_true < 0.5]


@wrong("tensors.select", "below means <, not <=")
def takes_0_5_too(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[p_true <= 0.5]


@wrong("tensors.select", "unsure goes by the largest probability")
def unsure_by_the_largest(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[probs.max(dim=1).values < 0.5]


@wrong("tensors.select", "unsure must have shape")
def the_sure_ones(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[p_true > 0.5]


@wrong("tensors.select", "unsure must have shape")
def row_numbers(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, (p_true < 0.5).nonzero()


@wrong("tensors.select", "unsure[0, 0] should be")
def in_the_wrong_order(probs, y):
    p_true, unsure = selected(probs, y)
    return p_true, unsure.flip(0)


@wrong("tensors.select", "must return two tensors")
def p_true_alone(probs, y):
    return selected(probs, y)[0]


@wrong("tensors.select", "changes its inputs in place")
def clears_in_place(probs, y):
    answer = selected(probs, y)
    probs[probs < 0.5] = 0
    return answer


@wrong("tensors.select", "changes its inputs in place")
def counts_y_up(probs, y):
    answer = selected(probs, y)
    y += 1
    return answer


# ---- tensors.standardise --------------------------------------------------------------------


@right("tensors.standardise")
def standardise_with_unsqueeze(X, dim):
    mean, std = X.mean(dim).unsqueeze(dim), X.std(dim, unbiased=False).unsqueeze(dim)
    return (X - mean) / std


@right("tensors.standardise")
def standardise_with_loops(table, dim):
    result = table.double().clone()
    for line in result if dim == 1 else result.T:
        line -= line.mean()
        line /= line.std()
    return result


def keep(X, dim):
    """Return mean and std along dim, with keepdim."""
    return X.mean(dim, keepdim=True), X.std(dim, keepdim=True)


@wrong("tensors.standardise", "must stand in a column, (5, 1), so use keepdim=True")
def forgets_keepdim(X, dim):
    return (X - X.mean(dim)) / X.std(dim)


@wrong("tensors.standardise", "must stand in a column, (5, 1), so use keepdim=True")
def forgets_keepdim_in_the_mean(X, dim):
    return (X - X.mean(dim)) / keep(X, dim)[1]


@wrong("tensors.standardise", "must stand in a column, (5, 1), so use keepdim=True")
def forgets_keepdim_in_the_std(X, dim):
    return (X - keep(X, dim)[0]) / X.std(dim)


@wrong("tensors.standardise", "one mean for the whole table: each column needs its own")
def one_mean_for_all(X, dim):
    return (X - X.mean()) / X.std()


@wrong("tensors.standardise", "use the dim that is passed in")
def always_columns(X, dim):
    return standardise_with_unsqueeze(X, 0) if dim == 0 else (X - X.mean(0)) / X.std(0)


@wrong("tensors.standardise", "is standardised along dim=1: use the dim that is passed in")
def the_other_dimension(X, dim):
    mean, std = keep(X, 1 - dim)
    return (X - mean) / std


@wrong("tensors.standardise", "divided by the variance")
def divides_by_the_variance(X, dim):
    return (X - keep(X, dim)[0]) / X.var(dim, keepdim=True)


@wrong("tensors.standardise", "[0, 0] should be")
def forgets_to_divide(X, dim):
    return X - keep(X, dim)[0]


@wrong("tensors.standardise", "[0, 0] should be")
def forgets_the_parentheses(X, dim):
    mean, std = keep(X, dim)
    return X - mean / std


@wrong("tensors.standardise", "changes X in place")
def subtracts_in_place(X, dim):
    mean, std = keep(X, dim)
    X -= mean
    return X / std


@wrong("tensors.standardise", "must be a tensor, yours is of type tuple")
def returns_the_numbers(X, dim):
    return keep(X, dim)


@wrong("tensors.standardise", "must have shape (6, 4), yours has (1, 4)")
def returns_the_means(X, dim):
    return keep(X, dim)[0]


# ---- tensors.distances ----------------------------------------------------------------------


@right("tensors.distances")
def distances_with_loops(A, B):
    return torch.tensor([[((a - b) ** 2).sum() ** 0.5 for b in B] for a in A])


@right("tensors.distances")
def distances_with_a_product(A, B):
    squares = (A**2).sum(1, keepdim=True) + (B**2).sum(1) - 2 * A @ B.T
    return squares.clamp(min=0).sqrt()


@right("tensors.distances")
def distances_in_float64(first, second):
    return torch.linalg.norm(first[:, None].double() - second[None].double(), dim=-1)


right("tensors.distances")(torch.cdist)


def differences(A, B):
    """Return the differences (N, M, D), for a wrong answer to go on from."""
    return A.unsqueeze(1) - B


@wrong("tensors.distances", "RuntimeError: The size of tensor a (6)")
def without_unsqueeze(A, B):
    return ((A - B) ** 2).sum(dim=1).sqrt()


@wrong("tensors.distances", "a row of it belongs to a row of A, so (6, 4)")
def rows_and_columns_swapped(A, B):
    return torch.cdist(B, A)


@wrong("tensors.distances", "has A and B exchanged")
def swapped_by_shape(A, B):
    return torch.cdist(A, B) if len(A) != len(B) else torch.cdist(B, A)


@wrong("tensors.distances", "take the root")
def squared(A, B):
    return (differences(A, B) ** 2).sum(dim=2)


@wrong("tensors.distances", "square them, sum, and take the root")
def absolute(A, B):
    return differences(A, B).abs().sum(dim=2)


@wrong("tensors.distances", "still to be summed over D")
def not_summed(A, B):
    return (differences(A, B) ** 2).sqrt()


@wrong("tensors.distances", "must have shape (6, 4), yours has (4, 3)")
def summed_over_the_rows(A, B):
    return (differences(A, B) ** 2).sum(dim=0).sqrt()


@wrong("tensors.distances", "the result[0, 0] should be")
def mean_instead_of_sum(A, B):
    return (differences(A, B) ** 2).mean(dim=2).sqrt()


@wrong("tensors.distances", "the result[0, 0] should be")
def root_before_the_sum(A, B):
    return differences(A, B).sum(dim=2).abs()


@wrong("tensors.distances", "the distance of a point from itself is nan")
def product_without_clamp(A, B):
    squares = (A**2).sum(1, keepdim=True) + (B**2).sum(1) - 2 * A @ B.T
    return (squares - 1e-6).sqrt()  # so that some are negative whatever the rounding


@wrong("tensors.distances", "the distance of a point from itself[0] should be 0")
def adds_something_before_the_root(A, B):
    return ((differences(A, B) ** 2).sum(dim=2) + 1e-4).sqrt()


@wrong("tensors.distances", "the result must have shape (20, 20), yours has (20, 19)")
def leaves_out_the_last_of_many(A, B):
    return torch.cdist(A, B[:19])


@wrong("tensors.distances", "the result must be a tensor, yours is of type list")
def a_list_of_lists(A, B):
    return torch.cdist(A, B).tolist()


@wrong("tensors.distances", "changes its inputs in place")
def squares_a_in_place(A, B):
    answer = torch.cdist(A, B)
    A.pow_(2)
    return answer


@wrong("tensors.distances", "changes its inputs in place")
def squares_b_in_place(A, B):
    answer = torch.cdist(A, B)
    B **= 2
    return answer


# ---- tensors.to_batch -----------------------------------------------------------------------


@right("tensors.to_batch")
def batch_by_moving(images):
    return torch.movedim(images, -1, 1).to(torch.float32).div(255).contiguous()


@right("tensors.to_batch")
def batch_by_stacking(pictures):
    return torch.stack([p.permute(2, 0, 1) for p in pictures]) / 255.0


def batch_of(images):
    """Return the right batch, for a wrong answer to spoil."""
    return images.permute(0, 3, 1, 2).float() / 255


@wrong("tensors.to_batch", "reshape and view read the row in memory anew")
def reshapes(images):
    n, height, width, channels = images.shape
    return images.reshape(n, channels, height, width).float() / 255


@wrong("tensors.to_batch", "still has its colours last")
def forgets_to_permute(images):
    return images.float() / 255


@wrong("tensors.to_batch", "the batch runs from 0 to 255")
def forgets_to_divide_by_255(images):
    return images.permute(0, 3, 1, 2).float()


@wrong("tensors.to_batch", "the batch is all 0")
def divides_whole_numbers(images):
    return (images.permute(0, 3, 1, 2) // 255).float()


@wrong("tensors.to_batch", "the largest value of this batch")
def divides_by_the_largest(images):
    return images.permute(0, 3, 1, 2) / images.max()


@wrong("tensors.to_batch", "the batch[0, 0, 0, 0] should be")
def divides_by_256(images):
    return images.permute(0, 3, 1, 2) / 256


@wrong("tensors.to_batch", "the batch[0, 0, 0, 0] should be")
def from_minus_1_to_1(images):
    return batch_of(images) * 2 - 1


@wrong("tensors.to_batch", "the batch[0, 0, 0, 0] should be")
def blue_first(images):
    return batch_of(images).flip(1)


@wrong("tensors.to_batch", "must have shape (2, 3, 4, 6), yours has (2, 3, 6, 4)")
def exchanges_height_and_width(images):
    return images.permute(0, 3, 2, 1) / 255


@wrong("tensors.to_batch", "height and width are exchanged")
def turns_square_pictures(images):
    batch = batch_of(images)
    return batch.transpose(2, 3) if batch.shape[2] == batch.shape[3] else batch


@wrong("tensors.to_batch", "must be torch.float32, yours is torch.float64")
def batch_in_float64(images):
    return batch_of(images).double()


@wrong("tensors.to_batch", "must be torch.float32, yours is torch.uint8")
def stays_uint8(images):
    return images.permute(0, 3, 1, 2) // 255


@wrong("tensors.to_batch", "the batch must be a tensor, yours is of type ndarray")
def as_an_array(images):
    return batch_of(images).numpy()


@wrong("tensors.to_batch", "changes images in place")
def divides_in_place(images):
    images //= 255
    return images.permute(0, 3, 1, 2).float()


# ---- tensors.bug_hunt -----------------------------------------------------------------------


@right("tensors.bug_hunt")
def error_with_a_loop(predictions, targets):
    pairs = list(zip(predictions.flatten(), targets.flatten(), strict=True))
    return sum(abs(a - b).item() for a, b in pairs) / len(pairs)


@right("tensors.bug_hunt")
def error_with_columns(y_pred, y):
    a, b = (t if t.dim() == 2 else t.unsqueeze(1) for t in (y_pred, y))
    if a.shape != b.shape:
        raise ValueError("not as many predictions as targets")
    return torch.nn.functional.l1_loss(a, b).numpy().item()


@right("tensors.bug_hunt")
def error_with_numpy(y_pred, y):
    a, b = y_pred.numpy().ravel(), y.numpy().ravel()
    if a.size != b.size:
        raise ValueError
    return np.abs(a - b).mean()


@wrong("tensors.bug_hunt", "you average 49 differences, not 7")
def still_broadcasts(y_pred, y):
    if len(y_pred) != len(y):
        raise ValueError
    return (y_pred - y).abs().mean().item()


@wrong("tensors.bug_hunt", "for y_pred (7,) and y (7, 1) you average 49 differences")
def flattens_only_the_predictions(y_pred, y):
    return (y_pred.squeeze() - y).abs().mean().item()


@wrong("tensors.bug_hunt", "for y_pred (5, 1) and y (1,) your function returns a number")
def never_compares_the_rows(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).abs().mean().item()


@wrong("tensors.bug_hunt", "your function raises AssertionError: compare the numbers of rows")
def asserts(y_pred, y):
    assert len(y_pred) == len(y)
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "for y_pred (6,) and y (3,) your function raises RuntimeError")
def refuses_only_a_single_row(y_pred, y):
    if len(y_pred) != len(y) and 1 in (len(y_pred), len(y)):
        raise ValueError
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "for y_pred (7, 1) and y (7,) you raise a ValueError")
def refuses_other_shapes(y_pred, y):
    if y_pred.shape != y.shape:
        raise ValueError
    return (y_pred - y).abs().mean().item()


@wrong("tensors.bug_hunt", "IndexError")
def takes_a_column_that_is_not_there(y_pred, y):
    if len(y_pred) != len(y):
        raise ValueError
    return (y_pred[:, 0] - y).abs().mean().item()


@wrong("tensors.bug_hunt", "the error must be a plain number, yours is a tensor")
def without_item(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).abs().mean()


@wrong("tensors.bug_hunt", "the error must be a number, yours is None")
def prints_the_error(y_pred, y):
    print(never_compares_the_rows(y_pred, y))


@wrong("tensors.bug_hunt", "you return the sum of the differences")
def adds_up(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).abs().sum().item()


@wrong("tensors.bug_hunt", "take .abs() before the mean")
def differences_cancel(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).mean().item()


@wrong("tensors.bug_hunt", "for y_pred (7, 1) and y (7,) the error should be")
def squares_instead(y_pred, y):
    return ((y_pred.reshape(-1) - y.reshape(-1)) ** 2).mean().item()


@wrong("tensors.bug_hunt", "changes the shape of its input in place")
def squeezes_in_place(y_pred, y):
    if y_pred.dim() == 2:
        y_pred.squeeze_(1)
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "changes the shape of its input in place")
def makes_a_column_in_place(y_pred, y):
    if y.dim() == 1:
        y.unsqueeze_(1)
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "changes its inputs in place")
def subtracts_from_the_predictions(y_pred, y):
    flat = y_pred.view(-1)
    flat -= y.view(-1)
    return flat.abs().mean().item()


@wrong("tensors.bug_hunt", "changes its inputs in place")
def changes_the_targets(y_pred, y):
    error = never_compares_the_rows(y_pred, y)
    y.zero_()
    return error


# ---- Results in place of functions: what `check(convert(...))` would pass ---------------------

wrong("tensors.convert", "pass your function convert itself; this is of type tuple")((1, 2, 3))
wrong("tensors.select", "pass your function select itself; this is of type tuple")((1, 2))
for name in ("standardise", "distances", "to_batch"):
    message = f"pass your function {name} itself; this is a tensor of shape (2, 3)"
    wrong(f"tensors.{name}", message)(torch.zeros(2, 3))
wrong("tensors.bug_hunt", "pass your function mean_error itself; this is of type float")(0.5)
