"""Answers to the exercises of 10_tuning."""

import math
import random
import statistics
import time

import numpy as np
import pandas as pd
import scipy.stats
import torch

from answers import obvious, right, wrong

# ---- tuning.log_uniform ---------------------------------------------------------------------


@right("tuning.log_uniform")
def with_a_generator(low, high, n, seed):
    generator = torch.Generator().manual_seed(seed)
    return 10 ** torch.empty(n).uniform_(math.log10(low), math.log10(high), generator=generator)


@right("tuning.log_uniform")
def one_by_one(low, high, n, seed):
    draws = random.Random(seed)
    numbers = [math.exp(draws.uniform(math.log(low), math.log(high))) for _ in range(n)]
    return torch.tensor(numbers)


@right("tuning.log_uniform")
def with_numpy_in_float64(low, high, n, seed):
    u = np.random.default_rng(seed).random(n)
    return torch.tensor(high * (low / high) ** u)


@obvious("tuning.log_uniform")
def number_by_number(low, high, n, seed):
    numbers = random.Random(seed)
    found = []
    for _ in range(n):
        u = numbers.random()
        found.append(low * math.exp(u * math.log(high / low)))
    return torch.tensor(found, dtype=torch.float64)


@right("tuning.log_uniform")
def with_scipy(low, high, n, seed):
    return torch.from_numpy(scipy.stats.loguniform.rvs(low, high, size=n, random_state=seed))


@right("tuning.log_uniform")
def with_a_shuffled_order(low, high, n, seed):
    torch.manual_seed(seed)
    numbers = torch.empty(n).uniform_(math.log(low), math.log(high)).exp()
    return numbers[torch.randperm(n)]


@wrong("tuning.log_uniform", "you draw the number itself uniformly")
def uniform(low, high, n, seed):
    torch.manual_seed(seed)
    return low + (high - low) * torch.rand(n)


@wrong("tuning.log_uniform", "If these are logarithms, raise 10, or e")
def the_exponents(low, high, n, seed):
    torch.manual_seed(seed)
    return torch.empty(n).uniform_(math.log10(low), math.log10(high))


@wrong("tuning.log_uniform", "If these are logarithms, raise 10, or e")
def the_natural_logarithms(low, high, n, seed):
    torch.manual_seed(seed)
    return torch.empty(n).uniform_(math.log(low), math.log(high))


@wrong("tuning.log_uniform", "must lie between low and high")
def mixes_the_bases(low, high, n, seed):
    torch.manual_seed(seed)
    return 10 ** torch.empty(n).uniform_(math.log(low), math.log(high))


@wrong("tuning.log_uniform", "the numbers of a call must differ, and those from different seeds")
def whole_exponents(low, high, n, seed):
    torch.manual_seed(seed)
    lowest, highest = round(math.log10(low)), round(math.log10(high))
    return 10.0 ** torch.randint(lowest, highest + 1, (n,))


@wrong("tuning.log_uniform", "the logarithms are not uniform")
def normal_exponents(low, high, n, seed):
    torch.manual_seed(seed)
    u = (0.5 + 0.1 * torch.randn(n)).clamp(0.0, 1.0)
    return low * (high / low) ** u


@wrong("tuning.log_uniform", "the same seed must give the same numbers")
def without_a_seed(low, high, n, seed):
    return low * (high / low) ** torch.rand(n)


@wrong("tuning.log_uniform", "the numbers of a call must differ, and those from different seeds")
def always_the_same_seed(low, high, n, seed):
    torch.manual_seed(42)
    return low * (high / low) ** torch.rand(n)


@wrong("tuning.log_uniform", "depend on each other, as on a grid, or on their place")
def a_grid(low, high, n, seed):
    return torch.logspace(math.log10(low), math.log10(high), n)


@wrong("tuning.log_uniform", "depend on each other, as on a grid, or on their place")
def shuffled_grid(low, high, n, seed):
    torch.manual_seed(seed)
    grid = torch.logspace(math.log10(low), math.log10(high), max(n, 2))
    return grid[torch.randperm(len(grid))[:n]]


@wrong("tuning.log_uniform", "of type list")
def a_list(low, high, n, seed):
    draws = random.Random(seed)
    return [math.exp(draws.uniform(math.log(low), math.log(high))) for _ in range(n)]


@wrong("tuning.log_uniform", "yours is a tensor of shape (1, 1)")
def a_column(low, high, n, seed):
    torch.manual_seed(seed)
    return low * (high / low) ** torch.rand(n, 1)


@wrong("tuning.log_uniform", 'yours include [float("nan")]')
def logarithm_of_a_difference(low, high, n, seed):
    torch.manual_seed(seed)
    return torch.log(low - torch.rand(n) * high)


@wrong(
    "tuning.log_uniform",
    "yours is a tensor of shape (1,) and of torch.int64",
)
def rounded(low, high, n, seed):
    torch.manual_seed(seed)
    return (low * (high / low) ** torch.rand(n)).long()


@wrong("tuning.log_uniform", "depend on each other, as on a grid, or on their place")
def one_in_each_part(low, high, n, seed):
    torch.manual_seed(seed)
    u = (torch.arange(n) + torch.rand(n)) / n
    return low * (high / low) ** u[torch.randperm(n)]


@wrong("tuning.log_uniform", "depend on each other, as on a grid, or on their place")
def in_opposite_pairs(low, high, n, seed):
    torch.manual_seed(seed)
    u = torch.rand((n + 1) // 2)
    return low * (high / low) ** torch.cat([u, 1 - u])[:n]


@wrong("tuning.log_uniform", "depend on each other, as on a grid, or on their place")
def sorted_numbers(low, high, n, seed):
    torch.manual_seed(seed)
    return (low * (high / low) ** torch.rand(n)).sort().values


@wrong("tuning.log_uniform", "the numbers of a call must differ, and those from different seeds")
def starts_with_low(low, high, n, seed):
    torch.manual_seed(seed)
    u = torch.rand(n)
    u[:1] = 0 if n > 1 else u[:1]
    return low * (high / low) ** u


@wrong("tuning.log_uniform", "must lie between low and high")
def always_from_a_tenth(low, high, n, seed):
    torch.manual_seed(seed)
    return 10 ** (math.log10(high) - torch.rand(n))


@wrong("tuning.log_uniform", "the logarithms are not uniform")
def the_square_of_a_uniform(low, high, n, seed):
    torch.manual_seed(seed)
    return low * (high / low) ** torch.rand(n).square()


@wrong("tuning.log_uniform", "the numbers of a call must differ, and those from different seeds")
def two_digits_of_the_exponent(low, high, n, seed):
    torch.manual_seed(seed)
    return low * (high / low) ** ((10 * torch.rand(n)).floor() / 10)


@wrong("tuning.log_uniform", "the numbers of a call must differ, and those from different seeds")
def ten_seeds_only(low, high, n, seed):
    torch.manual_seed(seed % 10)
    return low * (high / low) ** torch.rand(n)


the_generators = {}


@wrong("tuning.log_uniform", "the same seed must give the same numbers")
def keeps_its_generator(low, high, n, seed):
    generator = the_generators.setdefault(seed, torch.Generator().manual_seed(seed))
    return low * (high / low) ** torch.rand(n, generator=generator)


@wrong("tuning.log_uniform", "leaves the default dtype changed")
def switches_to_float64(low, high, n, seed):
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(seed)
    return low * (high / low) ** torch.rand(n)


# ---- tuning.choose_lr -----------------------------------------------------------------------


@right("tuning.choose_lr")
def with_statistics(rates, values):
    best_rate, best = None, math.inf
    end = len(values)
    for i, value in enumerate(values):
        if math.isnan(value) or math.isinf(value):
            end = i
            break
    for i in range(end):
        mean = statistics.mean(values[max(0, i - 2) : min(end, i + 3)])
        if mean < best:
            best_rate, best = rates[i], mean
    return best_rate / 10


@right("tuning.choose_lr")
def with_tensors(lrs, losses):
    losses = torch.tensor(losses, dtype=torch.float64)
    bad = (~losses.isfinite()).nonzero()
    losses = losses[: bad[0, 0]] if len(bad) else losses
    padded = torch.nn.functional.pad(losses, (2, 2))
    count = torch.nn.functional.pad(torch.ones_like(losses), (2, 2))
    smooth = padded.unfold(0, 5, 1).sum(dim=1) / count.unfold(0, 5, 1).sum(dim=1)
    return 0.1 * np.array(lrs)[smooth.argmin()]


@obvious("tuning.choose_lr")
def step_by_step(lrs, losses):
    usable = []
    for loss in losses:
        if loss != loss or abs(loss) == math.inf:
            break
        usable.append(loss)
    means = []
    for i in range(len(usable)):
        total, count = 0.0, 0
        for j in (i - 2, i - 1, i, i + 1, i + 2):
            if 0 <= j < len(usable):
                total += usable[j]
                count += 1
        means.append(total / count)
    lowest = 0
    for i in range(len(means)):
        if means[i] < means[lowest]:
            lowest = i
    return lrs[lowest] / 10


@right("tuning.choose_lr")
def with_pandas(lrs, losses):
    column = pd.Series(losses).replace(math.inf, math.nan)
    column = column[column.isna().cumsum() == 0]
    return lrs[column.rolling(5, center=True, min_periods=1).mean().argmin()] / 10


@right("tuning.choose_lr")
def with_a_convolution(lrs, losses):
    finite = np.isfinite(losses)
    losses = np.array(losses)[: len(finite) if finite.all() else finite.argmin()]
    ones = np.ones(5)
    sums, counts = (np.convolve(v, ones, "full")[2:-2] for v in (losses, np.ones_like(losses)))
    return float(lrs[(sums / counts).argmin()]) / 10


def choose(lrs, losses, *, divide=10, reach=2, cut=True, always=None):
    """Choose a rate with one thing wrong."""
    if cut:
        bad = [i for i, loss in enumerate(losses) if not math.isfinite(loss)]
        losses = losses[: bad[0]] if bad else losses
    parts = [losses[max(i - reach, 0) : i + reach + 1] for i in range(len(losses))]
    means = [sum(part) / (always or len(part)) for part in parts]
    return lrs[means.index(min(means))] / divide


@wrong("tuning.choose_lr", "you take the lowest single loss")
def without_smoothing(lrs, losses):
    return choose(lrs, losses, reach=0)


@wrong("tuning.choose_lr", "yours returns")
def without_smoothing_and_past_the_end(lrs, losses):
    finite = [loss if math.isfinite(loss) else 9.9 for loss in losses]
    return lrs[finite.index(min(finite))] / 10


@wrong("tuning.choose_lr", "the rate of the lowest loss itself: divide it by 10")
def forgets_the_tenth(lrs, losses):
    return choose(lrs, losses, divide=1)


@wrong("tuning.choose_lr", "yours returns 0, right is 0.001")
def returns_the_place(lrs, losses):
    return lrs.index(choose(lrs, losses, divide=1))


@wrong("tuning.choose_lr", "ValueError: min()")
def returns_the_loss(lrs, losses):
    return min(sum(losses[max(i - 2, 0) : i + 3]) / 5 for i in range(2, len(losses) - 2))


@wrong("tuning.choose_lr", "you divide by 5 at the ends too")
def always_divides_by_five(lrs, losses):
    return choose(lrs, losses, always=5)


@wrong("tuning.choose_lr", "you leave out the losses that are not finite")
def skips_what_is_not_finite(lrs, losses):
    kept = [(lr, loss) for lr, loss in zip(lrs, losses, strict=True) if math.isfinite(loss)]
    return choose(*zip(*kept, strict=True))


@wrong("tuning.choose_lr", "yours returns")
def smooths_over_three(lrs, losses):
    return choose(lrs, losses, reach=1)


@wrong("tuning.choose_lr", "yours returns 0.004, right is 0.001")
def takes_the_highest(lrs, losses):
    return choose(lrs, [-loss for loss in losses])


@wrong("tuning.choose_lr", "is a tensor, and must be a plain number")
def as_a_tensor(lrs, losses):
    return torch.tensor(choose(lrs, losses))


@wrong("tuning.choose_lr", 'yours returns float("nan")')
def nan_where_the_training_broke(lrs, losses):
    if not all(map(math.isfinite, losses)):
        return float("nan")
    return choose(lrs, losses)


@wrong("tuning.choose_lr", "yours returns")
def the_last_of_equal_means(lrs, losses):
    return (
        choose(lrs[::-1], losses[::-1]) if all(map(math.isfinite, losses)) else choose(lrs, losses)
    )


@wrong("tuning.choose_lr", "yours returns")
def never_at_the_start(lrs, losses):
    rate = choose(lrs, losses)
    return lrs[1] / 10 if rate == lrs[0] / 10 and len(lrs) > 1 else rate


@wrong("tuning.choose_lr", "yours returns")
def knows_nan_and_not_infinity(lrs, losses):
    bad = [i for i, loss in enumerate(losses) if math.isnan(loss)]
    losses = losses[: bad[0]] if bad else losses
    return choose(lrs, [min(loss, 1e9) for loss in losses])


@wrong("tuning.choose_lr", "yours returns")
def looks_for_nan_alone(lrs, losses):
    bad = [i for i, loss in enumerate(losses) if math.isnan(loss)]
    return choose(lrs, losses[: bad[0]] if bad else losses, cut=False)


@wrong("tuning.choose_lr", "yours returns")
def drops_the_loss_before_the_break(lrs, losses):
    bad = [i for i, loss in enumerate(losses) if not math.isfinite(loss)]
    return choose(lrs, losses[: max(bad[0] - 1, 1)] if bad else losses)


@wrong("tuning.choose_lr", "yours returns")
def smooths_backwards_only(lrs, losses):
    bad = [i for i, loss in enumerate(losses) if not math.isfinite(loss)]
    losses = losses[: bad[0]] if bad else losses
    means = [statistics.mean(losses[max(i - 2, 0) : i + 1]) for i in range(len(losses))]
    return lrs[means.index(min(means))] / 10


@wrong("tuning.choose_lr", "IndexError")
def starts_from_one_hundred(lrs, losses):
    bad = [i for i, loss in enumerate(losses) if not math.isfinite(loss)]
    losses = losses[: bad[0]] if bad else losses
    means = [statistics.mean(losses[max(i - 2, 0) : i + 3]) for i in range(len(losses))]
    below = [i for i, mean in enumerate(means) if mean < 100 and mean == min(means)]
    return lrs[below[0]] / 10


@wrong("tuning.choose_lr", "yours returns")
def on_a_scale_of_its_own(lrs, losses):
    return lrs[0] * 2 ** lrs.index(round(10 * choose(lrs, losses), 6)) / 10


@wrong("tuning.choose_lr", "your function changes losses")
def cuts_the_list_itself(lrs, losses):
    for i, loss in enumerate(losses):
        if not math.isfinite(loss):
            del losses[i:]
            break
    return choose(lrs, losses)


@wrong("tuning.choose_lr", "yours returns 0.0, right is 0.001")
def returns_the_lowest_mean(lrs, losses):
    bad = [i for i, loss in enumerate(losses) if not math.isfinite(loss)]
    losses = losses[: bad[0]] if bad else losses
    return min(statistics.mean(losses[max(i - 2, 0) : i + 3]) for i in range(len(losses)))


@wrong("tuning.choose_lr", "yours returns")
def the_first_fifty_batches(lrs, losses):
    return choose(lrs[:50], losses[:50])


# ---- tuning.random_search -------------------------------------------------------------------


@right("tuning.random_search")
def with_a_list(sample, objective, budget, clock):
    end, tried = clock() + budget, []
    while not tried or clock() < end:
        setting = sample()
        tried.append((objective(setting), setting))
    loss, setting = min((pair for pair in tried if pair[0] == pair[0]), key=lambda pair: pair[0])
    return [setting, loss, len(tried)]


@right("tuning.random_search")
def stops_at_the_end_of_the_loop(draw, score, seconds, now):
    start, trials, best = now(), 0, (None, float("inf"))
    while True:
        candidate = draw()
        value = score(candidate)
        trials += 1
        if not math.isnan(value) and value < best[1]:
            best = (candidate, value)
        if now() - start >= seconds:
            return *best, trials


@obvious("tuning.random_search")
def with_three_lists(sample, objective, budget, clock):
    began = clock()
    settings, losses = [], []
    while True:
        settings.append(sample())
        losses.append(objective(settings[-1]))
        if clock() - began >= budget:
            break
    best = None
    for i in range(len(losses)):
        if losses[i] != losses[i]:
            continue
        if best is None or losses[i] < losses[best]:
            best = i
    return settings[best], losses[best], len(settings)


@right("tuning.random_search")
def the_last_of_equal_ones(sample, objective, budget, clock):
    end, best, trials = clock() + budget, (math.inf, None), 0
    while trials < 1 or clock() < end:
        setting = sample()
        loss, trials = objective(setting), trials + 1
        if loss <= best[0]:
            best = loss, setting
    return best[1], best[0], trials


@right("tuning.random_search")
def samples_beforehand(sample, objective, budget, clock):
    begin, settings, losses = clock(), [sample() for _ in range(5000)], []
    for setting in settings:
        losses.append(objective(setting))
        if clock() - begin >= budget:
            break
    best = int(np.nanargmin(losses))
    return settings[best], losses[best], len(losses)


def search(sample, objective, budget, clock, **changes):
    """Search with one thing wrong."""
    start = clock() if changes.get("start", True) else 0.0
    best_setting, best_loss, trials = None, changes.get("first", math.inf), 0
    setting = sample()
    least = changes.get("least", 1)
    late = changes.get("late", 0.0)
    while trials < least or clock() - start < budget + late:
        if changes.get("anew", True) and trials:
            setting = sample()
        loss = objective(setting)
        trials += 1
        if changes.get("better", lambda loss, best: loss < best)(loss, best_loss):
            best_setting, best_loss = setting, loss
    return best_setting, best_loss, trials


@wrong("tuning.random_search", "the list of the settings tried")
def samples_once(*args):
    return search(*args, anew=False)


@wrong("tuning.random_search", "the loss of your best_setting is 0.5, right is 0.0")
def keeps_the_highest(*args):
    return search(*args, first=-math.inf, better=lambda loss, best: loss > best)


@wrong("tuning.random_search", 'the loss of your best_setting is float("nan"), right is 0.0')
def nan_wins(*args):
    return search(*args, better=lambda loss, best: not loss >= best)


@wrong("tuning.random_search", "must be one that was tried")
def starts_from_a_hundred(*args):
    setting, loss, trials = search(*args, first=100.0)
    return setting or {"lr": 0.001}, loss, trials


@wrong("tuning.random_search", "you compare the clock itself")
def compares_the_clock_itself(*args):
    return search(*args, start=False)


@wrong("tuning.random_search", "the first trial may always begin")
def tries_none_where_there_is_no_time(*args):
    return search(*args, least=0)


@wrong("tuning.random_search", "a trial begins when the budget is just used up")
def one_more_at_the_limit(*args):
    return search(*args, late=0.001)


@wrong("tuning.random_search", "more than 400 trials")
def with_a_clock_of_its_own(sample, objective, budget, clock):
    return search(sample, objective, budget, time.perf_counter)


@wrong("tuning.random_search", "more than 400 trials")
def never_stops(sample, objective, budget, clock):
    return search(sample, objective, math.inf, clock)


@wrong("tuning.random_search", "the list of the settings tried has 20 items, right is 1")
def always_twenty_trials(sample, objective, budget, clock):
    return search(sample, objective, budget, clock, least=20)


@wrong("tuning.random_search", "the loss of your best_setting is 0.0, right is -0.5")
def returns_the_last_setting(sample, objective, budget, clock):
    seen = []

    def watched(setting):
        seen.append(setting)
        return objective(setting)

    _, loss, trials = search(sample, watched, budget, clock)
    return seen[-1], loss, trials


@wrong("tuning.random_search", "trials is 0, right is 1")
def counts_from_zero(*args):
    setting, loss, trials = search(*args)
    return setting, loss, trials - 1


@wrong("tuning.random_search", "return 3 values")
def returns_two(*args):
    return search(*args)[:2]


@wrong("tuning.random_search", "must be one that was tried")
def swaps_setting_and_loss(*args):
    setting, loss, trials = search(*args)
    return loss, setting, trials


@wrong("tuning.random_search", "best_loss is a tensor")
def loss_as_a_tensor(*args):
    setting, loss, trials = search(*args)
    return setting, torch.tensor(loss), trials


@wrong("tuning.random_search", "ValueError: objective was given 0.25")
def passes_the_rate_alone(sample, objective, budget, clock):
    return search(lambda: sample()["lr"], objective, budget, clock)


@wrong("tuning.random_search", 'the loss of your best_setting is float("nan"), right is 0.0')
def min_of_a_list_with_nan(sample, objective, budget, clock):
    return search(
        sample, objective, budget, clock, better=lambda loss, best: loss < best or loss != loss
    )


@wrong("tuning.random_search", "best_setting is None")
def starts_from_zero(*args):
    return search(*args, first=0.0)


@wrong("tuning.random_search", "the loss of your best_setting is")
def stays_with_a_first_nan(sample, objective, budget, clock):
    start, setting = clock(), sample()
    best, trials = (setting, objective(setting)), 1
    while clock() - start < budget:
        setting = sample()
        loss, trials = objective(setting), trials + 1
        if loss < best[1]:
            best = setting, loss
    return *best, trials


@wrong("tuning.random_search", "the list of the settings tried")
def measures_the_best_again(sample, objective, budget, clock):
    setting, _, trials = search(sample, objective, budget, clock)
    return setting, objective(setting), trials


@wrong("tuning.random_search", "trials is")
def counts_no_nan(sample, objective, budget, clock):
    failed = []

    def watched(setting):
        failed.append(math.isnan(loss := objective(setting)))
        return loss

    setting, loss, trials = search(sample, watched, budget, clock)
    return setting, loss, trials - sum(failed)


@wrong("tuning.random_search", "the list of the settings tried")
def stops_before_the_budget_is_crossed(sample, objective, budget, clock):
    start, longest, tried = clock(), 0.0, []
    while not tried or clock() - start + longest < budget:
        before, setting = clock(), sample()
        tried.append((objective(setting), setting))
        longest = max(longest, clock() - before)
    loss, setting = min((t for t in tried if t[0] == t[0]), key=lambda t: t[0])
    return setting, loss, len(tried)


@wrong("tuning.random_search", "the list of the settings tried")
def one_second_for_a_trial(sample, objective, budget, clock):
    tried = []
    for _ in range(max(1, math.ceil(budget))):
        setting = sample()
        tried.append((objective(setting), setting))
    loss, setting = min((t for t in tried if t[0] == t[0]), key=lambda t: t[0])
    return setting, loss, len(tried)


everything_tried = []


@wrong("tuning.random_search", "called again with the same arguments")
def counts_all_calls(sample, objective, budget, clock):
    setting, loss, trials = search(sample, objective, budget, clock)
    everything_tried.extend([setting] * trials)
    return setting, loss, len(everything_tried)


@wrong("tuning.random_search", "the loss of your best_setting is 0.0, right is -0.5")
def keeps_one_dict_for_all(sample, objective, budget, clock):
    setting = {}

    def same_dict():
        setting.clear()
        setting.update(sample())
        return setting

    return search(same_dict, objective, budget, clock)


@wrong("tuning.random_search", "more than 400 trials")
def catches_everything(sample, objective, budget, clock):
    start, best, trials = time.perf_counter(), (None, math.inf), 0
    while trials < 1 or time.perf_counter() - start < 3600:
        try:
            setting = sample()
            loss = objective(setting)
            best = min(best, (setting, loss), key=lambda pair: pair[1])
        except Exception:
            continue
        trials += 1
    return *best, trials


@wrong("tuning.random_search", "has 30 items, right is")
def at_most_thirty(sample, objective, budget, clock):
    start, best, trials = clock(), (None, math.inf), 0
    for _ in range(30):
        setting = sample()
        loss, trials = objective(setting), trials + 1
        if loss < best[1]:
            best = setting, loss
        if clock() - start >= budget:
            break
    return *best, trials


# ---- tuning.beyond_noise --------------------------------------------------------------------


@right("tuning.beyond_noise")
def with_the_statistics_module(a, b):
    differences = [x - y for x, y in zip(a, b, strict=True)]
    mean = statistics.mean(differences)
    error = statistics.stdev(differences) / len(a) ** 0.5
    return mean, error, mean > 2 * error or mean < -2 * error


@right("tuning.beyond_noise")
def with_numpy(first, second):
    d = np.array(first) - np.array(second)
    error = d.std(ddof=1) / np.sqrt(len(d))
    return [d.mean(), error, bool(np.abs(d.mean()) > 2 * error)]


@obvious("tuning.beyond_noise")
def with_loops(a, b):
    differences = []
    for i in range(len(a)):
        differences.append(a[i] - b[i])
    mean = sum(differences) / len(differences)
    squares = sum((d - mean) ** 2 for d in differences)
    error = math.sqrt(squares / (len(a) - 1) / len(a))
    if mean < 0:
        return mean, error, -mean > 2 * error
    return mean, error, mean > 2 * error


def compare(a, b, *, correction=1, power=0.5, times=2.0):
    """Compare with one thing wrong."""
    d = torch.tensor(a, dtype=torch.float64) - torch.tensor(b, dtype=torch.float64)
    error = (d.std(correction=correction) / len(d) ** power).item()
    return d.mean().item(), error, abs(d.mean().item()) > times * error


@wrong("tuning.beyond_noise", "that is the standard deviation")
def not_divided(a, b):
    return compare(a, b, power=0)


@wrong("tuning.beyond_noise", "by the square root of n, not by n")
def divided_by_n(a, b):
    return compare(a, b, power=1)


@wrong("tuning.beyond_noise", "must by n - 1")
def of_a_population(a, b):
    return compare(a, b, correction=0)


@wrong("tuning.beyond_noise", "two independent lists")
def unpaired(a, b):
    difference = statistics.mean(a) - statistics.mean(b)
    error = ((statistics.variance(a) + statistics.variance(b)) / len(a)) ** 0.5
    return difference, error, abs(difference) > 2 * error


@wrong("tuning.beyond_noise", "the standard error is 0.000625")
def the_variance(a, b):
    difference, error, beyond = compare(a, b)
    return difference, error**2, beyond


@wrong("tuning.beyond_noise", "the mean of the differences is -0.04925, right is 0.04925")
def subtracts_the_other_way(a, b):
    return compare(b, a)


@wrong("tuning.beyond_noise", "the mean of the differences is 0.0985, right is 0.04925")
def sums(a, b):
    difference, error, beyond = compare(a, b)
    return difference * len(a), error, beyond


@wrong("tuning.beyond_noise", "the mean of the differences is")
def takes_the_first_pair(a, b):
    _, error, beyond = compare(a, b)
    return a[0] - b[0], error, beyond


@wrong("tuning.beyond_noise", "either direction counts")
def forgets_abs(a, b):
    difference, error, _ = compare(a, b)
    return difference, error, difference > 2 * error


@wrong("tuning.beyond_noise", "the third value is")
def beyond_one_error(a, b):
    return compare(a, b, times=1.0)


@wrong("tuning.beyond_noise", "the third value is")
def beyond_three_errors(a, b):
    return compare(a, b, times=3.0)


@wrong("tuning.beyond_noise", "the third value is 'no', of type str")
def in_words(a, b):
    difference, error, beyond = compare(a, b)
    return difference, error, "yes" if beyond else "no"


@wrong("tuning.beyond_noise", "return 3 values")
def says_only_yes_or_no(a, b):
    return compare(a, b)[2]


@wrong("tuning.beyond_noise", "the mean of the differences is a tensor")
def as_tensors(a, b):
    return tuple(torch.tensor(value) for value in compare(a, b))


@wrong("tuning.beyond_noise", "the standard error is a tensor")
def error_as_a_tensor(a, b):
    difference, error, beyond = compare(a, b)
    return difference, torch.tensor(error), beyond


@wrong("tuning.beyond_noise", "the third value is")
def beyond_196_errors(a, b):
    return compare(a, b, times=1.96)


@wrong("tuning.beyond_noise", "the third value is")
def beyond_one_and_a_half(a, b):
    return compare(a, b, times=1.5)


@wrong("tuning.beyond_noise", "the third value is")
def by_the_t_test(a, b):
    difference, error, beyond = compare(a, b)
    if error > 1e-9:
        beyond = bool(scipy.stats.ttest_rel(a, b).pvalue < 0.05)
    return difference, error, beyond


@wrong("tuning.beyond_noise", "the third value is True, right is False")
def equal_is_beyond(a, b):
    difference, error, _ = compare(a, b)
    return difference, error, abs(difference) >= 2 * error


@wrong("tuning.beyond_noise", "the mean of the differences is")
def without_its_sign(a, b):
    difference, error, beyond = compare(a, b)
    return abs(difference), error, beyond


@wrong("tuning.beyond_noise", "the standard error is")
def always_ten_seeds(a, b):
    difference, error, _ = compare(a, b)
    error *= (len(a) / 10) ** 0.5
    return difference, error, abs(difference) > 2 * error


@wrong("tuning.beyond_noise", "the standard error is")
def sorts_them(a, b):
    return compare(sorted(a), sorted(b))


@wrong("tuning.beyond_noise", "your function changes a")
def takes_the_best_out(a, b):
    a.append(a.pop(0))
    b.append(b.pop(0))
    return compare(a, b)


@wrong("tuning.beyond_noise", "the standard error is 0.0, right is")
def rounds_to_three_digits(a, b):
    difference, error, beyond = compare(a, b)
    return round(difference, 2), round(error, 1), beyond


@wrong("tuning.beyond_noise", "the mean of the differences is")
def the_first_ten_seeds(a, b):
    return compare(a[:10], b[:10])


# ---- tuning.bug_hunt ------------------------------------------------------------------------


@right("tuning.bug_hunt")
def with_a_loop(settings, val_score, test_score):
    best, highest = None, -float("inf")
    for setting in settings:
        score = val_score(setting)
        if score > highest:
            best, highest = setting, score
    return [best, test_score(best)]


@right("tuning.bug_hunt")
def by_sorting(candidates, validate, test):
    scores = [validate(candidate) for candidate in candidates]
    place = int(np.argsort(scores)[-1])
    return candidates[place], test(candidates[place])


@obvious("tuning.bug_hunt")
def one_after_the_other(settings, val_score, test_score):
    best = settings[0]
    for setting in settings:
        if val_score(setting) > val_score(best):
            best = setting
    return best, test_score(best)


@wrong("tuning.bug_hunt", "that is tuning on the test rows")
def still_on_the_test_rows(settings, val_score, test_score):
    best = max(settings, key=test_score)
    return best, test_score(best)


@wrong("tuning.bug_hunt", "the test score is 0.125, right is 0.0")
def reports_the_validation_score(settings, val_score, test_score):
    best = max(settings, key=val_score)
    test_score(best)
    return best, val_score(best)


@wrong("tuning.choose_lr", "right is")
def stops_at_plus_infinity_only(lrs, losses):
    end = next((i for i, x in enumerate(losses) if x != x or x == math.inf), len(losses))
    parts = [losses[max(i - 2, 0) : min(i + 3, end)] for i in range(end)]
    means = [sum(part) / len(part) for part in parts]
    return lrs[means.index(min(means))] / 10


@wrong("tuning.beyond_noise", "is of type np.bool, and must be a plain True or False")
def numpy_says_whether(a, b):
    d = np.array(a) - np.array(b)
    mean, error = d.mean(), d.std(ddof=1) / len(d) ** 0.5
    return mean, error, abs(mean) > 2 * error


@wrong("tuning.bug_hunt", "you report the validation score")
def reports_the_highest_score(settings, val_score, test_score):
    scores = [val_score(setting) for setting in settings]
    return settings[scores.index(max(scores))], max(scores)


@wrong("tuning.bug_hunt", "the number of calls of test_score is 2, right is 1")
def looks_at_all_test_scores(settings, val_score, test_score):
    scores = [test_score(setting) for setting in settings]
    best = max(settings, key=val_score)
    return best, scores[settings.index(best)]


@wrong("tuning.bug_hunt", "the best setting is {'width': 1}, right is {'width': 2}")
def takes_the_lowest(settings, val_score, test_score):
    best = min(settings, key=val_score)
    return best, test_score(best)


@wrong("tuning.bug_hunt", "the best setting is")
def takes_the_second(settings, val_score, test_score):
    best = sorted(settings, key=val_score)[-1 if len(settings) < 3 else -2]
    return best, test_score(best)


@wrong("tuning.bug_hunt", "the test score is 0.0625, right is 0.0")
def averages_both(settings, val_score, test_score):
    best = max(settings, key=val_score)
    return best, (test_score(best) + val_score(best)) / 2


@wrong("tuning.bug_hunt", "the best setting is 0.0, of type float")
def swaps_them(settings, val_score, test_score):
    best = max(settings, key=val_score)
    return test_score(best), best


@wrong("tuning.bug_hunt", "the best setting is 0, of type int")
def returns_its_place(settings, val_score, test_score):
    scores = [val_score(setting) for setting in settings]
    place = scores.index(max(scores))
    return place, test_score(settings[place])


@wrong("tuning.bug_hunt", "return 2 values")
def returns_the_score_alone(settings, val_score, test_score):
    return test_score(max(settings, key=val_score))


@wrong("tuning.bug_hunt", "the test score is a tensor")
def score_as_a_tensor(settings, val_score, test_score):
    best = max(settings, key=val_score)
    return best, torch.tensor(test_score(best))


@wrong("tuning.bug_hunt", "val_score is called with 0, which is no setting")
def tries_the_places(settings, val_score, test_score):
    best = max(range(len(settings)), key=val_score)
    return settings[best], test_score(settings[best])


@wrong("tuning.bug_hunt", "the best setting is")
def never_looks_at_the_last(settings, val_score, test_score):
    best = max(settings[:-1] or settings, key=val_score)
    return best, test_score(best)


@wrong("tuning.bug_hunt", "the best setting is")
def never_looks_at_the_first(settings, val_score, test_score):
    best = max(settings[1:] or settings, key=val_score)
    return best, test_score(best)


@wrong("tuning.bug_hunt", "and must be a dict")
def starts_from_a_score_of_zero(settings, val_score, test_score):
    best, highest = None, 0.0
    for setting in settings:
        if val_score(setting) > highest:
            best, highest = setting, val_score(setting)
    return best, test_score(best or settings[0])


@wrong("tuning.bug_hunt", "tuning on the test rows")
def one_look_at_each_test_score(settings, val_score, test_score):
    scores = [test_score(setting) for setting in settings]
    return settings[scores.index(max(scores))], max(scores)


@wrong("tuning.bug_hunt", "the number of calls of test_score is 2, right is 1")
def looks_twice(settings, val_score, test_score):
    best = max(settings, key=val_score)
    return (best, test_score(best)) if test_score(best) >= 0 else (best, 0.0)


@wrong("tuning.bug_hunt", "the number of calls of test_score is 2")
def chooses_by_the_sum(settings, val_score, test_score):
    tests = {str(setting): test_score(setting) for setting in settings}
    best = max(settings, key=lambda setting: val_score(setting) + tests[str(setting)])
    return best, tests[str(best)]


@wrong("tuning.bug_hunt", "the best setting is")
def the_widest(settings, val_score, test_score):
    best = settings[-1]
    return best, test_score(best)


@wrong("tuning.bug_hunt", "your function changes settings")
def sorts_the_settings(settings, val_score, test_score):
    settings.sort(key=val_score)
    return settings[-1], test_score(settings[-1])


@wrong("tuning.bug_hunt", "your function changes settings")
def notes_the_score(settings, val_score, test_score):
    best = max(settings, key=val_score)
    score = test_score(best)
    best["score"] = score
    return best, score
