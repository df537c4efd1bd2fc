"""Checks of the exercises in 10_tuning."""

import math
from functools import partial
from itertools import accumulate, cycle, islice, takewhile

import torch
from hypothesis import strategies as st

from helpers.exercises.cases import Code, cases, choices, grid, lists, one_of, ticks
from helpers.exercises.compare import kind, show
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.quiz import Question, Quiz
from helpers.exercises.transfer import draw_often, in_pairs, named, use_pairs

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


# ---- 1. Log-uniform numbers -----------------------------------------------------------------


@cases
def ranges(draw):
    """Two limits, how many numbers between them, a seed, and how many seeds follow it."""
    low, factor = draw(one_of(1.0, 0.5, 1e-5, 20.0)), draw(one_of(10, 2, 1e4, 3.7))
    n, seed = draw(one_of(1, 2, 3, 1000)), draw(one_of(0, 1, 42))
    seeds = draw(one_of(1, 200)) if n < 1000 else 1
    return {"low": low, "high": low * factor, "n": n, "seed": seed, "seeds": seeds}


def unevenness(u):
    """Return how far u is from evenly spread over 0 to 1 (Kolmogorov and Smirnov).

    For numbers drawn uniformly, it lies between 0.2 and 3.3 but for one time in 10**9.
    """
    steps = (torch.arange(u.numel(), dtype=torch.float64) + 0.5) / u.numel()
    distance = (u.flatten().sort().values - steps).abs().max() * u.numel() ** 0.5
    return distance.item() if u.numel() >= 200 else 1.0


@exercise(
    hints=[
        "Draw the logarithm uniformly, between the logarithms of low and high.",
        "low * (high / low) ** u runs from low to high while u runs from 0 to 1.",
        "torch.rand(n) gives n numbers u; torch.manual_seed(seed) before it makes them repeatable.",
    ],
    cases=ranges,
    more_cases=(
        {"low": 1e-4, "high": 0.1, "n": 1, "seed": 0, "seeds": 2},
        {"low": 1, "high": 10, "n": 2, "seed": 0, "seeds": 300},
        {"low": 1e-12, "high": 1e12, "n": 20, "seed": 7, "seeds": 200},
        {"low": 0.5, "high": 0.6, "n": 100_000, "seed": 0, "seeds": 1},
    ),
    examples=16,
)
def log_uniform(log_uniform, low, high, n, seed, seeds):
    """log_uniform(low, high, n, seed) -> tensor (n,), its logarithm uniform."""
    # Right answers draw different numbers: what they share is tested.
    once = call(log_uniform, low, high, n, seed)
    dtype = getattr(once, "dtype", None)
    expect(
        isinstance(once, torch.Tensor) and dtype.is_floating_point and once.shape == (n,),
        f"return a tensor of decimals, of shape {(n,)}; yours is {kind(once)}"
        f"{f' and of {dtype}' if dtype else ''}.",
    )
    values = torch.stack(call(draw_often, log_uniform, low, high, n, seed=seed, seeds=seeds))
    expect(
        torch.equal(once.nan_to_num(), values[0].nan_to_num()),
        "the same seed must give the same numbers: start a generator from seed in each call.",
    )
    values = values.double()
    outside = values[~((values >= low * 0.9999) & (values <= high * 1.0001))]
    expect(
        not len(outside),
        f"the numbers must lie between low and high, yours include {show(outside[:1].tolist())}. "
        "If these are logarithms, raise 10, or e, to them.",
    )
    different = len(values.unique())
    expect(
        different > 0.9 * seeds * n,
        "the numbers of a call must differ, and those from different seeds: of "
        f"{seeds * n} numbers, from {seeds} seed{'s' * (seeds > 1)}, only {different} differ.",
    )
    u, plain = (values / low).log() / math.log(high / low), (values - low) / (high - low)
    uneven, shares = unevenness(u), (100 * u.histc(4, 0, 1) / u.numel()).round().int().tolist()
    expect(
        uneven < 3.3,
        "you draw the number itself uniformly: draw its logarithm."
        if unevenness(plain) < 3.3
        else "the logarithms are not uniform: the four quarters of the logarithmic scale must hold "
        f"about 25 % of the numbers each, and yours hold {shares} %.",
    )
    expect(
        uneven > 0.2
        and unevenness(u[:, 0]) < 3.3
        and (n == 1 or unevenness((u[:, 0] + u[:, -1]) % 1) < 3.3),
        "the numbers of one call depend on each other, as on a grid, or on their place: draw each "
        "at random, and on its own.",
    )


# ---- 2. Choose a rate from a range test -----------------------------------------------------


@cases
def range_tests(draw):
    """Rising rates, and the loss at each; the first one is finite."""
    finite = grid(0, 2) | one_of(150.5, 1e6)
    losses = [draw(finite), *draw(lists(finite | one_of(math.nan, math.inf), 0, 9))]
    start, steps = draw(one_of(0.01, 0.2)), draw(lists(one_of(0.01, 0.05, 0.5), 1, 3))
    lrs = accumulate(islice(cycle(steps), len(losses) - 1), initial=start)
    return {"lrs": [round(lr, 6) for lr in lrs], "losses": losses}


def choose(right, lrs, losses, *, reach=2, divide_by=None, keep=takewhile):
    """Choose with one thing wrong."""
    kept = list(keep(lambda pair: math.isfinite(pair[1]), zip(lrs, losses, strict=True)))
    losses = [loss for _, loss in kept]
    parts = [losses[max(i - reach, 0) : i + reach + 1] for i in range(len(losses))]
    means = [sum(part) / (divide_by or len(part)) for part in parts]
    return kept[means.index(min(means))][0] / 10


@exercise(
    hints=[
        "First find where the losses stop being finite, with math.isfinite; keep what is before.",
        "Around place i: part = losses[max(i - 2, 0) : i + 3]; its mean is sum(part) / len(part).",
        "Take the place with the lowest mean, and return its rate divided by 10.",
    ],
    cases=range_tests,
    more_cases=(
        {"lrs": [0.01, 0.02, 0.04, 0.08, 0.16], "losses": [0.4, 0.4, 0.4, 0.3996, 0.3996]},
        {"lrs": [0.1, 0.2, 0.4, 0.8, 1.6], "losses": [1.0, -1.0, -2.0, -8.0, math.inf]},
        {"lrs": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "losses": [1.0, 0.5, *3 * [0.2], -math.inf]},
        {
            "lrs": Code("[i / 100 for i in range(1, 132)]"),
            "losses": Code("(torch.rand(131) - torch.arange(131) / 99).tolist()"),
        },
    ),
    examples=150,
    mistakes={
        "that is the rate of the lowest loss itself: divide it by 10.": (
            lambda right, lrs, losses: 10 * right(lrs, losses)
        ),
        "you take the lowest single loss: smooth first, because one batch may be lucky.": (
            partial(choose, reach=0)
        ),
        "you divide by 5 at the ends too, where there are fewer losses: divide by their number.": (
            partial(choose, divide_by=5)
        ),
        "you leave out the losses that are not finite, and use those behind them: stop at the "
        "first one.": partial(choose, keep=filter),
    },
)
def choose_lr(choose_lr, lrs, losses):
    """choose_lr(lrs, losses) -> a tenth of the rate with the lowest smoothed loss."""
    return call(choose_lr, lrs, losses)


# ---- 3. Random search within a budget -------------------------------------------------------


@cases
def searches(draw):
    """The losses and the seconds of the trials, a budget, and what the clock shows at first."""
    loss = grid(-2, 2) | one_of(4e5, math.nan, math.inf)
    return {
        "losses": draw(lists(loss, 1, 6)),
        "seconds": draw(lists(one_of(1.0, 0.5, 2.5), 1, 3)),
        "budget": draw(grid(0, 6) | one_of(100.0)),
        "start": draw(one_of(1000.0, 0.5, 3.0)),
    }


def has_a_best(case):
    """Return True if one of the trials within the budget has a finite loss."""
    ends = accumulate(islice(cycle(case["seconds"]), 300))
    trials = 1 + sum(end < case["budget"] for end in ends)
    return any(map(math.isfinite, case["losses"][:trials]))


@exercise(
    hints=[
        "Read the clock once before the loop. The seconds passed are clock() minus that.",
        "`while trials == 0 or clock() - start < budget:` tries at least one setting.",
        "Start with best_loss = math.inf; `loss < best_loss` is False for NaN, so NaN never wins.",
    ],
    cases=searches.filter(has_a_best),
    more_cases=(
        {"losses": [0.123456, 0.123449, 0.2], "seconds": [0.03125], "budget": 0.1, "start": 1.0},
        {"losses": [1e12], "seconds": [1.0], "budget": 9.0, "start": 9.5},
    ),
    examples=150,
    mistakes={
        "a trial begins when the budget is just used up: it may begin only while fewer seconds "
        "have passed.": lambda right, sample, objective, budget, clock: right(
            sample, objective, budget + 0.001, clock
        ),
        "you compare the clock itself with the budget: subtract what it showed at the start.": (
            lambda right, sample, objective, budget, clock: right(
                sample, objective, budget - clock(), clock
            )
        ),
    },
)
def random_search(random_search, losses, seconds, budget, start):
    """random_search(sample, objective, budget, clock) -> (best_setting, best_loss, trials)."""
    settings = [{"lr": 0.25 * (i + 1), "width": 8 * (i % 3 + 1)} for i in range(7)]
    drawn, tried, now = [], [], [start]

    def sample():
        drawn.append(settings[len(drawn) % 7])
        return dict(drawn[-1])

    def objective(setting):
        if setting not in drawn[:7]:
            raise ValueError(f"objective was given {setting!r}, which sample() never returned")
        if len(tried) > 400:
            # No Exception, lest an answer swallow it.
            raise SystemExit("more than 400 trials, and the budget is over: look at clock()")
        now[0] += seconds[len(tried) % len(seconds)]
        tried.append(dict(setting))
        return losses[settings.index(setting) % len(losses)]

    answer = call(random_search, sample, objective, budget, lambda: now[0])
    facts = named(answer, "best_setting", "best_loss", "trials")
    best = facts.pop("best_setting")
    expect(tried, "the first trial may always begin, even if the budget is 0.")
    known = best is None or best in tried
    expect(known, f"best_setting must be one that was tried, yours is {kind(best)}.")
    loss = None if best is None else losses[settings.index(best) % len(losses)]
    return Facts(
        {"the list of the settings tried": tried, "the loss of your best_setting": loss, **facts}
    )


# ---- 4. Beyond noise, or not ----------------------------------------------------------------


@exercise(
    hints=[
        "Make a list of the differences first, one for each seed: a[i] - b[i].",
        "The standard error is the standard deviation of the differences, divided by the square "
        "root of their number. torch.std divides by n - 1, as it should here.",
        "The third value is abs(mean) > 2 * error.",
    ],
    **in_pairs(
        both=True,
        sign="either direction counts: compare the difference without its sign, with abs().",
    ),
)
def beyond_noise(beyond_noise, a, b):
    """beyond_noise(a, b) -> (mean difference, its standard error, larger than twice the error)."""
    return use_pairs(beyond_noise, a, b)


# ---- 5. Tuned on the test set ---------------------------------------------------------------


@cases
def candidates(draw):
    """Settings, and the scores of each; no two validation scores are equal."""
    val = draw(st.lists(grid(0, 1, 0.125), min_size=1, max_size=7, unique=True))
    test = draw(choices(ticks(0, 1, 0.125), len(val)))
    settings = [{"width": 2**i} for i in range(len(val))]
    return {"settings": settings, "val_scores": val, "test_scores": test}


@exercise(
    hints=[
        "Which of the two scores may have a say in the choice?",
        "max(settings, key=val_score) is the setting with the highest validation score.",
        "Call test_score once, for that setting alone.",
    ],
    cases=candidates,
    more_cases=(
        {
            "settings": Code('[{"lr": i / 211, "width": 8 * (i % 3)} for i in range(211)]'),
            "val_scores": Code("torch.linspace(0.9, 0.91, 211).tolist()"),
            "test_scores": Code("torch.rand(211).tolist()"),
        },
    ),
    mistakes={
        "you choose by test_score, and that is tuning on the test rows: choose by val_score.": (
            lambda right, settings, val_score, test_score: right(settings, test_score, test_score),
            lambda right, settings, val_score, test_score: max(
                [(setting, test_score(setting)) for setting in settings], key=lambda pair: pair[1]
            ),
        ),
        "you report the validation score, which is the highest of many, so it is too good: report "
        "test_score of the chosen setting.": (
            lambda right, settings, val_score, test_score: (
                max(settings, key=val_score),
                max(map(val_score, settings)),
            )
        ),
    },
)
def bug_hunt(choose_and_report, settings, val_scores, test_scores):
    """choose_and_report(settings, val_score, test_score) -> (best setting, its test score)."""
    known, asked = [dict(setting) for setting in settings], []

    def score(scores, name, setting):
        expect(setting in known, f"{name} is called with {show(setting)}, which is no setting.")
        asked.append(name)
        return scores[known.index(setting)]

    val_score = partial(score, val_scores, "val_score")
    test_score = partial(score, test_scores, "test_score")
    answer = call(choose_and_report, settings, val_score, test_score)
    facts = named(answer, "the best setting", "the test score")
    facts["the number of calls of test_score"] = asked.count("test_score")
    return facts
