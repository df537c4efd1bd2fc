"""Look at autograd's graph: draw it with its gradients, and count what it keeps in the memory."""

import weakref
from contextlib import contextmanager

import torch

BOX = {"ha": "center", "va": "center", "bbox": {"boxstyle": "round,pad=0.4", "fc": "white"}}
LEAF = {**BOX, "bbox": {**BOX["bbox"], "ec": "#009E73", "lw": 2}}
ARROW = {"arrowstyle": "->", "color": "#E69F00", "lw": 1.5, "shrinkA": 0}


def nodes_of(loss):
    """Return all nodes of the graph that ends in this loss, its own first."""
    nodes = [loss.grad_fn]
    for node in nodes:  # the list grows while we go through it
        nodes += [following for following in after(node) if following not in nodes]
    return nodes


def after(node):
    """Return the nodes to which a node hands on a gradient, each once."""
    return list(dict.fromkeys(node for node, _ in node.next_functions if node is not None))


def draw_backward(loss, ax, **parameters):
    """Call loss.backward(), and draw its graph with the gradient that reaches each node.

    parameters: the leaves by their names, such as w=w. Returns the Axes. The graph stays, so that
    it can be drawn again.
    """
    if loss.grad_fn is None:
        raise ValueError("There is no graph to draw: no recorded operation has made this tensor.")
    arrived = {}

    def note(node):
        return node.register_prehook(lambda grads: arrived.update({node: grads[0].detach()}))

    texts = labels(loss, parameters)
    hooks = [note(node) for node in texts]
    loss.backward(retain_graph=True)
    for hook in hooks:
        hook.remove()
    for node, grad in arrived.items():
        shown = f"gradient {grad:.3g}" if grad.dim() == 0 else f"gradients {tuple(grad.shape)}"
        texts[node] += f"\n{shown}"
    return draw(loss, ax, texts)


def labels(loss, parameters):
    """Return the name of each node: its operation, or the parameter that it stands for."""
    names = {p: name for name, p in parameters.items()}
    found = {}
    for node in nodes_of(loss):
        operation = type(node).__name__.partition("Backward")[0]
        found[node] = names.get(getattr(node, "variable", None), operation)
    return found


def levels(loss):
    """Return the level of each node, the loss at 0: each stands below all that lead to it."""
    level, waiting = {loss.grad_fn: 0}, [loss.grad_fn]
    for node in waiting:  # the list grows: who is moved down moves all that follow
        for following in after(node):
            if level.get(following, 0) <= level[node]:
                level[following] = level[node] + 1
                waiting.append(following)
    return level


def draw(loss, ax, texts):
    """Draw the nodes of a graph as boxes, from the loss at the top down to the leaves."""
    level, places = levels(loss), {}
    for depth in range(max(level.values()) + 1):
        row = [node for node in texts if level[node] == depth]
        for i, node in enumerate(row):
            places[node] = (i - (len(row) - 1) / 2, -depth)
    for node, place in places.items():
        for following in after(node):
            far = level[following] > level[node] + 1  # then around what lies between
            bend = 0 if not far else 1.1 if place[0] < 0 else -1.1
            clear = 17 if place[0] == places[following][0] else 23  # the head is outside the box
            arrow = ARROW | {"connectionstyle": f"arc3,rad={bend}", "shrinkB": clear}
            ax.annotate("", places[following], place, arrowprops=arrow)
    for node, place in places.items():  # after the arrows: a box covers their ends
        ax.text(*place, texts[node], **(LEAF if hasattr(node, "variable") else BOX))
    columns, rows = zip(*places.values(), strict=True)
    ax.set(xlim=(min(columns) - 0.8, max(columns) + 0.8), ylim=(min(rows) - 0.5, 0.5))
    ax.axis("off")
    return ax


class Box:
    """Holds a tensor for a graph, so that a WeakSet can tell whether the graph still keeps it."""

    def __init__(self, tensor):
        self.tensor = tensor.detach()


@contextmanager
def count_kept():
    """Yield a function that returns how many megabytes graphs keep alive for backward().

    It counts the graphs that are recorded inside the with block; what two keep counts once.
    """
    alive = weakref.WeakSet()

    def pack(tensor):
        box = Box(tensor)
        alive.add(box)
        return box

    def megabytes():
        storages = [box.tensor.untyped_storage() for box in alive]
        return sum({s.data_ptr(): s.nbytes() for s in storages}.values()) / 1e6

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda box: box.tensor):
        yield megabytes
