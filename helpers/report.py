"""What is seen while a model trains: a progress bar, a live plot, or nothing."""

import itertools
import time

import torch.distributed as dist


def open_report(epochs, live_plot=False, progress=True):
    """Return two functions: show(row), to be called after each epoch, and close()."""
    if dist.is_available() and dist.is_initialized() and dist.get_rank() != 0:
        return silent()  # under torchrun the first process speaks for all
    if live_plot:
        return open_live_plot()
    return open_bar(epochs) if progress else silent()


def open_bar(epochs):
    """A tqdm bar with the losses of the last epoch."""
    from tqdm.auto import tqdm

    bar = tqdm(total=epochs, unit="epoch")

    def show(row):
        if bar.update():  # true when the bar was drawn anew, a few times a second
            losses = {name: f"{row[name]:.4f}" for name in row if name.endswith("loss")}
            bar.set_postfix(losses, refresh=False)

    return show, bar.close


def open_live_plot(seconds_between=1.0):
    """A livelossplot of the losses and metrics, drawn anew about once a second and at the end."""
    import matplotlib.pyplot as plt
    from livelossplot import PlotLosses
    from livelossplot.outputs import MatplotlibPlot

    panels = MatplotlibPlot(
        cell_size=(4.5, 1.6),  # it adds a row, so one row is 3.2 high
        after_subplot=name_axes,
        after_plots=lambda figure: plt.show(),
    )
    plot = PlotLosses(
        outputs=[panels],
        group_patterns=[(r"^train_(.*)", "training"), (r"^val_(.*)", "validation")],
    )
    epochs, last_drawn = itertools.count(1), 0.0

    def show(row):
        nonlocal last_drawn
        numbers = {name: number for name, number in row.items() if name != "seconds"}
        plot.update(numbers, current_step=next(epochs))
        if time.monotonic() - last_drawn >= seconds_between:
            plot.send()
            last_drawn = time.monotonic()

    def close():
        if plot.logger.log_history:
            plot.send()

    return show, close


def name_axes(ax, metric, step):
    """Label one panel of the live plot."""
    ax.set(xlabel=step, ylabel=metric.lower())
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.legend()


def silent():
    """Show nothing."""
    return lambda row: None, lambda: None
