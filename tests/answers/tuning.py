"""Answers to the exercises of 10_tuning."""

import math
import random
import statistics
import time

import numpy as np
import torch

from answers import right, wrong

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


@wrong("tuning.log_uniform", "you draw the number uniformly")
def uniform(low, high, n, seed):
    torch.manual_seed(seed)
    return low + (high - low) * torch.rand(n)


@wrong("tuning.log_uniform", "holds the logarithms themselves: raise 10")
def the_exponents(low, high, n, seed):
    torch.manual_seed(seed)
    return torch.empty(n).uniform_(math.log10(low), math.log10(high))


@wrong("tuning.log_uniform", "holds the logarithms themselves: raise e")
def the_natural_logarithms(low, high, n, seed):
    torch.manual_seed(seed)
    return torch.empty(n).uniform_(math.log(low), math.log(high))


@wrong("tuning.log_uniform", "must lie between 1e-05 and 0.1; yours holds")
def mixes_the_bases(low, high, n, seed):
    torch.manual_seed(seed)
    return 10 ** torch.empty(n).uniform_(math.log(low), math.log(high))


@wrong("tuning.log_uniform", "the exponent may be any number")
def whole_exponents(low, high, n, seed):
    torch.manual_seed(seed)
    lowest, highest = round(math.log10(low)), round(math.log10(high))
    return 10.0 ** torch.randint(lowest, highest + 1, (n,))


@wrong("tuning.log_uniform", "the logarithms in log_uniform(1e-05, 0.1, 2000, 0) are not uniform")
def normal_exponents(low, high, n, seed):
    torch.manual_seed(seed)
    u = (0.5 + 0.1 * torch.randn(n)).clamp(0.0, 1.0)
    return low * (high / low) ** u


@wrong("tuning.log_uniform", "the same seed must give the same numbers")
def without_a_seed(low, high, n, seed):
    return low * (high / low) ** torch.rand(n)


@wrong("tuning.log_uniform", "yours ignores the seed")
def always_the_same_seed(low, high, n, seed):
    torch.manual_seed(42)
    return low * (high / low) ** torch.rand(n)


@wrong("tuning.log_uniform", "yours ignores the seed")
def a_grid(low, high, n, seed):
    return torch.logspace(math.log10(low), math.log10(high), n)


@wrong("tuning.log_uniform", "are they taken from a fixed grid?")
def shuffled_grid(low, high, n, seed):
    torch.manual_seed(seed)
    grid = torch.logspace(math.log10(low), math.log10(high), max(n, 2))
    return grid[torch.randperm(len(grid))[:n]]


@wrong("tuning.log_uniform", "must be a tensor, yours is of type list")
def a_list(low, high, n, seed):
    draws = random.Random(seed)
    return [math.exp(draws.uniform(math.log(low), math.log(high))) for _ in range(n)]


@wrong("tuning.log_uniform", "must have shape (2000,), yours has (2000, 1)")
def a_column(low, high, n, seed):
    torch.manual_seed(seed)
    return low * (high / low) ** torch.rand(n, 1)


@wrong("tuning.log_uniform", "holds NaN")
def logarithm_of_a_difference(low, high, n, seed):
    torch.manual_seed(seed)
    return torch.log(low - torch.rand(n) * high)


@wrong("tuning.log_uniform", "must hold decimals, yours holds torch.int64")
def rounded(low, high, n, seed):
    torch.manual_seed(seed)
    return (low * (high / low) ** torch.rand(n)).long()


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


@wrong("tuning.choose_lr", "you take the lowest single loss")
def without_smoothing_and_past_the_end(lrs, losses):
    finite = [loss if math.isfinite(loss) else 9.9 for loss in losses]
    return lrs[finite.index(min(finite))] / 10


@wrong("tuning.choose_lr", "the rate of the lowest loss itself: divide it by 10")
def forgets_the_tenth(lrs, losses):
    return choose(lrs, losses, divide=1)


@wrong("tuning.choose_lr", "you return the place in the list")
def returns_the_place(lrs, losses):
    return lrs.index(choose(lrs, losses, divide=1))


@wrong("tuning.choose_lr", "you return a loss")
def returns_the_loss(lrs, losses):
    return min(sum(losses[max(i - 2, 0) : i + 3]) / 5 for i in range(2, len(losses) - 2))


@wrong("tuning.choose_lr", "you divide by 5 at the ends too")
def always_divides_by_five(lrs, losses):
    return choose(lrs, losses, always=5)


@wrong("tuning.choose_lr", "where a loss is NaN and later ones are low, the rate should be")
def skips_what_is_not_finite(lrs, losses):
    kept = [(lr, loss) for lr, loss in zip(lrs, losses, strict=True) if math.isfinite(loss)]
    return choose(*zip(*kept, strict=True))


@wrong("tuning.choose_lr", "the rate should be")
def smooths_over_three(lrs, losses):
    return choose(lrs, losses, reach=1)


@wrong("tuning.choose_lr", "the rate should be")
def takes_the_highest(lrs, losses):
    return choose(lrs, [-loss for loss in losses])


@wrong("tuning.choose_lr", "must be a plain number, yours is a tensor")
def as_a_tensor(lrs, losses):
    return torch.tensor(choose(lrs, losses))


@wrong("tuning.choose_lr", "the rate must be a number, yours is nan")
def nan_where_the_training_broke(lrs, losses):
    if not all(map(math.isfinite, losses)):
        return float("nan")
    return choose(lrs, losses)


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


@wrong("tuning.random_search", "all trials try the same setting")
def samples_once(*args):
    return search(*args, anew=False)


@wrong("tuning.random_search", "you return the highest loss")
def keeps_the_highest(*args):
    return search(*args, first=-math.inf, better=lambda loss, best: loss > best)


@wrong("tuning.random_search", "your best loss is NaN")
def nan_wins(*args):
    return search(*args, better=lambda loss, best: not loss >= best)


@wrong("tuning.random_search", "best_loss should be 3e+05, yours is 100")
def starts_from_a_hundred(*args):
    setting, loss, trials = search(*args, first=100.0)
    return setting or {"lr": 0.001}, loss, trials


@wrong("tuning.random_search", "there must be 4 trials, yours makes 1")
def compares_the_clock_itself(*args):
    return search(*args, start=False)


@wrong("tuning.random_search", "objective is never called")
def tries_none_where_there_is_no_time(*args):
    return search(*args, least=0)


@wrong("tuning.random_search", "there must be 5 trials, yours makes 6")
def one_more_at_the_limit(*args):
    return search(*args, late=0.25)


@wrong("tuning.random_search", "your search does not stop")
def with_a_clock_of_its_own(sample, objective, budget, clock):
    return search(sample, objective, budget, time.perf_counter)


@wrong("tuning.random_search", "your search does not stop")
def never_stops(sample, objective, budget, clock):
    return search(sample, objective, math.inf, clock)


@wrong("tuning.random_search", "there must be 6 trials, yours makes 20")
def always_twenty_trials(sample, objective, budget, clock):
    return search(sample, objective, budget, clock, least=20)


@wrong("tuning.random_search", "best_setting is not the one with the lowest loss")
def returns_the_last_setting(sample, objective, budget, clock):
    seen = []

    def watched(setting):
        seen.append(setting)
        return objective(setting)

    _, loss, trials = search(sample, watched, budget, clock)
    return seen[-1], loss, trials


@wrong("tuning.random_search", "trials must be 6, the number of settings tried; yours is 5")
def counts_from_zero(*args):
    setting, loss, trials = search(*args)
    return setting, loss, trials - 1


@wrong("tuning.random_search", "must return three things")
def returns_two(*args):
    return search(*args)[:2]


@wrong("tuning.random_search", "best_setting must be a dict")
def swaps_setting_and_loss(*args):
    setting, loss, trials = search(*args)
    return loss, setting, trials


@wrong("tuning.random_search", "best_loss must be a plain number, yours is a tensor")
def loss_as_a_tensor(*args):
    setting, loss, trials = search(*args)
    return setting, torch.tensor(loss), trials


@wrong("tuning.random_search", "ValueError: objective was given 0.001")
def passes_the_rate_alone(sample, objective, budget, clock):
    return search(lambda: sample()["lr"], objective, budget, clock)


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
    return [d.mean(), error, np.abs(d.mean()) > 2 * error]


def compare(a, b, *, correction=1, power=0.5, times=2.0):
    """Compare with one thing wrong."""
    d = torch.tensor(a, dtype=torch.float64) - torch.tensor(b, dtype=torch.float64)
    error = (d.std(correction=correction) / len(d) ** power).item()
    return d.mean().item(), error, abs(d.mean().item()) > times * error


@wrong("tuning.beyond_noise", "you return the standard deviation: divide it by the square root")
def not_divided(a, b):
    return compare(a, b, power=0)


@wrong("tuning.beyond_noise", "you divide by 6: divide by its square root")
def divided_by_n(a, b):
    return compare(a, b, power=1)


@wrong("tuning.beyond_noise", "with a sample divide by 5")
def of_a_population(a, b):
    return compare(a, b, correction=0)


@wrong("tuning.beyond_noise", "you take a and b apart")
def unpaired(a, b):
    difference = statistics.mean(a) - statistics.mean(b)
    error = ((statistics.variance(a) + statistics.variance(b)) / len(a)) ** 0.5
    return difference, error, abs(difference) > 2 * error


@wrong("tuning.beyond_noise", "the error should be")
def the_variance(a, b):
    difference, error, beyond = compare(a, b)
    return difference, error**2, beyond


@wrong("tuning.beyond_noise", "has the wrong sign")
def subtracts_the_other_way(a, b):
    return compare(b, a)


@wrong("tuning.beyond_noise", "you return the sum of the differences")
def sums(a, b):
    difference, error, beyond = compare(a, b)
    return difference * len(a), error, beyond


@wrong("tuning.beyond_noise", "the difference should be")
def takes_the_first_pair(a, b):
    _, error, beyond = compare(a, b)
    return a[0] - b[0], error, beyond


@wrong("tuning.beyond_noise", "compare without its sign, with abs()")
def forgets_abs(a, b):
    difference, error, _ = compare(a, b)
    return difference, error, difference > 2 * error


@wrong("tuning.beyond_noise", "beyond noise means more than 2 times")
def beyond_one_error(a, b):
    return compare(a, b, times=1.0)


@wrong("tuning.beyond_noise", "beyond noise means more than 2 times")
def beyond_three_errors(a, b):
    return compare(a, b, times=3.0)


@wrong("tuning.beyond_noise", "the third value must be True or False, yours is of type str")
def in_words(a, b):
    difference, error, beyond = compare(a, b)
    return difference, error, "yes" if beyond else "no"


@wrong("tuning.beyond_noise", "must return three things")
def says_only_yes_or_no(a, b):
    return compare(a, b)[2]


@wrong("tuning.beyond_noise", "the difference must be a plain number, yours is a tensor")
def as_tensors(a, b):
    return tuple(torch.tensor(value) for value in compare(a, b))


@wrong("tuning.beyond_noise", "the error must be a plain number, yours is a tensor")
def error_as_a_tensor(a, b):
    difference, error, beyond = compare(a, b)
    return difference, torch.tensor(error), beyond


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


@wrong("tuning.bug_hunt", "that is tuning on the test rows")
def still_on_the_test_rows(settings, val_score, test_score):
    best = max(settings, key=test_score)
    return best, test_score(best)


@wrong("tuning.bug_hunt", "so it is too good: report test_score")
def reports_the_validation_score(settings, val_score, test_score):
    best = max(settings, key=val_score)
    test_score(best)
    return best, val_score(best)


@wrong("tuning.bug_hunt", "test_score is called 20 times")
def looks_at_all_test_scores(settings, val_score, test_score):
    scores = [test_score(setting) for setting in settings]
    best = max(settings, key=val_score)
    return best, scores[settings.index(best)]


@wrong("tuning.bug_hunt", "higher is better here")
def takes_the_lowest(settings, val_score, test_score):
    best = min(settings, key=val_score)
    return best, test_score(best)


@wrong("tuning.bug_hunt", "the setting with the highest validation score of 20 is")
def takes_the_second(settings, val_score, test_score):
    best = sorted(settings, key=val_score)[-1 if len(settings) == 2 else -2]
    return best, test_score(best)


@wrong("tuning.bug_hunt", "the test score of the chosen setting should be")
def averages_both(settings, val_score, test_score):
    best = max(settings, key=val_score)
    return best, (test_score(best) + val_score(best)) / 2


@wrong("tuning.bug_hunt", "the two are swapped")
def swaps_them(settings, val_score, test_score):
    best = max(settings, key=val_score)
    return test_score(best), best


@wrong("tuning.bug_hunt", "the best setting, must be a dict")
def returns_its_place(settings, val_score, test_score):
    scores = [val_score(setting) for setting in settings]
    place = scores.index(max(scores))
    return place, test_score(settings[place])


@wrong("tuning.bug_hunt", "must return two things")
def returns_the_score_alone(settings, val_score, test_score):
    return test_score(max(settings, key=val_score))


@wrong("tuning.bug_hunt", "the test score, must be a plain number, yours is a tensor")
def score_as_a_tensor(settings, val_score, test_score):
    best = max(settings, key=val_score)
    return best, torch.tensor(test_score(best))


@wrong("tuning.bug_hunt", "ValueError: val_score was given 0")
def tries_the_places(settings, val_score, test_score):
    best = max(range(len(settings)), key=val_score)
    return settings[best], test_score(settings[best])
