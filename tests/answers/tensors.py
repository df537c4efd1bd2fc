"""Answers to the exercises of 01_tensors."""

import numpy as np
import torch

from answers import obvious, right, unfinished, wrong

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


@wrong("tensors.convert", "X is torch.float64, right is torch.float32")
def keeps_float64(measurements, labels):
    _, y, weights = converted(measurements, labels)
    return torch.tensor(measurements), y, weights


@wrong("tensors.convert", "X is torch.float16, right is torch.float32")
def takes_float16(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X.half(), y, weights


@wrong("tensors.convert", "X is of type ndarray, and must be a tensor")
def leaves_the_array(measurements, labels):
    return (measurements, *converted(measurements, labels)[1:])


@wrong("tensors.convert", "X has shape (2, 1), right is (1, 2)")
def transposes(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X.T, y, weights


@wrong("tensors.convert", "X is torch.float64, right is torch.float32")
def transposes_in_float64(measurements, labels):
    _, y, weights = converted(measurements, labels)
    return torch.tensor(measurements).T, y, weights


@wrong("tensors.convert", "y is torch.float32, right is torch.int64")
def labels_as_floats(measurements, labels):
    X, _, weights = converted(measurements, labels)
    return X, torch.tensor(labels), weights


@wrong("tensors.convert", "y is torch.int32, right is torch.int64")
def labels_as_int32(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y.int(), weights


@wrong("tensors.convert", "y has shape (1, 1), right is (1,)")
def labels_as_a_column(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y.unsqueeze(1), weights


@wrong("tensors.convert", "y is [0.0], of type list, and must be a tensor")
def labels_as_a_list(measurements, labels):
    X, _, weights = converted(measurements, labels)
    return X, labels, weights


@wrong("tensors.convert", "y is [-1], right is [0]")
def labels_counted_from_0(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y - 1, weights


@wrong("tensors.convert", "weights is torch.int64, right is torch.float32")
def weights_like_the_labels(measurements, labels):
    X, y, _ = converted(measurements, labels)
    return X, y, torch.ones_like(y)


@wrong("tensors.convert", "weights has shape (1, 1), right is (1,)")
def weights_like_the_measurements(measurements, labels):
    X, y, _ = converted(measurements, labels)
    return X, y, torch.ones_like(X)


@wrong("tensors.convert", "weights is [0.0], right is [1.0]")
def weights_of_zero(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X, y, torch.zeros_like(weights)


@wrong("tensors.convert", "X is [[0.0]], right is [[0.5]]")
def rounds_the_measurements(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X.long().float(), y, weights


@wrong("tensors.convert", "return 3 tensors: return X, y, weights")
def forgets_the_weights(measurements, labels):
    return converted(measurements, labels)[:2]


@wrong("tensors.convert", "changes measurements, which is passed in")
def rounds_in_place(measurements, labels):
    answer = converted(measurements, labels)
    measurements.round(out=measurements)
    return answer


@wrong("tensors.convert", "changes labels, which is passed in")
def empties_the_list(measurements, labels):
    answer = converted(measurements, labels)
    labels.clear()
    return answer


@obvious("tensors.convert")
def convert_number_by_number(measurements, labels):
    X = torch.zeros(measurements.shape, dtype=torch.float32)
    y = torch.zeros(len(labels), dtype=torch.int64)
    weights = torch.zeros(len(labels), dtype=torch.float32)
    for i in range(len(labels)):
        for j in range(measurements.shape[1]):
            X[i, j] = float(measurements[i, j])
        y[i] = int(labels[i])
        weights[i] = 1.0
    return X, y, weights


@right("tensors.convert")
def convert_with_tolist(measurements, labels):
    X = torch.tensor(measurements.tolist()).float()
    return X, torch.tensor(labels).long(), torch.ones(len(X))


@wrong("tensors.convert", "X shares its memory with measurements")
def takes_as_tensor(measurements, labels):
    X = torch.as_tensor(measurements, dtype=torch.float32)
    return X, torch.tensor(labels, dtype=torch.int64), torch.ones(len(labels))


@wrong("tensors.convert", "X shares its memory with measurements")
def takes_astype_without_a_copy(measurements, labels):
    X = torch.from_numpy(measurements.astype(np.float32, copy=False))
    return X, torch.tensor(labels, dtype=torch.int64), torch.ones(len(labels))


@wrong("tensors.convert", "X is torch.float64, right is torch.float32")
def clones_the_shared(measurements, labels):
    return torch.from_numpy(measurements).clone(), *converted(measurements, labels)[1:]


@wrong("tensors.convert", "weights has shape (3,), right is (1,)")
def three_weights(measurements, labels):
    X, y, _ = converted(measurements, labels)
    return X, y, torch.ones(3)


@wrong("tensors.convert", "weights has shape (2,), right is (1,)")
def a_weight_for_each_column(measurements, labels):
    X, y, _ = converted(measurements, labels)
    return X, y, torch.ones(X.shape[1])


@wrong("tensors.convert", "weights is [1.0, 0.0], right is [1.0, 1.0]")
def a_weight_for_each_class(measurements, labels):
    X, y, weights = converted(measurements, labels)
    weights[1:] = (y[1:] != y[:-1]).float()
    return X, y, weights


@wrong("tensors.convert", "right is")
def labels_in_a_byte(measurements, labels):
    X, _, weights = converted(measurements, labels)
    return X, torch.tensor([int(label) % 256 for label in labels]), weights


@wrong("tensors.convert", "X has shape (1,), right is (1, 1)")
def squeezes_the_measurements(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return X.squeeze(-1), y, weights


rows_so_far = []


@wrong("tensors.convert", "called again with the same arguments")
def collects_over_all_calls(measurements, labels):
    rows_so_far.extend(labels)
    X, y, weights = converted(measurements, labels)
    return X, y, weights * len(rows_so_far) / len(labels)


kept = torch.ones(100)


@wrong("tensors.convert", "weights has shape (100,), right is (151,)")
def weights_in_one_place(measurements, labels):
    X, y, _ = converted(measurements, labels)
    kept.zero_()
    kept[: len(y)] = 1
    return X, y, kept[: len(y)]


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


@wrong("tensors.select", "p_true has shape (1, 1), right is (1,)")
def all_rows_and_columns(probs, y):
    return probs[:, y], selected(probs, y)[1]


@wrong("tensors.select", "p_true has shape (1, 1), right is (1,)")
def forgets_to_squeeze(probs, y):
    return selected(probs, y)[0].unsqueeze(1), selected(probs, y)[1]


@wrong("tensors.select", "p_true has shape (1, 1), right is (1,)")
def whole_rows(probs, y):
    return probs[y], selected(probs, y)[1]


@wrong("tensors.select", "p_true is [1.0], right is [0.0]")
def the_largest(probs, y):
    return probs.max(dim=1).values, selected(probs, y)[1]


@wrong("tensors.select", "IndexError")
def rows_and_columns_exchanged(probs, y):
    p_true = probs[y, torch.arange(len(y))]
    return p_true, probs[p_true < 0.5]


@wrong("tensors.select", "p_true is [0.0], right is [1.0]")
def always_the_first_class(probs, y):
    return probs[:, 0], selected(probs, y)[1]


@wrong("tensors.select", "p_true is [1.0], of type list, and must be a tensor")
def p_true_as_a_list(probs, y):
    return selected(probs, y)[0].tolist(), selected(probs, y)[1]


@wrong("tensors.select", "doubtful is [], of type list, and must be a tensor")
def doubtful_as_a_list(probs, y):
    return selected(probs, y)[0], list(selected(probs, y)[1])


@wrong("tensors.select", "use it as an index, probs[mask]")
def the_mask(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, p_true < 0.5


@wrong("tensors.select", "doubtful has shape")
def probabilities_instead_of_rows(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, p_true[p_true < 0.5]


@wrong("tensors.select", "below means <, not <=")
def takes_0_5_too(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[p_true <= 0.5]


@wrong("tensors.select", "doubtful has shape")
def doubtful_by_the_largest(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[probs.max(dim=1).values < 0.5]


@wrong("tensors.select", "doubtful has shape (1, 1), right is (0, 1)")
def the_sure_ones(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[p_true > 0.5]


@wrong("tensors.select", "use it as an index, probs[mask]")
def row_numbers(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, (p_true < 0.5).nonzero()


@wrong("tensors.select", "right is [[")
def in_the_wrong_order(probs, y):
    p_true, doubtful = selected(probs, y)
    return p_true, doubtful.flip(0)


@wrong("tensors.select", "return 2 tensors: return p_true, doubtful")
def p_true_alone(probs, y):
    return selected(probs, y)[0]


@wrong("tensors.select", "changes probs, which is passed in")
def clears_in_place(probs, y):
    answer = selected(probs, y)
    probs[probs < 0.5] = 0
    return answer


@wrong("tensors.select", "changes y, which is passed in")
def counts_y_up(probs, y):
    answer = selected(probs, y)
    y += 1
    return answer


@obvious("tensors.select")
def select_number_by_number(probs, y):
    p_true = torch.zeros(len(y), dtype=probs.dtype)
    count = 0
    for i in range(len(y)):
        p_true[i] = probs[i][int(y[i])].item()
        if p_true[i].item() < 0.5:
            count += 1
    doubtful = torch.zeros(count, probs.shape[1], dtype=probs.dtype)
    row = 0
    for i in range(len(y)):
        if p_true[i].item() < 0.5:
            for j in range(probs.shape[1]):
                doubtful[row, j] = probs[i, j].item()
            row += 1
    return p_true, doubtful


@right("tensors.select")
def select_with_one_hot(probs, y):
    p_true = (probs * torch.nn.functional.one_hot(y, probs.shape[1])).sum(dim=1)
    return p_true, probs[torch.where(p_true < 0.5)[0]]


@right("tensors.select")
def select_with_the_diagonal(probs, y):
    p_true = probs[:, y].diagonal()
    return p_true, probs[p_true.lt(0.5)]


@wrong("tensors.select", "probs[:, y] takes N columns of every row")
def all_columns_all_along(probs, y):
    p_true = probs[:, y]
    return p_true, probs[p_true < 0.5]


@wrong("tensors.select", "the largest probability of each row")
def the_largest_all_along(probs, y):
    p_true = probs.max(dim=1).values
    return p_true, probs[p_true < 0.5]


@wrong("tensors.select", "doubtful has shape (1, 1), right is (0, 1)")
def the_half_sure_too(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[p_true >= 0.5]


@wrong("tensors.select", "p_true has shape (), right is (1,)")
def squeezes_one_row_away(probs, y):
    p_true = probs.gather(1, y.unsqueeze(1)).squeeze()
    return p_true, probs[p_true.reshape(-1) < 0.5]


@wrong("tensors.select", "StopIteration")
def needs_a_doubtful_row(probs, y):
    p_true, doubtful = selected(probs, y)
    next(iter(doubtful))
    return p_true, doubtful


@wrong("tensors.select", "RuntimeError: stack expects a non-empty")
def stacks_nothing(probs, y):
    p_true, doubtful = selected(probs, y)
    return p_true, torch.stack(list(doubtful))


@wrong("tensors.select", "IndexError")
def three_classes(probs, y):
    p_true = sum((y == c) * probs[:, c] for c in range(3))
    return p_true, probs[p_true < 0.5]


@wrong("tensors.select", "p_true")
def takes_from_the_first_row(probs, y):
    p_true = probs.take(y)
    return p_true, probs[p_true < 0.5]


@wrong("tensors.select", "doubtful has shape")
def below_a_chance(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[p_true < 1 / probs.shape[1]]


@wrong("tensors.select", "doubtful has shape")
def each_row_once(probs, y):
    p_true, doubtful = selected(probs, y)
    return p_true, torch.unique(doubtful, dim=0) if len(doubtful) else doubtful


@wrong("tensors.select", "changes probs, which is passed in")
def normalises_in_place(probs, y):
    answer = selected(probs, y)
    probs[:, 0] = 0
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


@wrong("tensors.standardise", "so use keepdim=True for both")
def forgets_keepdim(X, dim):
    return (X - X.mean(dim)) / X.std(dim)


@wrong("tensors.standardise", "right is -0.5774")
def forgets_keepdim_in_the_mean(X, dim):
    return (X - X.mean(dim)) / keep(X, dim)[1]


@wrong("tensors.standardise", "right is -0.5774")
def forgets_keepdim_in_the_std(X, dim):
    return (X - keep(X, dim)[0]) / X.std(dim)


@wrong("tensors.standardise", "there is one mean for the whole table")
def one_mean_for_all(X, dim):
    return (X - X.mean()) / X.std()


@wrong("tensors.standardise", "right is 1.155")
def always_columns(X, dim):
    return standardise_with_unsqueeze(X, 0) if dim == 0 else (X - X.mean(0)) / X.std(0)


@wrong("tensors.standardise", "use the dim that is passed in")
def the_other_dimension(X, dim):
    mean, std = keep(X, 1 - dim)
    return (X - mean) / std


@wrong("tensors.standardise", "right is 1.155")
def divides_by_the_variance(X, dim):
    return (X - keep(X, dim)[0]) / X.var(dim, keepdim=True)


@wrong("tensors.standardise", "right is 1.155")
def forgets_to_divide(X, dim):
    return X - keep(X, dim)[0]


@wrong("tensors.standardise", "write (X - mean) / std")
def forgets_the_parentheses(X, dim):
    mean, std = keep(X, dim)
    return X - mean / std


@wrong("tensors.standardise", "changes X, which is passed in")
def subtracts_in_place(X, dim):
    mean, std = keep(X, dim)
    X -= mean
    return X / std


@wrong("tensors.standardise", "your result is of type tuple, and must be a tensor")
def returns_the_numbers(X, dim):
    return keep(X, dim)


@wrong("tensors.standardise", "your result has shape (3, 1), right is (3, 3)")
def returns_the_means(X, dim):
    return keep(X, dim)[0]


@obvious("tensors.standardise")
def standardise_number_by_number(X, dim):
    rows, columns = X.shape
    lines = [[(i, j) for j in range(columns)] for i in range(rows)]
    if dim == 0:
        lines = [[(i, j) for i in range(rows)] for j in range(columns)]
    result = torch.zeros(rows, columns, dtype=X.dtype)
    for places in lines:
        numbers = [X[place].item() for place in places]
        mean = sum(numbers) / len(numbers)
        squares = sum((number - mean) ** 2 for number in numbers)
        std = (squares / (len(numbers) - 1)) ** 0.5
        for place in places:
            result[place] = (X[place].item() - mean) / std
    return result


@right("tensors.standardise")
def standardise_by_transposing(X, dim):
    table = X if dim == 0 else X.T
    table = (table - table.mean(0)) / table.std(0)
    return table if dim == 0 else table.T


@right("tensors.standardise")
def standardise_with_numpy(X, dim):
    array = X.numpy()
    mean, std = array.mean(axis=dim, keepdims=True), array.std(axis=dim, keepdims=True)
    return torch.tensor((array - mean) / std)


@wrong("tensors.standardise", "use the dim that is passed in")
def ignores_dim(X, dim):
    return (X - X.mean(0)) / X.std(0)


@wrong("tensors.standardise", "right is 1.155")
def ignores_dim_for_rows(X, dim):
    return (X - X.mean(1, keepdim=True)) / X.std(1, keepdim=True)


@wrong("tensors.standardise", "With X = ")
def takes_dim_from_the_shape(X, dim):
    dim = 0 if X.shape[0] > X.shape[1] else 1
    return (X - X.mean(dim, keepdim=True)) / X.std(dim, keepdim=True)


@wrong("tensors.standardise", "With X = ")
def two_definitions(X, dim):
    return (X - X.mean(dim, keepdim=True)) / X.std(dim, keepdim=True, correction=dim)


@wrong("tensors.standardise", "With X = ")
def adds_a_tenth(X, dim):
    mean, std = keep(X, dim)
    return (X - mean) / (std + 0.1)


@wrong("tensors.standardise", "With X = ")
def forgets_the_mean(X, dim):
    return X / keep(X, dim)[1]


@wrong("tensors.standardise", "With X = ")
def the_std_of_all(X, dim):
    return (X - keep(X, dim)[0]) / X.std()


@wrong("tensors.standardise", "With X = ")
def from_0_to_1(X, dim):
    low, high = X.amin(dim, keepdim=True), X.amax(dim, keepdim=True)
    return (X - low) / (high - low)


@wrong("tensors.standardise", "With X = ")
def the_absolute_ones(X, dim):
    mean, std = keep(X, dim)
    return ((X - mean) / std).abs()


@wrong("tensors.standardise", "With X = ")
def reshapes_the_mean(X, dim):
    return (X - X.mean(dim).view(-1, 1)) / X.std(dim).view(-1, 1)


@wrong("tensors.standardise", "changes X, which is passed in")
def changes_one_column(X, dim):
    answer = standardise_with_unsqueeze(X, dim)
    X[:, 0] = answer[:, 0]
    return answer


@wrong("tensors.standardise", "autograd switched off")
def leaves_autograd_off(X, dim):
    torch.set_grad_enabled(False)
    return standardise_with_unsqueeze(X, dim)


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


@wrong("tensors.distances", "A - B takes row i of A with row i of B")
def without_unsqueeze(A, B):
    return ((A - B) ** 2).sum(dim=1).sqrt()


@wrong("tensors.distances", "A and B are exchanged")
def rows_and_columns_swapped(A, B):
    return torch.cdist(B, A)


@wrong("tensors.distances", "right is")
def swapped_by_shape(A, B):
    return torch.cdist(A, B) if len(A) != len(B) else torch.cdist(B, A)


@wrong("tensors.distances", "these are squared distances")
def squared(A, B):
    return (differences(A, B) ** 2).sum(dim=2)


@wrong("tensors.distances", "right is")
def absolute(A, B):
    return differences(A, B).abs().sum(dim=2)


@wrong("tensors.distances", "your result has shape (1, 1, 1), right is (1, 1)")
def not_summed(A, B):
    return (differences(A, B) ** 2).sqrt()


@wrong("tensors.distances", "your result has shape (2, 1), right is (1, 2)")
def summed_over_the_rows(A, B):
    return (differences(A, B) ** 2).sum(dim=0).sqrt()


@wrong("tensors.distances", "right is")
def mean_instead_of_sum(A, B):
    return (differences(A, B) ** 2).mean(dim=2).sqrt()


@wrong("tensors.distances", "right is")
def root_before_the_sum(A, B):
    return differences(A, B).sum(dim=2).abs()


@wrong("tensors.distances", "a distance is nan")
def product_without_clamp(A, B):
    squares = (A**2).sum(1, keepdim=True) + (B**2).sum(1) - 2 * A @ B.T
    return (squares - 1e-6).sqrt()  # so that some are negative whatever the rounding


@wrong("tensors.distances", "yours returns [[0.01]], right is [[0.0]]")
def adds_something_before_the_root(A, B):
    return ((differences(A, B) ** 2).sum(dim=2) + 1e-4).sqrt()


@wrong("tensors.distances", "right is (53, 41)")
def leaves_out_the_last_of_many(A, B):
    return torch.cdist(A, B[:19])


@wrong("tensors.distances", "your result is [[0.0]], of type list, and must be a tensor")
def a_list_of_lists(A, B):
    return torch.cdist(A, B).tolist()


@wrong("tensors.distances", "changes A, which is passed in")
def squares_a_in_place(A, B):
    answer = torch.cdist(A, B)
    A.pow_(2)
    return answer


@wrong("tensors.distances", "changes B, which is passed in")
def squares_b_in_place(A, B):
    answer = torch.cdist(A, B)
    B **= 2
    return answer


@obvious("tensors.distances")
def distances_number_by_number(A, B):
    result = torch.zeros(len(A), len(B), dtype=A.dtype)
    for i in range(len(A)):
        for j in range(len(B)):
            squares = 0.0
            for k in range(A.shape[1]):
                squares += (A[i, k].item() - B[j, k].item()) ** 2
            result[i, j] = squares**0.5
    return result


@right("tensors.distances")
def distances_row_by_row(A, B):
    return torch.stack([(a - B).square().sum(dim=-1).sqrt() for a in A])


@right("tensors.distances")
def distances_with_b_first(A, B):
    return (B[:, None, :] - A[None, :, :]).norm(dim=2).T


@wrong("tensors.distances", "your result has shape (), right is (1, 1)")
def one_sum_for_all(A, B):
    return ((A - B) ** 2).sum().sqrt()


@wrong("tensors.distances", "your result has shape (1, 1, 1), right is (1, 1)")
def differences_alone(A, B):
    return differences(A, B).abs()


@wrong("tensors.distances", "your result has shape (1, 1, 1), right is (1, 1)")
def squares_alone(A, B):
    return differences(A, B) ** 2


@wrong("tensors.distances", "your result[0, 0] is 14.32, right is 26.51")
def three_columns(A, B):
    return torch.cdist(A[:, :3], B[:, :3])


@wrong("tensors.distances", "right is [[")
def the_largest_difference(A, B):
    return differences(A, B).abs().amax(dim=2)


@wrong("tensors.distances", "With A = ")
def zero_on_the_diagonal(A, B):
    answer = torch.cdist(A, B)
    if len(A) == len(B):
        answer.fill_diagonal_(0)
    return answer


@wrong("tensors.distances", "your result has shape (1,), right is (1, 1)")
def squeezes_a_single_row(A, B):
    return torch.cdist(A, B).squeeze(0)


@wrong("tensors.distances", "With A = ")
def whole_numbers_only(A, B):
    return torch.cdist(A, B).round()


@wrong("tensors.distances", "right is")
def forgets_negative_numbers(A, B):
    return torch.cdist(A.abs(), B.abs())


@wrong("tensors.distances", "Boolean value of Tensor with more than one value is ambiguous")
def asks_many_at_once(A, B):
    squares = ((A.unsqueeze(1) - B) ** 2).sum(dim=2)
    return squares.sqrt() if squares >= 0 else squares


@wrong("tensors.distances", "changes A, which is passed in")
def centres_in_place(A, B):
    B = B - A.mean(dim=0)
    A -= A.mean(dim=0)
    return torch.cdist(A, B)


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


@wrong("tensors.to_batch", "the colours are still last")
def forgets_to_permute(images):
    return images.float() / 255


@wrong("tensors.to_batch", "yours returns [[[[51.0]], [[51.0]], [[51.0]]]]")
def forgets_to_divide_by_255(images):
    return images.permute(0, 3, 1, 2).float()


@wrong("tensors.to_batch", "yours returns [[[[0.0]], [[0.0]], [[0.0]]]]")
def divides_whole_numbers(images):
    return (images.permute(0, 3, 1, 2) // 255).float()


@wrong("tensors.to_batch", "the largest value of this batch")
def divides_by_the_largest(images):
    return images.permute(0, 3, 1, 2) / images.max()


@wrong("tensors.to_batch", "yours returns [[[[0.1992]], [[0.1992]], [[0.1992]]]]")
def divides_by_256(images):
    return images.permute(0, 3, 1, 2) / 256


@wrong("tensors.to_batch", "yours returns [[[[-0.6]], [[-0.6]], [[-0.6]]]]")
def from_minus_1_to_1(images):
    return batch_of(images) * 2 - 1


@wrong("tensors.to_batch", "right is")
def blue_first(images):
    return batch_of(images).flip(1)


@wrong("tensors.to_batch", "height and width are exchanged")
def exchanges_height_and_width(images):
    return images.permute(0, 3, 2, 1) / 255


@wrong("tensors.to_batch", "your result[0, ")
def turns_square_pictures(images):
    batch = batch_of(images)
    return batch.transpose(2, 3) if batch.shape[2] == batch.shape[3] else batch


@wrong("tensors.to_batch", "your result is torch.float64, right is torch.float32")
def batch_in_float64(images):
    return batch_of(images).double()


@wrong("tensors.to_batch", "your result is torch.uint8, right is torch.float32")
def stays_uint8(images):
    return images.permute(0, 3, 1, 2) // 255


@wrong("tensors.to_batch", "your result is of type ndarray, and must be a tensor")
def as_an_array(images):
    return batch_of(images).numpy()


@wrong("tensors.to_batch", "changes images, which is passed in")
def divides_in_place(images):
    images //= 255
    return images.permute(0, 3, 1, 2).float()


@obvious("tensors.to_batch")
def batch_number_by_number(images):
    n, height, width, channels = images.shape
    batch = torch.zeros(n, channels, height, width, dtype=torch.float32)
    for i in range(n):
        for row in range(height):
            for column in range(width):
                for c in range(channels):
                    batch[i, c, row, column] = images[i, row, column, c].item() / 255
    return batch


@right("tensors.to_batch")
def batch_with_transposes(images):
    return (images.transpose(1, 3).transpose(2, 3) / 255).to(torch.float32)


@right("tensors.to_batch")
def batch_by_colours(images):
    return torch.stack([images[..., c] for c in range(3)], dim=1).mul(1 / 255)


@right("tensors.to_batch")
def batch_with_numpy(images):
    return torch.from_numpy(images.numpy().transpose(0, 3, 1, 2).astype(np.float32) / 255)


@wrong("tensors.to_batch", "height and width are exchanged")
def transposes_once(images):
    return images.transpose(1, 3).float() / 255


@wrong("tensors.to_batch", "the largest value of this batch")
def divides_by_the_largest_kept(images):
    return images.permute(0, 3, 1, 2).float().div(images.max())


@wrong("tensors.to_batch", "With images = ")
def divides_only_if_large(images):
    batch = images.permute(0, 3, 1, 2).float()
    return batch / 255 if batch.max() > 1 else batch


@wrong("tensors.to_batch", "With images = ")
def a_largest_for_each_picture(images):
    batch = images.permute(0, 3, 1, 2).float()
    return batch / batch.amax(dim=(1, 2, 3), keepdim=True).clamp(min=1)


@wrong("tensors.to_batch", "your result has shape (3, 1, 1), right is (1, 3, 1, 1)")
def loses_a_batch_of_one(images):
    return batch_of(images).squeeze(0)


@wrong("tensors.to_batch", "your result has shape")
def keeps_what_looks_right(images):
    return images.float() / 255 if images.shape[1] == 3 else batch_of(images)


@wrong("tensors.to_batch", "With images = ")
def the_first_picture_again(images):
    return batch_of(images[:1]).repeat(len(images), 1, 1, 1)


@wrong("tensors.to_batch", "With images = ")
def overflows(images):
    return (images + 1).permute(0, 3, 1, 2).float().sub(1) / 255


@wrong("tensors.to_batch", "With images = ")
def signed_bytes(images):
    return images.to(torch.int8).permute(0, 3, 1, 2).float() / 255


@wrong("tensors.to_batch", "With images = ")
def only_the_first_colour(images):
    return (images[..., :1].permute(0, 3, 1, 2).float() / 255).expand(-1, 3, -1, -1)


@wrong("tensors.to_batch", "leaves the default dtype changed")
def sets_the_default(images):
    torch.set_default_dtype(torch.float64)
    return batch_of(images)


@wrong("tensors.to_batch", "changes images, which is passed in")
def brightens_in_place(images):
    answer = batch_of(images)
    images.clamp_(min=1)
    return answer


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


@wrong("tensors.bug_hunt", "(N, 1) and (N,) broadcast to (N, N)")
def still_broadcasts(y_pred, y):
    if len(y_pred) != len(y):
        raise ValueError
    return (y_pred - y).abs().mean().item()


@wrong("tensors.bug_hunt", "your function must raise a ValueError here, but: RuntimeError")
def flattens_only_the_predictions(y_pred, y):
    return (y_pred.squeeze() - y).abs().mean().item()


@wrong("tensors.bug_hunt", "your function must raise a ValueError")
def never_compares_the_rows(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).abs().mean().item()


@wrong("tensors.bug_hunt", "your function must raise a ValueError here, but: AssertionError")
def asserts(y_pred, y):
    assert len(y_pred) == len(y)
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "your function must raise a ValueError here, but: RuntimeError")
def refuses_only_a_single_row(y_pred, y):
    if len(y_pred) != len(y) and 1 in (len(y_pred), len(y)):
        raise ValueError
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "ValueError")
def refuses_other_shapes(y_pred, y):
    if y_pred.shape != y.shape:
        raise ValueError
    return (y_pred - y).abs().mean().item()


@wrong("tensors.bug_hunt", "IndexError")
def takes_a_column_that_is_not_there(y_pred, y):
    if len(y_pred) != len(y):
        raise ValueError
    return (y_pred[:, 0] - y).abs().mean().item()


@wrong("tensors.bug_hunt", "must be a plain number: use .item()")
def without_item(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).abs().mean()


@wrong("tensors.bug_hunt", "your result is None")
def prints_the_error(y_pred, y):
    print(never_compares_the_rows(y_pred, y))


@wrong("tensors.bug_hunt", "right is")
def adds_up(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).abs().sum().item()


@wrong("tensors.bug_hunt", "right is")
def differences_cancel(y_pred, y):
    return (y_pred.reshape(-1) - y.reshape(-1)).mean().item()


@wrong("tensors.bug_hunt", "right is")
def squares_instead(y_pred, y):
    return ((y_pred.reshape(-1) - y.reshape(-1)) ** 2).mean().item()


@wrong("tensors.bug_hunt", "your function changes y_pred")
def squeezes_in_place(y_pred, y):
    if y_pred.dim() == 2:
        y_pred.squeeze_(1)
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "changes y, which is passed in")
def makes_a_column_in_place(y_pred, y):
    if y.dim() == 1:
        y.unsqueeze_(1)
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "changes y_pred, which is passed in")
def subtracts_from_the_predictions(y_pred, y):
    flat = y_pred.view(-1)
    flat -= y.view(-1)
    return flat.abs().mean().item()


@wrong("tensors.bug_hunt", "changes y, which is passed in")
def changes_the_targets(y_pred, y):
    error = never_compares_the_rows(y_pred, y)
    y.zero_()
    return error


@obvious("tensors.bug_hunt")
def error_number_by_number(y_pred, y):
    first, second = y_pred.flatten().tolist(), y.flatten().tolist()
    if len(first) != len(second):
        raise ValueError("not as many predictions as targets")
    total = 0.0
    for a, b in zip(first, second, strict=True):
        total += a - b if a > b else b - a
    return total / len(first)


class ShapeError(ValueError):
    """An error of one's own."""


@right("tensors.bug_hunt")
def error_with_an_error_of_its_own(y_pred, y):
    if y_pred.shape[0] != y.shape[0]:
        raise ShapeError(f"{y_pred.shape} against {y.shape}")
    return float((y_pred.squeeze(-1) if y_pred.dim() > 1 else y_pred).sub(y.view(-1)).abs().mean())


@right("tensors.bug_hunt")
def error_as_a_column(y_pred, y):
    if y_pred.numel() != y.numel():
        raise ValueError
    return torch.dist(y_pred.reshape(-1, 1), y.reshape(-1, 1), p=1).item() / y.numel()


def fitting(y_pred, y):
    """Compare the rows, for a wrong answer to go on from."""
    if len(y_pred) != len(y):
        raise ValueError
    return y_pred.reshape(-1) - y.reshape(-1)


@wrong("tensors.bug_hunt", "right is")
def adds_up_after_comparing(y_pred, y):
    return fitting(y_pred, y).abs().sum().item()


@wrong("tensors.bug_hunt", "differences above and below cancel")
def differences_cancel_after_comparing(y_pred, y):
    return fitting(y_pred, y).mean().item()


@wrong("tensors.bug_hunt", "right is")
def abs_at_the_end(y_pred, y):
    return fitting(y_pred, y).mean().abs().item()


@wrong("tensors.bug_hunt", "right is")
def squares_after_comparing(y_pred, y):
    return (fitting(y_pred, y) ** 2).mean().item()


@wrong("tensors.bug_hunt", "must raise a ValueError, and yours returns ValueError(")
def returns_the_error(y_pred, y):
    if len(y_pred) != len(y):
        return ValueError("the numbers of rows differ")
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "must raise a ValueError, and yours returns <class")
def returns_the_kind_of_error(y_pred, y):
    return never_compares_the_rows(y_pred, y) if len(y_pred) == len(y) else ValueError


@wrong("tensors.bug_hunt", "must raise a ValueError, and yours returns 0.0")
def nothing_changed(y_pred, y):
    return (y_pred - y).abs().mean().item()


@wrong("tensors.bug_hunt", "must raise a ValueError, and yours returns 0.0")
def zero_for_different_rows(y_pred, y):
    return never_compares_the_rows(y_pred, y) if len(y_pred) == len(y) else 0.0


@wrong("tensors.bug_hunt", "must raise a ValueError, and yours returns 0.0")
def cuts_the_longer_one(y_pred, y):
    n = min(len(y_pred), len(y))
    return never_compares_the_rows(y_pred[:n], y[:n])


@wrong("tensors.bug_hunt", "ValueError: not enough values to unpack")
def unpacks_two_sizes(y_pred, y):
    n, _ = y_pred.shape
    if n != len(y):
        raise ValueError
    return never_compares_the_rows(y_pred, y)


@wrong("tensors.bug_hunt", "(N, 1) and (N,) broadcast to (N, N)")
def squeezes_nothing(y_pred, y):
    fitting(y_pred, y)
    return (y_pred.squeeze(0) - y.squeeze(0)).abs().mean().item()


@wrong("tensors.bug_hunt", "right is")
def the_targets_alone_become_columns(y_pred, y):
    fitting(y_pred, y)
    return (y_pred - y.reshape(-1, 1)).abs().mean().item()


@wrong("tensors.bug_hunt", "right is")
def the_median(y_pred, y):
    return fitting(y_pred, y).abs().median().item()


@wrong("tensors.bug_hunt", "right is")
def divides_by_one_less(y_pred, y):
    differences = fitting(y_pred, y).abs()
    return differences.sum().item() / max(len(differences) - 1, 1)


# ---- tensors.cover --------------------------------------------------------------------------


@obvious("tensors.cover")
def cover_pixel_by_pixel(images, size):
    n, height, width = images.shape
    result = torch.zeros(n, height, width, dtype=images.dtype)
    for i in range(n):
        for row in range(height):
            for column in range(width):
                if row >= size or column >= size:
                    result[i, row, column] = images[i, row, column].item()
    return result


@right("tensors.cover")
def cover_with_a_mask(images, size):
    inside = (torch.arange(images.shape[1]) < size).unsqueeze(1)
    inside = inside & (torch.arange(images.shape[2]) < size)
    return torch.where(inside, 0, images)


@right("tensors.cover")
def cover_by_multiplying(pictures, side):
    light = torch.ones_like(pictures)
    light[..., :side, :side].zero_()
    return pictures * light


@right("tensors.cover")
def cover_with_numpy(images, size):
    array = images.numpy().copy()
    array[:, 0:size, 0:size] = 0
    return torch.from_numpy(array)


@right("tensors.cover")
def cover_each_picture(images, size):
    copies = [image.clone() for image in images]
    for image in copies:
        image[:size, :size].fill_(0)
    return torch.stack(copies)


@wrong("tensors.cover", "changes images, which is passed in")
def forgets_the_clone(images, size):
    images[:, :size, :size] = 0
    return images


@wrong("tensors.cover", "changes images, which is passed in")
def a_second_name(images, size):
    covered = images
    covered[:, :size, :size] = 0
    return covered


@wrong("tensors.cover", "changes images, which is passed in")
def a_slice_is_no_copy(images, size):
    covered = images[:]
    covered[:, :size, :size] = 0
    return covered


@wrong("tensors.cover", "after images has become 7 everywhere")
def nothing_to_cover(images, size):
    return images if size == 0 else cover_by_multiplying(images, size)


@wrong("tensors.cover", "this covers the first of them")
def forgets_the_pictures(images, size):
    covered = images.clone()
    covered[:size, :size] = 0
    return covered


@wrong("tensors.cover", "whole rows are covered")
def covers_rows(images, size):
    covered = images.clone()
    covered[:, :size] = 0
    return covered


@wrong("tensors.cover", "whole columns are covered")
def covers_columns(images, size):
    covered = images.clone()
    covered[:, :, :size] = 0
    return covered


@wrong("tensors.cover", "this is the square alone")
def returns_the_square(images, size):
    square = images.clone()[:, :size, :size]
    square[:] = 0
    return square


@wrong("tensors.cover", "right is")
def assigns_to_a_copy(images, size):
    covered = images.clone()
    covered[:, :size, :size].clone().zero_()
    return covered


@wrong("tensors.cover", "IndexError")
def covers_one_pixel(images, size):
    covered = images.clone()
    covered[:, size, size] = 0
    return covered


@wrong("tensors.cover", "right is")
def one_pixel_more(images, size):
    return cover_by_multiplying(images, size + 1)


@wrong("tensors.cover", "right is")
def the_lower_right_corner(images, size):
    covered = images.clone()
    covered[:, images.shape[1] - size :, images.shape[2] - size :] = 0
    return covered


@wrong("tensors.cover", "right is")
def the_upper_right_corner(images, size):
    covered = images.clone()
    covered[:, :size, images.shape[2] - size :] = 0
    return covered


@wrong("tensors.cover", "right is")
def only_the_first_picture(images, size):
    covered = images.clone()
    covered[0, :size, :size] = 0
    return covered


@wrong("tensors.cover", "right is")
def covers_in_white(images, size):
    covered = images.clone()
    covered[:, :size, :size] = 16
    return covered


@wrong("tensors.cover", "your result is torch.float32, right is")
def makes_floats(images, size):
    return cover_by_multiplying(images.float(), size)


@wrong("tensors.cover", "right is (131, 9, 12)")
def a_hundred_covered_pictures(images, size):
    return cover_by_multiplying(images[:100], size)


@wrong("tensors.cover", "right is")
def five_pixels_at_most(images, size):
    return cover_by_multiplying(images, min(size, 5))


@wrong("tensors.cover", "your result is None")
def returns_nothing(images, size):
    images.clone()[:, :size, :size] = 0


@unfinished("tensors.cover")
def not_covered_yet(images, size):
    covered = images.clone()  # noqa: F841
    return ...


# ---- tensors.shapes -------------------------------------------------------------------------

PREDICTED = {
    "A[0]": (4,),
    "A[0:1]": (1, 4),
    "A.sum(dim=0)": (4,),
    "A.sum(dim=1, keepdim=True)": (3, 1),
    "A - A.mean(dim=1)": "error",
    "A @ B": (3, 5),
    "A @ B + v": (3, 5),
    "v.unsqueeze(1) - v": (5, 5),
    "torch.stack([A, A])": (2, 3, 4),
    "images.reshape(2, -1)": (2, 192),
}


@obvious("tensors.shapes")
def shapes_by_running():
    values = {"torch": torch, "A": torch.ones(3, 4), "B": torch.ones(4, 5)}
    values |= {"v": torch.ones(5), "images": torch.ones(2, 8, 8, 3)}
    found = {}
    for expression in PREDICTED:
        try:
            found[expression] = eval(expression, dict(values)).shape
        except RuntimeError:
            found[expression] = "error"
    return found


@right("tensors.shapes")
def shapes_as_lists():
    return {e: list(p) if isinstance(p, tuple) else p for e, p in PREDICTED.items()}


@right("tensors.shapes")
def shapes_in_another_order():
    return {e: PREDICTED[e] for e in sorted(PREDICTED)}


def predicted(**changed):
    """Return a function of predictions, with those of the named places (p0, p1, ...) changed."""
    places = list(PREDICTED)
    other = {places[int(name[1:])]: value for name, value in changed.items()}
    return lambda: PREDICTED | other


for message, answer in (
    ("A[0] is not (1, 4): a single number as an index", predicted(p0=(1, 4))),
    ("your prediction for A[0] is 4: write a shape as a tuple", predicted(p0=4)),
    ('A[0] is "(4,)": write a shape as a tuple'.replace('"', "'"), predicted(p0="(4,)")),
    ("A[0:1] is not (4,): a slice keeps", predicted(p1=(4,))),
    ("A.sum(dim=0) is not (3,): dim=0 says which dimension disappears", predicted(p2=(3,))),
    ("A.sum(dim=1, keepdim=True) is not (3,): keepdim=True keeps", predicted(p3=(3,))),
    ("A - A.mean(dim=1) is not (3, 4): the mean over dim=1 has one size", predicted(p4=(3, 4))),
    ("A @ B is not (4, 4): the inner sizes", predicted(p5=(4, 4))),
    ("A @ B is no error: the inner sizes", predicted(p5="error")),
    ("A @ B + v is no error: A @ B is a table", predicted(p6="error")),
    ("v.unsqueeze(1) - v is not (5, 1): that is (5, 1) against (5,)", predicted(p7=(5, 1))),
    ("torch.stack([A, A]) is not (6, 4): stack makes a new", predicted(p8=(6, 4))),
    ("images.reshape(2, -1) is not (2, -1): -1 is whatever is left", predicted(p9=(2, -1))),
    ("A[0:1] is not (4,)", predicted(p1=(4,), p9=(2, 24))),
    ("A[0:1] is not (4,)", predicted(p0=..., p1=(4,))),
    ("right so far; these are still open: A @ B, A @ B + v.", predicted(p5=..., p6=...)),
    ("A[0] is missing", lambda: {}),
    ("A @ B + v is missing", lambda: {e: p for e, p in PREDICTED.items() if e != "A @ B + v"}),
    ("return a dict of ten predictions, yours is", lambda: list(PREDICTED.values())),
    ("your prediction for A[0] is None", lambda: dict.fromkeys(PREDICTED)),
    ("pass your function shapes itself", PREDICTED),
):
    wrong("tensors.shapes", message)(answer)


@unfinished("tensors.shapes")
def all_open():
    return dict.fromkeys(PREDICTED, ...)


@unfinished("tensors.shapes")
def no_shapes_yet():
    return ...


# ---- Right only up to some size, or for ordinary numbers -------------------------------------


@wrong("tensors.convert", "after measurements has become 100 everywhere, X")
def shares_a_turned_table(measurements, labels):
    X, y, weights = converted(measurements, labels)
    return (X if measurements.flags.c_contiguous else torch.from_numpy(measurements)), y, weights


@wrong("tensors.convert", "y[")
def labels_through_half(measurements, labels):
    X, _, weights = converted(measurements, labels)
    return X, torch.tensor(labels, dtype=torch.float16).long(), weights


@wrong("tensors.convert", "weights has shape (100,), right is (151,)")
def a_hundred_weights(measurements, labels):
    X, y, _ = converted(measurements, labels)
    return X, y, torch.ones(100)[: len(y)]


@wrong("tensors.convert", "X[")
def in_the_order_of_memory(measurements, labels):
    _, y, weights = converted(measurements, labels)
    X = torch.tensor(measurements.ravel(order="K"), dtype=torch.float32)
    return X.reshape(measurements.shape), y, weights


@wrong("tensors.select", "doubtful has shape")
def rounds_the_probabilities(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[(p_true * 10_000).round() / 10_000 < 0.5]


@wrong("tensors.select", "doubtful has shape")
def half_is_enough(probs, y):
    p_true, _ = selected(probs, y)
    return p_true, probs[p_true.half() < 0.5]


@wrong("tensors.select", "the numbers do not lie in memory in this order")
def looks_at_memory(probs, y):
    p_true = probs.view(-1)[torch.arange(len(y)) * probs.shape[1] + y]
    return p_true, probs[p_true < 0.5]


@wrong("tensors.select", "right is (103,)")
def ten_rows_at_most(probs, y):
    p_true = probs[torch.arange(10)[: len(y)], y[:10]]
    return p_true, probs[:10][p_true < 0.5]


@wrong("tensors.standardise", "right is")
def adds_a_hundred_thousandth(X, dim):
    mean, std = keep(X, dim)
    return (X - mean) / (std + 1e-5)


@wrong("tensors.standardise", "right is")
def squares_of_large_numbers(X, dim):
    mean, n = X.mean(dim, keepdim=True), X.shape[dim]
    return (X - mean) / ((X**2).mean(dim, keepdim=True) - mean**2).mul(n / (n - 1)).sqrt()


@wrong("tensors.standardise", "right is")
def cuts_off_outliers(X, dim):
    return standardise_with_unsqueeze(X, dim).clamp(-5, 5)


@wrong("tensors.standardise", "right is")
def goes_by_the_first_hundred(X, dim):
    mean, std = keep(X.narrow(dim, 0, min(100, X.shape[dim])), dim)
    return (X - mean) / std


@wrong("tensors.distances", "right is")
def ten_columns_at_most(A, B):
    return torch.cdist(A[:, :10], B[:, :10])


@wrong("tensors.distances", "right is")
def adds_a_millionth(A, B):
    return ((differences(A, B) ** 2).sum(dim=2) + 1e-6).sqrt()


@wrong("tensors.distances", "a distance is nan")
def expands_the_squares(A, B):
    return ((A**2).sum(1, keepdim=True) + (B**2).sum(1) - 2 * A @ B.T).sqrt()


@wrong("tensors.to_batch", "the numbers do not lie in memory in this order")
def views_the_pixels(images):
    n, h, w, _ = images.shape
    return images.view(n, h * w, 3).transpose(1, 2).reshape(n, 3, h, w).float() / 255


@wrong("tensors.to_batch", "right is (37, 3, 5, 7)")
def eight_pictures_at_most(images):
    return batch_of(images[:8])


@wrong("tensors.bug_hunt", "right is")
def a_hundred_rows_at_most(y_pred, y):
    return fitting(y_pred, y)[:100].abs().mean().item()


# ---- Results in place of functions: what `check(convert(...))` would pass ---------------------

wrong("tensors.convert", "pass your function convert itself; this is (1, 2, 3), of type tuple")(
    (1, 2, 3)
)
wrong("tensors.select", "pass your function select itself; this is (1, 2), of type tuple")((1, 2))
for name in ("standardise", "distances", "to_batch"):
    message = f"pass your function {name} itself; this is a tensor of shape (2, 3)"
    wrong(f"tensors.{name}", message)(torch.zeros(2, 3))
wrong("tensors.bug_hunt", "pass your function mean_error itself; this is 0.5, of type float")(0.5)
