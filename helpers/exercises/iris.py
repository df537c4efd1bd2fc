"""Checks of the exercises in 03_iris."""

from functools import cache, partial

import torch
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from helpers.exercises.cases import Code, cases, lists, one_of, sizes, tensors
from helpers.exercises.compare import kind
from helpers.exercises.core import Facts, call, exercise, expect
from helpers.exercises.labs import expect_label, expect_number, use_recipe
from helpers.exercises.networks import expect_shown, use_network, watch
from helpers.exercises.quiz import Question, Quiz

quiz = Quiz(
    Question(
        right="b",
        reasons={
            "a": "0 would mean that the network is sure and right about every flower.",
            "b": "With three species each gets the probability 1/3, and -ln(1/3) = 1.10.",
            "c": "Knowing nothing has a definite loss: that of the probability 1/3.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "The loss is read from the logits of this step: zero_grad does not change it.",
            "b": "PyTorch raises no error: adding gradients up is useful for very large batches.",
            "c": "backward() adds to what is there: each step then follows old gradients too.",
        },
    ),
    Question(
        right="a",
        reasons={
            "a": "The training loss falls, the validation loss rises: it learns the rows by heart.",
            "b": "Underfitting would show in the training loss: it would be high as well.",
            "c": "Too small a learning rate makes both curves fall slowly; it lifts none of them.",
        },
    ),
    Question(
        right="c",
        reasons={
            "a": "Both losses are small here. Underfitting means that both are high.",
            "b": "Overfitting shows as a validation loss that rises again.",
            "c": "30 flowers are few. With another split the order of the curves can turn round.",
        },
    ),
    Question(
        right="b",
        reasons={
            "a": "The last weights are those after `patience` epochs without an improvement.",
            "b": "Yes: those of the epoch with the lowest validation loss.",
            "c": "Weights of different epochs are not averaged.",
        },
    ),
)


# ---- Cases ----------------------------------------------------------------------------------


def problem(model, n, d, c):
    """Return a case: a network for d features and c classes, with X (n, d) and y (n,)."""
    X, y = f"3 * torch.randn({n}, {d})", f"torch.randint(0, {c}, ({n},))"
    return {"model": Code(model), "X": Code(X), "y": Code(y)}


@st.composite
def problems(draw, middle="nn.ReLU()"):
    """Small problems, for networks with one layer or two."""
    n, d, c = draw(sizes(1, 7)), draw(one_of(4, 1, 2)), draw(one_of(3, 2, 4))
    deep = f"nn.Sequential(nn.Linear({d}, 5), {middle}, nn.Linear(5, {c}))"
    return problem(draw(one_of(f"nn.Linear({d}, {c})", deep)), n, d, c)


def classifying(case):
    """Return a case in which the model is called a classifier."""
    return {"classifier": case["model"], "X": case["X"], "y": case["y"]}


def into_softmax(right, model, *args):
    """Put a softmax between the model and the loss."""
    return right(nn.Sequential(model, nn.Softmax(dim=1)), *args)


LARGE = problem("nn.Linear(4, 3)", 38, 4, 3), problem("nn.Linear(9, 11).eval()", 149, 9, 11)
SURE = {**LARGE[0], "X": Code("300 * torch.randn(38, 4)")}  # logits beyond what exp can hold
SOFTMAX = "you applied a softmax before the loss: nn.CrossEntropyLoss takes the logits."
FRACTION = "the accuracy is a fraction between 0 and 1: divide the number right by len(y)."


# ---- 1. The network -------------------------------------------------------------------------


@exercise(
    hints=[
        "nn.Sequential takes the layers in the order in which the data passes them.",
        "It needs nn.Linear(4, 1024), nn.ReLU() and a second nn.Linear: how many classes?",
    ],
    cases=st.fixed_dictionaries({"X": sizes().flatmap(lambda n: tensors((n, 4)))}),
    more_cases=({"X": Code("20 * torch.randn(151, 4)")},),
    examples=8,
    mistakes={
        "your network ends in a softmax: nn.CrossEntropyLoss takes the logits, without it.": (
            lambda right: nn.Sequential(right(), nn.Softmax(dim=1)),
            lambda right: nn.Sequential(right(), nn.LogSoftmax(dim=1)),
        ),
        "there is no ReLU between the two layers, so together they are only one linear layer.": (
            lambda right: nn.Sequential(nn.Linear(4, 1024), nn.Linear(1024, 3))
        ),
        "a ReLU follows the last layer: logits may be negative.": (
            lambda right: nn.Sequential(right(), nn.ReLU())
        ),
    },
)
def network(make_network, X):
    """make_network() -> nn.Module, 4 -> 1024 -> ReLU -> 3, returning logits."""
    return use_network(make_network, (), X)


# ---- 2. Evaluate ----------------------------------------------------------------------------


@exercise(
    hints=[
        "First model.eval(); then `with torch.no_grad():` around the forward pass.",
        "The predicted class is logits.argmax(dim=1). Compare it with y to get True and False.",
        "The mean of (y_pred == y).float() is the accuracy. Return both numbers with .item().",
    ],
    cases=problems(middle="nn.Dropout(0.5)"),
    more_cases=(*LARGE, SURE),
    examples=40,
    mistakes={
        "the two numbers are swapped: return the loss first, then the accuracy.": (
            lambda right, *args: right(*args)[::-1]
        ),
        SOFTMAX: into_softmax,
        FRACTION: (
            lambda right, *args: (right(*args)[0], right(*args)[1] * len(args[-1])),
            lambda right, *args: (right(*args)[0], right(*args)[1] * 100),
        ),
    },
)
def evaluate(evaluate, model, X, y):
    """evaluate(model, X, y) -> (loss, accuracy), in evaluation mode and without a graph."""
    with watch(model) as seen:
        answer = call(evaluate, model, X, y, may_change=("model.mode",))
    expect_shown(seen, X)
    for one in seen:
        expect(not one.training, "the model runs in training mode: call model.eval() first.")
        expect(not one.recording, "the forward pass records a graph: use torch.no_grad().")
    expect(not model.training, "leave the model in evaluation mode: no model.train() at the end.")
    return Facts({"(loss, accuracy)": answer})


# ---- 3. The training loop -------------------------------------------------------------------

OPTIMIZERS = (
    *("Adam(model.parameters(), lr=0.1)", "SGD(model.parameters(), lr=0.05)"),
    *("SGD(model.parameters(), lr=0.02, momentum=0.9)", "Adam(model.parameters(), lr=0.01)"),
)


def training(model, rows, d, c, optimizer, epochs):
    """Return a case: a network, sets of so many rows, an optimizer, and a number of epochs."""
    sets = [f"(3 * torch.randn({n}, {d}), torch.randint(0, {c}, ({n},)))" for n in rows]
    return {
        "model": Code(model),
        "train_set": Code(sets[0]),
        "val_set": Code(sets[1]),
        "optimizer": Code(f"torch.optim.{optimizer}"),
        "epochs": epochs,
    }


@cases
def trainings(draw):
    """Small trainings, some with dropout: there the two modes differ."""
    d, c = draw(one_of(4, 1, 2)), draw(one_of(3, 2, 4))
    middle = draw(one_of("nn.ReLU()", "nn.Dropout(0.5)"))
    deep = f"nn.Sequential(nn.Linear({d}, 5), {middle}, nn.Linear(5, {c}))"
    model = draw(one_of(f"nn.Linear({d}, {c})", deep, f"{deep}.eval()"))
    epochs = draw(sizes(1, 4) | one_of(0, 7))
    rows = draw(sizes(1, 7)), draw(sizes(1, 4))
    return training(model, rows, d, c, draw(one_of(*OPTIMIZERS)), epochs)


def loop(model, train_set, val_set, optimizer, epochs, wrong):
    """Train with the one thing wrong that is named; return both lists of losses."""

    def loss_of(X, y):
        return F.cross_entropy(model(X), y)

    train_losses, val_losses = [], []
    for _ in range(epochs):
        model.eval()
        with torch.no_grad():
            before = loss_of(*val_set).item()
        model.train()
        loss = loss_of(*train_set)
        if wrong != "no zero_grad":
            optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        after = loss_of(*train_set).item() if wrong == "training loss after" else loss.item()
        train_losses.append(after)
        model.eval()
        with torch.no_grad():
            val_losses.append(before if wrong == "validation first" else loss_of(*val_set).item())
    return train_losses, val_losses


def expect_modes(seen, X, X_val):
    """Expect that steps are made in training mode, and that X_val is only measured."""
    known = {tuple(row) for row in X_val.tolist()}
    for one in seen:
        if {tuple(row) for row in one.X.tolist()} <= known:
            what = "when the model is shown the validation set,"
            expect(not one.recording, f"{what} a graph is recorded: use torch.no_grad().")
            expect(not one.training, f"{what} it is in training mode: call model.eval() before.")
        elif one.recording:
            expect(
                one.training,
                "a training step is made in evaluation mode: call model.train() at the start of "
                "each epoch, for the validation before has switched it off.",
            )


@exercise(
    hints=[
        "Before the loop: the loss function, and two empty lists. In the loop: model.train(), then "
        "the five lines of section 3. The optimizer is passed in.",
        "After the step: model.eval(), and inside torch.no_grad() the loss on the validation set. "
        "Or call your evaluate(model, *val_set): it returns the loss first.",
        "Append loss.item(), a plain number. The tensor would keep its graph alive.",
    ],
    cases=trainings,
    more_cases=(
        training("nn.Linear(9, 11)", (151, 41), 9, 11, "Adam(model.parameters(), lr=1e-4)", 3),
        training("nn.Linear(41, 3)", (37, 149), 41, 3, "Adam(model.parameters(), lr=0.01)", 113),
    ),
    examples=24,
    mistakes={
        "the gradients of all steps add up: call optimizer.zero_grad() before each backward().": (
            lambda right, *args: loop(*args, "no zero_grad")
        ),
        "the training loss is measured after the step: take the one that the step used.": (
            lambda right, *args: loop(*args, "training loss after")
        ),
        "the validation loss is measured before the step: measure after it.": (
            lambda right, *args: loop(*args, "validation first")
        ),
        "the two lists are swapped: return the training losses first.": (
            lambda right, *args: right(*args)[::-1]
        ),
        SOFTMAX: into_softmax,
    },
)
def fit(fit, model, train_set, val_set, optimizer, epochs):
    """fit(model, train_set, val_set, optimizer, epochs) -> (train_losses, val_losses)."""
    steps = []
    optimizer.register_step_post_hook(lambda *_: steps.append(1))
    may_change = "model.weights", "model.gradients", "model.mode"
    with watch(model) as seen:
        answer = call(fit, model, train_set, val_set, optimizer, epochs, may_change=may_change)
    two = isinstance(answer, list | tuple) and len(answer) == 2
    expect(two, f"return two lists, train_losses and val_losses; yours returns {kind(answer)}.")
    if epochs:
        expect_shown(seen, torch.cat([train_set[0], val_set[0]]))
        expect_modes(seen, train_set[0], val_set[0])
    expect(steps or not epochs, "the optimizer passed in never steps: call optimizer.step().")
    made = f"the optimizer makes {len(steps)} steps for epochs = {epochs}"
    expect(len(steps) == epochs, f"{made}: make one step in each epoch.")
    # Not the weights: where a gradient is nearly 0, Adam makes a whole step of a rounding error.
    with torch.no_grad():
        after = F.cross_entropy(model.eval()(train_set[0]), train_set[1]).item()
    return Facts(
        {
            "the list of training losses": answer[0],
            "the list of validation losses": answer[1],
            "the loss of the model afterwards": after,
        }
    )


# ---- 4. Early stopping ----------------------------------------------------------------------


@exercise(
    hints=[
        "Keep two variables: the lowest loss so far, and the epoch that had it.",
        "Stop as soon as epoch - best_epoch reaches patience.",
    ],
    cases=st.fixed_dictionaries(
        {
            "val_losses": lists(one_of(0.5, 1.0, 0.9999, 0.0, 2.0, -0.5, 150.5, 2500.0), 1, 8),
            "patience": sizes(1, 4),
        }
    ),
    more_cases=(
        {"val_losses": [1e30, 1e29, 1e-9, 0.0], "patience": 1},
        {"val_losses": [0.5, 0.5 - 1e-9, 0.25], "patience": 1},
        {"val_losses": Code("[1 / (1 + n) + n % 3 for n in range(41)]"), "patience": 4},
        {"val_losses": Code("[0.9, 0.3] + [0.5] * 99 + [0.2] * 200 + [0.1]"), "patience": 100},
    ),
    examples=80,
    mistakes={
        "an equal loss is no improvement: ask for a lower one.": (
            lambda right, v, patience: right([x - 1e-11 * i for i, x in enumerate(v)], patience)
        ),
        "training has stopped before that epoch is reached: return the best one until then.": (
            lambda right, v, patience: v.index(min(v))
        ),
        "that is where training stops: return the best epoch before it.": (
            lambda right, v, patience: min(right(v, patience) + patience, len(v) - 1)
        ),
        "epochs are counted from 0.": lambda right, *args: right(*args) + 1,
        "you wait one epoch too long.": lambda right, v, patience: right(v, patience + 1),
    },
)
def best_epoch(best_epoch, val_losses, patience):
    """best_epoch(val_losses, patience) -> the epoch whose weights early stopping keeps."""
    return call(best_epoch, val_losses, patience)


# ---- 5. The lab -----------------------------------------------------------------------------

LABELS = "fits", "too simple", "too little training", "overfits", "rate too large"
ROWS = {  # what each row shows, and where to see it
    "as it is": ("fits", "Both losses end below 0.1."),
    "epochs=20": ("too little training", "Its losses are high: which way do the curves go?"),
    "lr=0.0001": ("too little training", "Its losses are high: which way do the curves go?"),
    "lr=1": ("rate too large", "Its losses jump in the first epochs, and then stand at 1.10."),
    "columns=2": ("too simple", "Its training loss is high and falls no more: what would help?"),
    "hidden=0": ("fits", "How low do its losses end, and how high its accuracies?"),
    "hidden=1024": ("fits", "How low do its losses end? Does the validation loss rise for good?"),
    "flowers=12": ("overfits", "Its training loss ends at 0. What does its validation loss do?"),
}
ALSO_RIGHT = {"hidden=0": "too little training"}  # its losses are low, and still fall a little


@exercise(
    hints=[
        "First look at the training loss: is it low at the end? If not, is it still falling?",
        "If the training loss is low, look at the validation loss: is it low too, or has it risen?",
    ],
    cases=st.fixed_dictionaries({"row": one_of(*ROWS)}),
)
def lab(my_labels, row):
    """my_labels() -> a dict from the row's name to its label."""
    # That the table and the curves show these labels, tests/answers measures.
    right, reason = ROWS[row]
    expect_label(my_labels, row, (right, ALSO_RIGHT.get(row)), LABELS, reason)
    return True


# ---- 6. The accuracy that never changes -----------------------------------------------------


@exercise(
    hints=[
        "Which of the names in the function body are its own arguments?",
        "The body uses three names of the notebook. Use classifier, X and y instead.",
    ],
    cases=problems().map(classifying),
    more_cases=tuple(map(classifying, LARGE)),
    examples=40,
    mistakes={
        FRACTION: (
            lambda right, classifier, X, y: right(classifier, X, y) * len(y),
            lambda right, classifier, X, y: right(classifier, X, y) * 100,
        ),
    },
)
def bug_hunt(accuracy_of, classifier, X, y):
    """accuracy_of(classifier, X, y) -> the fraction that this classifier gets right on X."""
    used = getattr(getattr(accuracy_of, "__code__", None), "co_names", ())
    for name, own in (("model", "classifier"), ("X_train", "X"), ("y_train", "y")):
        expect(name not in used, f"the body uses the notebook's {name}: use its argument {own}.")
    with watch(classifier) as seen:
        accuracy = call(accuracy_of, classifier, X, y, may_change=("classifier.mode",))
    expect_shown(seen, X, "the classifier")
    return accuracy


# ---- 7. The challenge -----------------------------------------------------------------------

GOAL, PARAMETERS, EPOCHS, SPLITS = 0.14, 200, 200, 10


@cache
def flowers():
    """Return X and y of the 120 flowers that are not in the notebook's test set."""
    from sklearn.datasets import load_iris
    from sklearn.model_selection import train_test_split

    X, y = load_iris(return_X_y=True)
    X, _, y, _ = train_test_split(X, y, test_size=30, random_state=0, stratify=y)
    return torch.tensor(X, dtype=torch.float32), torch.tensor(y)


def use_untrained(recipe, X, y):
    """Return what recipe() gives, (model, optimizer, epochs); X and y show that it is untrained."""
    names = "model", "optimizer", "epochs"
    model, optimizer, epochs = use_recipe(
        recipe, names=names, X=X, outputs=3, parameters=PARAMETERS
    )
    expect_number(epochs, "the number of epochs", 1, EPOCHS)
    loss = loss_of(model, X, y)
    expect(
        loss > 0.5,
        f"the model has learned already: before its first step the loss is {loss:.2f}. Make a new "
        "one in each call of recipe(), and leave the training to the check.",
    )
    return model, optimizer, epochs


def loss_of(model, X, y):
    """Return the cross-entropy of the model on (X, y), in evaluation mode."""
    model.eval()
    with torch.no_grad():
        logits = call(model, X)
        return call(F.cross_entropy, logits, y).item()


def learn(model, optimizer, epochs, X, y):
    """Train the model, as the official `fit` does."""
    model.train()
    for _ in range(epochs):
        loss = F.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@exercise(
    hints=[
        "The network of section 3 has 67 parameters. How does it do after 100 epochs at 0.01?",
        "Too high a loss has two causes, and the check tells the training loss as well. Is it high "
        "too? Then train more, or at a larger rate. Is it near 0? Then train less.",
    ],
    cases=st.just({"first_seed": 1000}),
)
def challenge(recipe, first_seed):
    """recipe() -> (model, optimizer, epochs), good on splits that nobody has tried before."""
    # By hand: many recipes are right, so none is compared with ours. Parameters and epochs are the
    # budget, not seconds, which differ from one computer to the next.
    from sklearn.model_selection import train_test_split

    X, y = flowers()
    train_losses, val_losses = [], []
    for i in range(SPLITS):
        few, many, y_few, y_many = train_test_split(
            *(X, y), train_size=30, random_state=first_seed + i, stratify=y
        )
        model, optimizer, epochs = use_untrained(recipe, many, y_many)
        call(partial(learn, model, optimizer, epochs, few, y_few))
        train_losses.append(loss_of(model, few, y_few))
        val_losses.append(loss_of(model, many, y_many))
    train_loss, val_loss = sum(train_losses) / SPLITS, sum(val_losses) / SPLITS
    low = train_loss < val_loss / 3
    why = "far below: they learn by heart" if low else "high as well: they have learned too little"
    expect(
        val_loss <= GOAL,
        f"the mean validation loss is {val_loss:.3f}, {val_loss - GOAL:.3f} above the goal of "
        f"{GOAL}. The mean training loss is {train_loss:.3f}, {why}.",
    )
    return True
