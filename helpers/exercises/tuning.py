"""Checks of the exercises in 10_tuning."""

import math

import numpy as np
import torch

from helpers.exercises.core import (
    StudentError,
    Wrong,
    call,
    exercise,
    expect,
    expect_close,
    expect_function,
    expect_number,
    expect_tensor,
    expect_type,
    is_close,
    kind,
)
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "A deeper network is of no use while the learning rate is wrong.",
            "b": "A wrong learning rate spoils every network, so it comes first.",
            "c": "The seed is no setting: a lucky one is of no use on new data.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "The grid has three columns: each of the three values is tried three times.",
            "b": "Nine different values is what a random search tries.",
            "c": "A 3 by 3 grid has three values of each, whatever the other one does.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "It might have recovered in later epochs: pruning saves time, it proves nothing.",
            "b": "Yes: worse than half of the earlier trials after the same number of epochs.",
            "c": "A loss that is no number would make the trial fail. Pruning compares losses.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "With other seeds the order may turn round.",
            "b": "They may well differ: there is just too little to tell.",
            "c": "First find out how far a single setting scatters from seed to seed.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "It was chosen because it is low, so luck is part of it.",
            "b": "Luck that helps makes a loss lower. The lowest of many had such luck.",
            "c": "The lowest of many owes a part to luck, and new data will not repeat that.",
        },
    ),
)


@exercise(
    title="Log-uniform numbers",
    notebook="10_tuning",
    minutes=5,
    difficulty="complete",
    hints=[
        "Draw the logarithm uniformly, between the logarithms of low and high.",
        "low * (high / low) ** u runs from low to high while u runs from 0 to 1.",
        "torch.rand(n) gives n numbers u; torch.manual_seed(seed) before it makes them repeatable.",
    ],
)
def log_uniform(log_uniform):
    """log_uniform(low, high, n, seed) -> tensor (n,), its logarithm uniform."""
    expect_function(log_uniform, "log_uniform")
    for low, high in ((1e-5, 1e-1), (0.5, 8.0)):
        case = f"log_uniform({low:g}, {high:g}, 2000, 0)"
        values = draw(log_uniform, low, high, 2000, 0, case)
        for log, name in ((torch.log10, "10"), (torch.log, "e"), (torch.log2, "2")):
            ends = log(torch.tensor([low, high], dtype=torch.float64))
            inside = (values >= ends[0] - 1e-6) & (values <= ends[1] + 1e-6)
            expect(
                not inside.all() or (values > 0).all(),
                f"{case} holds the logarithms themselves: raise {name} to these powers.",
            )
        outside = values[~((values >= low * (1 - 1e-4)) & (values <= high * (1 + 1e-4)))]
        expect(
            not len(outside),
            f"{case} must lie between {low:g} and {high:g}; yours holds "
            f"{outside[0].item() if len(outside) else 0:.3g}.",
        )
        expect(
            len(values.unique()) > 1000,
            f"{case} holds only {len(values.unique())} different numbers: the exponent may be any "
            "number, not just a whole one.",
        )
        middle = math.sqrt(low * high)
        share = (values < middle).double().mean().item()
        flat = (middle - low) / (high - low)
        expect(
            abs(share - flat) > 0.05,
            f"in {case}, {share:.0%} lie below {middle:.2g}, and it must be half: you draw the "
            "number uniformly, but its logarithm must be uniform.",
        )
        expect(
            uneven(values, low, high) < 0.06,
            f"the logarithms in {case} are not uniform: {share:.0%} of the numbers lie below "
            f"{middle:.2g}, the middle.",
        )
    first = draw(log_uniform, 1.0, 9.0, 5, 3, "log_uniform(1, 9, 5, 3)")
    again = draw(log_uniform, 1.0, 9.0, 5, 3, "log_uniform(1, 9, 5, 3)")
    expect(
        torch.equal(first, again),
        "the same seed must give the same numbers: is the seed used for each call?",
    )
    single = [draw(log_uniform, 1.0, 9.0, 1, seed, "log_uniform(1, 9, 1, seed)") for seed in SEEDS]
    expect(
        len(torch.cat(single).unique()) > 1,
        "another seed must give other numbers: yours ignores the seed.",
    )
    expect(
        uneven(torch.cat(single), 1.0, 9.0) < 0.4,
        "single numbers, drawn with different seeds, are not log-uniform: are they taken from a "
        "fixed grid? Draw each one at random.",
    )


SEEDS = range(40)


def draw(log_uniform, low, high, n, seed, case):
    """Return the student's numbers as float64; expect a tensor (n,) of decimals."""
    values = call(log_uniform, low, high, n, seed)
    expect_tensor(values, case, shape=(n,))
    expect(
        values.is_floating_point(),
        f"{case} must hold decimals, yours holds {values.dtype} numbers.",
    )
    expect(not values.isnan().any(), f"{case} holds NaN, which is no number.")
    return values.detach().double()


def uneven(values, low, high):
    """Return how far the logarithms are from uniform: 0 is perfect (Kolmogorov and Smirnov)."""
    u = (values / low).log().sort().values / math.log(high / low)
    steps = (torch.arange(len(u), dtype=torch.float64) + 0.5) / len(u)
    return (u - steps).abs().max().item()


@exercise(
    title="Choose a rate from a range test",
    notebook="10_tuning",
    minutes=8,
    difficulty="build",
    hints=[
        "First find where the losses stop being finite, with math.isfinite; keep what is before.",
        "Around place i: part = losses[max(i - 2, 0) : i + 3]; its mean is sum(part) / len(part).",
        "Take the place with the lowest mean, and return its rate divided by 10.",
    ],
)
def choose_lr(choose_lr):
    """choose_lr(lrs, losses) -> a tenth of the rate with the lowest smoothed loss."""
    expect_function(choose_lr, "choose_lr")
    for name, losses in range_tests():
        lrs = torch.logspace(-5, 0, len(losses), dtype=torch.float64).tolist()
        answer = call(choose_lr, list(lrs), list(losses))
        rate = expect_number(answer, f"{name}, the rate")
        expected = lrs[lowest(smooth(losses))] / 10
        if near(rate, expected):
            continue
        for mistake, message in mistaken_rates(lrs, losses):
            expect(not near(rate, mistake), f"{name}, {message}")
        expect(math.isfinite(rate), f"{name}, the rate must be a number, yours is {rate}.")
        raise Wrong(f"{name}, the rate should be {expected:.3g}, yours is {rate:.3g}.")


def near(rate, expected):
    """Return whether two rates agree."""
    return math.isclose(rate, expected, rel_tol=1e-4)


def range_tests():
    """Return (name, losses) of four made-up range tests."""
    x = torch.linspace(0, 1, 60, dtype=torch.float64)
    noise = 0.02 * torch.rand(60, dtype=torch.float64)
    bowl = (1.0 - x + 2.5 * (x - 0.6).clamp(min=0) + noise).tolist()
    lucky = list(bowl)
    lucky[12] = 0.3  # a single batch, far below its neighbours
    falling = (1.0 - 0.9 * x).tolist()
    falling[-3:] = [0.10, 0.13, 0.13]
    lucky_end = list(bowl)
    lucky_end[-1] = 0.01
    return [
        ("for a loss that falls and then rises", bowl),
        ("where a single batch is very low", lucky),
        ("where the last loss is very low", lucky_end),
        ("where the losses end with infinity and NaN", [*bowl[:45], float("inf"), float("nan")]),
        ("where a loss is NaN and later ones are low", [*bowl[:45], float("nan"), *[0.01] * 9]),
        ("where the loss is lowest near the end", falling),
    ]


def smooth(losses):
    """Return the means over up to five neighbours, of what comes before the first NaN or inf."""
    finite = [math.isfinite(loss) for loss in losses]
    kept = losses[: finite.index(False)] if False in finite else losses
    parts = [kept[max(i - 2, 0) : i + 3] for i in range(len(kept))]
    return [sum(part) / len(part) for part in parts]


def lowest(losses):
    """Return the place of the lowest loss."""
    return losses.index(min(losses))


def mistaken_rates(lrs, losses):
    """Yield (rate, message) for the mistakes that are known by their result."""
    place = lowest(smooth(losses))
    finite = [loss if math.isfinite(loss) else math.inf for loss in losses]
    yield lrs[place], "you return the rate of the lowest loss itself: divide it by 10."
    yield float(place), "you return the place in the list: return the rate there, divided by 10."
    yield min(smooth(losses)), "you return a loss: return the rate where it is lowest, through 10."
    padded = [sum(losses[max(i - 2, 0) : i + 3]) / 5 for i in range(len(smooth(losses)))]
    yield (
        lrs[lowest(padded)] / 10,
        "you divide by 5 at the ends too, where there are fewer than five losses: divide by their "
        "number.",
    )
    yield (
        lrs[lowest(finite)] / 10,
        "you take the lowest single loss: smooth first, one batch may be lucky, and stop at the "
        "first loss that is no finite number.",
    )


@exercise(
    title="Random search within a budget",
    notebook="10_tuning",
    minutes=10,
    difficulty="build",
    hints=[
        "Read the clock once before the loop. The seconds passed are clock() minus that.",
        "`while trials == 0 or clock() - start < budget:` tries at least one setting.",
        "Start with best_loss = math.inf; `loss < best_loss` is False for NaN, so NaN never wins.",
    ],
)
def random_search(random_search):
    """random_search(sample, objective, budget, clock) -> (best_setting, best_loss, trials)."""
    expect_function(random_search, "random_search")
    few = [3.5, 2.5, 4.5, 7.5, 1.5, 9.5, 0.5, 8.5]
    for name, losses, seconds, budget, start in (
        ("where each trial takes 1 second and the budget is 5.5", few, 1.0, 5.5, 0.0),
        ("where each trial takes 1 second and the budget is 5", few, 1.0, 5.0, 0.0),
        ("where the clock starts at 1000 seconds", few, 1.0, 3.5, 1000.0),
        ("where the first trial takes longer than the budget", few, 9.0, 2.0, 0.0),
        ("where the budget is 0", few, 1.0, 0.0, 50.0),
        ("where the first loss is NaN", [math.nan, *few], 1.0, 4.5, 0.0),
        ("where the last loss is NaN", [6.5, 5.5, math.nan], 1.0, 2.5, 0.0),
        ("where a later loss is NaN", [6.5, 5.5, math.nan, 7.5], 1.0, 3.5, 0.0),
        ("where all losses are large", [4e5, 3e5, 5e5], 1.0, 2.5, 0.0),
    ):
        check_search(random_search, Search(losses, seconds, start), name, budget)


class TooMany(Exception):
    """More trials than any budget here allows."""


class Search:
    """A made-up search: settings, their losses, and a clock that only trials move on."""

    def __init__(self, losses, seconds, start):
        self.losses, self.seconds, self.now = losses, seconds, start
        self.sampled, self.tried = [], []
        self.times = []

    def clock(self):
        """Return the seconds."""
        return self.now

    def sample(self):
        """Return a new setting, no two alike."""
        self.sampled.append({"lr": 0.001 * (len(self.sampled) + 1)})
        return dict(self.sampled[-1])

    def objective(self, setting):
        """Return the loss of a setting, and let its time pass."""
        if len(self.tried) > 100:
            raise TooMany
        self.tried.append(setting)
        self.now += self.seconds
        return self.loss_of(setting)

    def loss_of(self, setting):
        """Return the loss of a setting, the same each time."""
        if setting not in self.sampled:
            raise ValueError(f"objective was given {setting!r}, which sample() never returned")
        return self.losses[self.sampled.index(setting) % len(self.losses)]


def check_search(random_search, search, name, budget):
    """Expect the right number of trials, and the best of them."""
    try:
        answer = call(random_search, search.sample, search.objective, budget, search.clock)
    except StudentError:
        expect(
            len(search.tried) <= 100,
            f"{name}, your search does not stop: compare clock() minus its value at the start "
            "with the budget, before each trial.",
        )
        raise
    expect(
        isinstance(answer, tuple | list) and len(answer) == 3,
        "random_search must return three things: return best_setting, best_loss, trials.",
    )
    setting, loss, trials = answer
    expect(
        search.tried,
        f"{name}, objective is never called: try at least one setting, and count the seconds from "
        "the clock's value at the start.",
    )
    expect(
        len(search.tried) == 1 or any(s != search.tried[0] for s in search.tried),
        f"{name}, all trials try the same setting: call sample() anew for each.",
    )
    wanted = max(1, math.ceil(budget / search.seconds))
    expect(
        len(search.tried) == wanted,
        f"{name}, there must be {wanted} trials, yours makes {len(search.tried)}: a trial begins "
        f"only while fewer than {budget:g} seconds have passed since the start.",
    )
    expect_type(setting, dict, "best_setting")
    loss = expect_number(loss, f"{name}, best_loss")
    losses = [search.loss_of(tried) for tried in search.tried]
    known = [value for value in losses if not math.isnan(value)]
    expect(
        not math.isnan(loss),
        f"{name}, your best loss is NaN: such a trial has failed and must never win.",
    )
    expect(
        loss != max(known) or len(known) == 1,
        f"{name}, you return the highest loss: the lowest is the best.",
    )
    expect_close(loss, min(known), f"{name}, best_loss")
    expect(
        setting == search.tried[losses.index(min(known))],
        f"{name}, best_setting is not the one with the lowest loss: remember the setting "
        "together with its loss.",
    )
    expect(
        expect_number(trials, "trials") == wanted,
        f"{name}, trials must be {wanted}, the number of settings tried; yours is {trials}.",
    )


@exercise(
    title="Beyond noise, or not",
    notebook="10_tuning",
    minutes=8,
    difficulty="build",
    hints=[
        "Make a list of the differences first, one for each seed: a[i] - b[i].",
        "The standard error is the standard deviation of the differences, divided by the square "
        "root of their number. torch.std divides by n - 1, as it should here.",
        "The third value is abs(mean) > 2 * error.",
    ],
)
def beyond_noise(beyond_noise):
    """beyond_noise(a, b) -> (mean difference, its standard error, larger than twice the error)."""
    expect_function(beyond_noise, "beyond_noise")
    for n, ratio in ((6, 3.5), (5, -3.5), (8, 1.5), (7, -1.5), (4, 2.4), (12, 0.3), (9, 6.0)):
        a, b, mean, error = made_up_losses(n, ratio)
        answer = call(beyond_noise, list(a), list(b))
        expect(
            isinstance(answer, tuple | list) and len(answer) == 3,
            "beyond_noise must return three things: return difference, error, beyond.",
        )
        case = f"for {n} pairs"
        difference = expect_number(answer[0], f"{case}, the difference")
        expect(
            not is_close(difference, -mean, 1e-5),
            f"{case}, the difference has the wrong sign: subtract b from a.",
        )
        expect(
            not is_close(difference, mean * n, 1e-5),
            f"{case}, you return the sum of the differences: divide it by {n}.",
        )
        expect_close(difference, mean, f"{case}, the difference", tolerance=1e-5)
        check_error(answer[1], a, b, error, case)
        beyond = answer[2]
        expect(
            isinstance(beyond, bool | np.bool_),
            f"{case}, the third value must be True or False, yours is {kind(beyond)}.",
        )
        expect(
            beyond == (abs(ratio) > 2) or ratio > 0,
            f"{case}, the difference is {ratio} times its error: compare without its sign, "
            "with abs().",
        )
        expect(
            beyond == (abs(ratio) > 2),
            f"{case}, the difference is {ratio} times its error, and you return {bool(beyond)}: "
            "beyond noise means more than 2 times.",
        )


def check_error(error, a, b, expected, case):
    """Expect the standard error of the paired differences; recognise the usual other numbers."""
    error = expect_number(error, f"{case}, the error")
    n = len(a)
    a, b = torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64)
    expect(
        not is_close(error, expected * n**0.5, 1e-5),
        f"{case}, you return the standard deviation: divide it by the square root of {n}.",
    )
    expect(
        not is_close(error, expected / n**0.5, 1e-5),
        f"{case}, you divide by {n}: divide by its square root.",
    )
    expect(
        not is_close(error, expected * ((n - 1) / n) ** 0.5, 1e-5),
        f"{case}, your standard deviation divides by {n}: with a sample divide by {n - 1}, "
        "as torch.std does.",
    )
    unpaired = ((a.var() + b.var()) / n).sqrt()
    expect(
        not is_close(error, unpaired, 1e-5),
        f"{case}, you take a and b apart: the pairs share their seed, so take the standard "
        "deviation of the differences.",
    )
    expect_close(error, expected, f"{case}, the error", tolerance=1e-5)


def made_up_losses(n, ratio):
    """Return two lists of losses, paired: their mean difference is `ratio` standard errors."""
    shared = 0.35 + 0.2 * torch.rand(n, dtype=torch.float64)
    noise = torch.randn(n, dtype=torch.float64)
    noise = 0.05 * (noise - noise.mean()) / noise.std()
    error = 0.05 / n**0.5
    a = shared + noise + ratio * error
    return a.tolist(), shared.tolist(), ratio * error, error


@exercise(
    title="Bug hunt: tuned on the test set",
    notebook="10_tuning",
    minutes=5,
    difficulty="debug",
    hints=[
        "Which of the two scores may have a say in the choice?",
        "max(settings, key=val_score) is the setting with the highest validation score.",
        "Call test_score once, for that setting alone.",
    ],
)
def bug_hunt(choose_and_report):
    """choose_and_report(settings, val_score, test_score) -> (best setting, its test score)."""
    expect_function(choose_and_report, "choose_and_report")
    for n in (20, 2, 60):
        check_choice(choose_and_report, n)


def check_choice(choose_and_report, n):
    """Expect the choice by validation score, and a single look at the test rows."""
    val, test = torch.rand(n).tolist(), torch.rand(n).tolist()
    settings = [{"lr": 0.001 * (i + 1)} for i in range(n)]
    best = val.index(max(val))
    test[best] = min(test) / 2  # the best by validation has no luck in the test
    asked = []

    def score(setting, scores, name):
        if setting not in settings:
            raise ValueError(f"{name} was given {setting!r}, which is none of the settings")
        return scores[settings.index(setting)]

    def val_score(setting):
        return score(setting, val, "val_score")

    def test_score(setting):
        asked.append(setting)
        return score(setting, test, "test_score")

    answer = call(choose_and_report, [dict(s) for s in settings], val_score, test_score)
    expect(
        isinstance(answer, tuple | list) and len(answer) == 2,
        "choose_and_report must return two things: the best setting and its test score.",
    )
    setting, reported = answer
    expect(
        not isinstance(reported, dict),
        "the two are swapped: return the setting first, then its test score.",
    )
    expect_type(setting, dict, "the first value, the best setting,")
    reported = expect_number(reported, "the second value, the test score,")
    expect(
        setting != settings[test.index(max(test))],
        "the setting with the highest test score is chosen: that is tuning on the test rows. "
        "Choose by val_score.",
    )
    expect(
        setting != settings[val.index(min(val))],
        "the setting with the lowest validation score is chosen: higher is better here.",
    )
    expect(
        setting == settings[best],
        f"the setting with the highest validation score of {n} is {settings[best]}, "
        f"yours is {setting}.",
    )
    expect(
        not is_close(reported, val[best]),
        f"you report the validation score. It is the highest of {n}, so it is too good: "
        "report test_score of the chosen setting.",
    )
    expect_close(reported, test[best], "the test score of the chosen setting")
    expect(
        len(asked) == 1,
        f"test_score is called {len(asked)} times: look at the test rows once, for the chosen "
        "setting.",
    )
