"""Answers to the exercises of 03_iris."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from answers import right, wrong

# ---- iris.network ---------------------------------------------------------------------------


@right("iris.network")
class AsAClass(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(4, 1024), nn.Linear(1024, 3)

    def forward(self, X):
        return self.last(F.relu(self.first(X)))


@right("iris.network")
class LayersInAnotherOrder(nn.Module):
    def __init__(self):
        super().__init__()
        self.last = nn.Linear(1024, 3)
        self.first = nn.Linear(4, 1024)

    def forward(self, X):
        return self.last(self.first(X).clamp(min=0))


@wrong("iris.network", "with a ReLU between two linear layers, the output[0, 0] should be")
def with_another_activation():
    return nn.Sequential(nn.Linear(4, 1024), nn.Tanh(), nn.Linear(1024, 3))


@wrong("iris.network", "softmax")
def ends_in_softmax():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3), nn.Softmax(dim=1))


@wrong("iris.network", "no ReLU between")
def without_activation():
    return nn.Sequential(nn.Linear(4, 1024), nn.Linear(1024, 3))


@wrong("iris.network", "(1024, 4) and (3, 1024), yours have (100, 4), (3, 100)")
def too_narrow():
    return nn.Sequential(nn.Linear(4, 100), nn.ReLU(), nn.Linear(100, 3))


@wrong("iris.network", "(1024, 4) and (3, 1024)")
def with_a_third_layer():
    layers = nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 1024), nn.ReLU(), nn.Linear(1024, 3)
    return nn.Sequential(*layers)


@wrong("iris.network", "with a ReLU between two linear layers, the output")
def ends_in_log_softmax():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3), nn.LogSoftmax(dim=1))


@wrong("iris.network", "with a ReLU between two linear layers, the output")
def relu_first():
    return nn.Sequential(nn.ReLU(), nn.Linear(4, 1024), nn.Sigmoid(), nn.Linear(1024, 3))


@wrong("iris.network", "with a ReLU between two linear layers, the output")
def with_dropout():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 3))


@wrong("iris.network", "each of the two layers needs its bias")
def without_a_bias():
    return nn.Sequential(nn.Linear(4, 1024, bias=False), nn.ReLU(), nn.Linear(1024, 3))


@wrong("iris.network", "must have shape (7, 3), yours has (7, 4)")
def four_outputs():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 4))


@wrong("iris.network", "a ReLU follows the last layer")
def ends_in_relu():
    return nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3), nn.ReLU())


@wrong("iris.network", "mat1 and mat2")
def three_inputs():
    return nn.Sequential(nn.Linear(3, 1024), nn.ReLU(), nn.Linear(1024, 3))


@wrong("iris.network", "None (is the return missing?)")
def forgets_the_return():
    nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3))


@wrong("iris.network", "must be a Module, yours is of type list")
def a_list_of_layers():
    return [nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3)]


@wrong("iris.network", "must be torch.float32")
def in_half_precision():
    model = nn.Sequential(nn.Linear(4, 1024), nn.ReLU(), nn.Linear(1024, 3)).bfloat16()
    model.register_forward_pre_hook(lambda _, inputs: inputs[0].bfloat16())
    return model


# ---- iris.fit -------------------------------------------------------------------------------


@right("iris.fit")
def fit_with_sgd(model, X, y, epochs, lr):
    optimizer = torch.optim.SGD(model.parameters(), lr)
    losses = []
    for _ in range(epochs):
        loss = F.cross_entropy(model(X), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


@right("iris.fit")
def fit_without_an_optimizer(model, X, y, epochs, lr):
    losses = []
    for _ in range(epochs):
        model.zero_grad(set_to_none=False)
        loss = nn.CrossEntropyLoss()(model(X), y)
        loss.backward()
        with torch.no_grad():
            for p in model.parameters():
                p -= lr * p.grad
        losses.append(loss.detach().numpy().item())
    return tuple(losses)


small = nn.Linear(4, 3)
losses_of_the_notebook = []


def loop(model, X, y, epochs, lr, *, record, zero=True, step=True, sign=1, logits=None):
    """Run a training loop with one thing wrong."""
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, maximize=sign < 0)
    losses = []
    for _ in range(epochs):
        outputs = model(X)
        loss = F.cross_entropy(outputs if logits is None else logits(outputs), y)
        if zero:
            optimizer.zero_grad()
        loss.backward()
        if step:
            optimizer.step()
        losses.append(record(loss))
    return losses


@wrong("iris.fit", "never calls the model passed in")
def trains_the_small_one(model, X, y, epochs, lr):
    return loop(small, X, y, epochs, lr, record=torch.Tensor.item)


@wrong("iris.fit", "pass lr on to the optimizer")
def ignores_lr(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, 0.01, record=torch.Tensor.item)


@wrong("iris.fit", "make a new list in the function")
def uses_a_global_list(model, X, y, epochs, lr):
    if len(losses_of_the_notebook) >= 40:
        losses_of_the_notebook.extend(loop(model, X, y, epochs, lr, record=torch.Tensor.item))
    else:
        losses_of_the_notebook[:] = loop(model, X, y, epochs, lr, record=torch.Tensor.item)
    return losses_of_the_notebook


@wrong("iris.fit", "a new optimizer is made in each epoch")
def makes_an_optimizer_each_epoch(model, X, y, epochs, lr):
    losses = []
    for _ in range(epochs):
        losses += loop(model, X, y, 1, lr, record=torch.Tensor.item)
    return losses


@wrong("iris.fit", "yours is a tensor: use .item()")
def keeps_tensors(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=lambda loss: loss)


@wrong("iris.fit", "call optimizer.zero_grad()")
def forgets_zero_grad(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item, zero=False)


@wrong("iris.fit", "did not change")
def forgets_the_step(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item, step=False)


@wrong("iris.fit", "never calls the model passed in")
def trains_a_model_of_its_own(model, X, y, epochs, lr):
    own = nn.Linear(4, 3)
    own.load_state_dict(model.state_dict())
    return loop(own, X, y, epochs, lr, record=torch.Tensor.item)


@wrong("iris.fit", "a softmax before the loss")
def applies_softmax_first(model, X, y, epochs, lr):
    return loop(
        model, X, y, epochs, lr, record=torch.Tensor.item, logits=lambda z: z.softmax(dim=1)
    )


@wrong("iris.fit", "must return 40 losses, yours has 3000")
def always_3000_epochs(model, X, y, epochs, lr):
    return loop(model, X, y, 3000, lr, record=torch.Tensor.item)


@wrong("iris.fit", "what fit returns must be a list or tuple")
def returns_only_the_last(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item)[-1]


@wrong("iris.fit", "the first loss, before any step,")
def records_after_the_step(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=lambda _: F.cross_entropy(model(X), y).item())


@wrong("iris.fit", "the first loss, before any step,")
def records_the_sum(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=lambda loss: loss.item() * len(X))


@wrong("iris.fit", "the loss must fall")
def climbs(model, X, y, epochs, lr):
    return loop(model, X, y, epochs, lr, record=torch.Tensor.item, sign=-1)


# ---- iris.evaluate --------------------------------------------------------------------------


@right("iris.evaluate")
def evaluate_by_counting(model, X, y):
    model.train(False)
    with torch.inference_mode():
        logits = model(X)
        loss = F.cross_entropy(logits, y).item()
    model.train()
    return [loss, np.mean((logits.argmax(1) == y).numpy())]


X_val, y_val = torch.randn(38, 4), torch.randint(0, 3, (38,))


def measure(model, X, y, *, eval_mode=True, back=True, graph=False):
    """Evaluate with one thing wrong."""
    if eval_mode:
        model.eval()
    with torch.set_grad_enabled(graph):
        logits = model(X)
        loss = F.cross_entropy(logits, y).item()
    if back:
        model.train()
    return loss, (logits.argmax(dim=1) == y).float().mean().item()


@wrong("iris.evaluate", "call model.eval() first")
def forgets_eval(model, X, y):
    return measure(model, X, y, eval_mode=False)


@wrong("iris.evaluate", "use torch.no_grad()")
def records_a_graph(model, X, y):
    return measure(model, X, y, graph=True)


@wrong("iris.evaluate", "end with model.train()")
def stays_in_eval_mode(model, X, y):
    return measure(model, X, y, back=False)


@wrong("iris.evaluate", "swapped")
def swaps_the_two(model, X, y):
    return measure(model, X, y)[::-1]


@wrong("iris.evaluate", "a fraction between 0 and 1")
def in_percent(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, 100 * accuracy


@wrong("iris.evaluate", "a fraction between 0 and 1")
def counts_only(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, accuracy * len(X)


@wrong("iris.evaluate", "the accuracy must be a plain number, yours is a tensor")
def accuracy_as_a_tensor(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, torch.tensor(accuracy)


@wrong("iris.evaluate", "must return two numbers")
def loss_alone(model, X, y):
    return measure(model, X, y)[0]


@wrong("iris.evaluate", "never calls the model")
def ignores_the_model(model, X, y):
    return measure(nn.Sequential(nn.Linear(4, 3)), X, y)


@wrong("iris.evaluate", "the loss should be")
def a_sum_for_a_loss(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss * len(X), accuracy


@wrong("iris.evaluate", "a softmax before the loss")
def softmax_before_the_loss(model, X, y):
    model.eval()
    with torch.no_grad():
        loss = F.cross_entropy(model(X).softmax(dim=1), y).item()
    return loss, measure(model, X, y)[1]


@wrong("iris.evaluate", "but the model is shown 38: the body uses other data than X")
def on_the_notebooks_data(model, X, y):
    return measure(model, X_val, y_val)


@wrong("iris.evaluate", "divide by len(y)")
def divides_by_38(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, accuracy * len(X) / 38


@wrong("iris.evaluate", "leaves autograd switched off")
def switches_autograd_off_for_good(model, X, y):
    answer = measure(model, X, y)
    torch.set_grad_enabled(False)
    return answer


@wrong("iris.evaluate", "the accuracy should be")
def the_error_rate(model, X, y):
    loss, accuracy = measure(model, X, y)
    return loss, 1 - accuracy


# ---- iris.best_epoch ------------------------------------------------------------------------


@right("iris.best_epoch")
def best_epoch_with_a_counter(val_losses, patience):
    lowest, best, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if loss < lowest:
            lowest, best, waited = loss, epoch, 0
        if waited == patience:
            return best
    return best


@wrong("iris.best_epoch", "training has stopped before epoch")
def looks_ahead(val_losses, patience):
    return val_losses.index(min(val_losses))


@wrong("iris.best_epoch", "you return a loss")
def returns_the_loss(val_losses, patience):
    return min(val_losses[: patience + 1])


@wrong("iris.best_epoch", "counted from 0")
def counts_from_one(val_losses, patience):
    return best_epoch_with_a_counter(val_losses, patience) + 1


@wrong("iris.best_epoch", "counted from 0")
def takes_a_tie_for_better(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss <= val_losses[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


@wrong("iris.best_epoch", "for the losses")
def waits_one_too_long(val_losses, patience):
    return best_epoch_with_a_counter(val_losses, patience + 1)


@wrong("iris.best_epoch", "for the losses [2.5e+03")
def starts_from_a_hundred(val_losses, patience):
    lowest, best = 100, 0
    for epoch, loss in enumerate(val_losses):
        if loss < lowest:
            lowest, best = loss, epoch
        elif epoch - best >= patience:
            break
    return best


@wrong("iris.best_epoch", "return the best epoch before it")
def returns_where_it_stops(val_losses, patience):
    best = best_epoch_with_a_counter(val_losses, patience)
    return min(best + patience, len(val_losses) - 1)


@wrong("iris.best_epoch", "IndexError")
def runs_past_the_end(val_losses, patience):
    best = 0
    for epoch in range(len(val_losses)):
        if val_losses[epoch + 1] < val_losses[best]:
            best = epoch + 1
    return best


# ---- iris.bug_hunt --------------------------------------------------------------------------

model = nn.Linear(4, 3)
X_train, y_train = torch.randn(112, 4), torch.randint(0, 3, (112,))


@right("iris.bug_hunt")
def accuracy_by_counting(network, inputs, labels):
    return (network(inputs).argmax(1) == labels).sum().item() / len(labels)


@wrong("iris.bug_hunt", "the classifier passed in is never called")
def still_the_global_model(classifier, X, y):
    return (model(X).argmax(dim=1) == y).float().mean().item()


@wrong("iris.bug_hunt", "shown 112 rows, but X has 20")
def still_the_global_data(classifier, X, y):
    return (classifier(X_train).argmax(dim=1) == y_train).float().mean().item()


@wrong("iris.bug_hunt", "RuntimeError: The size of tensor a (20)")
def still_the_global_labels(classifier, X, y):
    return (classifier(X).argmax(dim=1) == y_train).float().mean().item()


@wrong("iris.bug_hunt", "the accuracy should be")
def over_the_wrong_dimension(classifier, X, y):
    return (classifier(X).argmin(dim=1) == y).float().mean().item()


@wrong("iris.bug_hunt", "must be a plain number, yours is a tensor")
def without_item(classifier, X, y):
    return (classifier(X).argmax(dim=1) == y).float().mean()
