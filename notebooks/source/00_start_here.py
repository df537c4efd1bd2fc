# %% [markdown]
# # 00 Start here
#
# In this notebook you learn
# - what PyTorch is, and what you will make with it;
# - how the notebooks work: predict, run, solve, check;
# - what is in the course, and how long each part takes.
#
# **15 minutes, on any CPU.** You know some Python.

# %% [markdown]
# ## Why
#
# **PyTorch** is a Python library that computes with arrays of numbers and finds out how a result
# changes when one of the numbers changes. So a program can learn: it is shown examples, and adjusts
# its own numbers until its answers fit. Such a program is called a **neural network**. In notebook
# 03 yours tells three kinds of iris from the size of their petals:
#
# ![Petal width against petal length, in three coloured regions.](figures/start_iris.png)
#
# In 08 it names what 10,000 small photographs show, which it has never seen. Rows are what is true,
# columns what it said; on the diagonal it was right.
#
# ![Ten true classes against ten predicted ones. Large numbers lie on the diagonal.](figures/start_cifar10.png)

# %% tags=["setup"]
import math

import torch

import helpers
from helpers import doctor
from helpers.exercises import start

# %% [markdown]
# ## 1. Predict, then run
#
# A notebook consists of cells. Shift and Enter run a cell and go to the next one. Where you read
# **Predict:**, stop, and say your answer first: a wrong prediction shows you what to learn.
#
# ![Five steps in a row: read, predict, run, solve, check. From the check a hint leads back to solve.](figures/start_cycle.svg)
#
# **Predict:** what does Python print for `[1, 2, 3] * 2`?

# %%
print([1, 2, 3] * 2)

# %% [markdown]
# The list is repeated. A **tensor** is PyTorch's array of numbers. **Predict:** and times 2?

# %%
print(torch.tensor([1, 2, 3]) * 2)

# %% [markdown]
# Each number is doubled. **Predict:** what is `0.1 + 0.2`, to the last digit?

# %%
print(0.1 + 0.2, math.isclose(0.1 + 0.2, 0.3))

# %% [markdown]
# A computer stores most decimals only nearly. Never ask with `==` whether two of them are equal; ask
# with `math.isclose` whether they are close.

# %% [markdown]
# ## 2. Solve, then check
#
# An exercise asks you to *complete* a few lines, to *build* something, or to *debug* code.
#
# ### Exercise 1: double (1 minute, complete)
#
# Write `double(numbers)`: a new list with each number times 2. Replace the `...`, and run the cell.


# %% exercise="start.double"
def double(numbers):
    """Return a new list with each number doubled."""
    ### BEGIN SOLUTION
    return [2 * number for number in numbers]
    ### END SOLUTION


# %% [markdown]
# Now run the check. It says ○ not started, ✓ passed, ✗ wrong or ✗ error, and what is wrong. Try a
# wrong answer too.

# %%
start.double.check(double)

# %% [markdown]
# Where you are stuck, type `start.double.hint()` into a new cell. It gives one more hint each time;
# after the last, `start.double.solution()` shows one way to do it.
#
# Some cells need your answer. Until its check has passed, they only say which exercise comes first.

# %%
if start.double.done():
    print(double([10, 20]))

# %% [markdown]
# ### Bug hunt
#
# Each notebook has a bug that real people have made. This one, from a tutorial, shows a network its
# pictures in groups of 4, called **batches**. It reports "every 2000 samples", but it counts
# batches.


# %%
def broken_report(batches, batch_size):
    """Return a text: how many samples have been seen after this many batches."""
    return f"{batches} samples"


print(broken_report(2000, 4), "- true:", 2000 * 4)

# %% [markdown]
# ### Exercise 2: count samples, not batches (1 minute, debug)
#
# Write it again, so that `report(2000, 4)` returns the text `"8000 samples"`.


# %% exercise="start.bug_hunt"
def report(batches, batch_size):
    """Return a text: how many samples have been seen after this many batches."""
    ### BEGIN SOLUTION
    return f"{batches * batch_size} samples"
    ### END SOLUTION


# %%
start.bug_hunt.check(report)

# %% [markdown]
# `helpers.progress()` shows what you have passed, and what comes next; here is its first row.

# %%
helpers.progress().head(1)

# %% [markdown]
# ## 3. The map
#
# | notebook | what you do | minutes |
# |---|---|---|
# | [01 Tensors](01_tensors.ipynb) | compute with arrays of numbers | 90 |
# | [02 Autograd](02_autograd.ipynb) | let PyTorch compute gradients, and learn with them | 90 |
# | [03 Iris](03_iris.ipynb) | train a network, and find out what it learned | 90 |
# | [04 Data loaders](04_dataloaders.ipynb) | feed data in batches | 90 |
# | [05 Rain](05_rain_ann.ipynb) | find out why a published accuracy is wrong, and forecast honestly | 90 |
# | [06 Boston](06_boston_regression.ipynb) | predict a price, and compare models fairly | 90 |
# | [07 CIFAR-10](07_cifar10_classifier.ipynb) | classify small pictures, and look at every class | 90 |
# | [08 CNN](08_cifar10_cnn.ipynb) | build a convolutional network for the same pictures | 95 |
# | [09 Transfer](09_transfer_learning.ipynb) | learn two new classes from 20 pictures each | 105 |
# | [10 Tuning](10_tuning.ipynb) | find a better setting, and know that it is better | 100 |
#
# Take them in this order. Solved versions lie in the folder `solutions`.

# %% [markdown]
# ## Extra: this computer
#
# The doctor checks whether everything is in place. An empty list means no problems. When you ask
# somebody for help, run `print("\n".join(lines))` and send what it prints.

# %%
lines, problems = doctor.report()
problems

# %% [markdown]
# The larger data sets are downloaded when they are first needed. Without internet a **stand-in**
# takes their place: other data of the same form, so that you can still do everything. A stand-in is
# always announced. This is what you have now; yours may differ:

# %% tags=["nbval-ignore-output", "data-dependent"]
for data_set in helpers.datasets.overview():
    print(f"{data_set['title']:10} {data_set['source']}")

# %% [markdown]
# `python -m helpers.datasets --download`, in a terminal, fetches all of them at once.
#
# On [Google Colab](https://colab.research.google.com), save a copy in your Drive, or your answers
# are lost; what you have passed is forgotten when Colab closes.

# %% [markdown]
# ## Recap
#
# - PyTorch computes with tensors. A neural network learns from examples.
# - Predict, run, solve, check; take a hint before the solution.
# - The map lists the notebooks and their minutes.

# %% [markdown]
# ## Quiz
#
# Each notebook ends with five questions. Replace each `...` by the letter of your choice, in quotes:
# `start.quiz(1, "a")`.
#
# **1.** `[1, 2] * 2` is `[1, 2, 1, 2]`. What is `torch.tensor([1, 2]) * 2`?
# - **a** a tensor with 1, 2, 1, 2
# - **b** an error
# - **c** a tensor with 2, 4

# %%
start.quiz(1, "c")  ### STUB: start.quiz(1, ...)

# %% [markdown]
# **2.** A program should stop when a sum of decimals has reached 0.3. Which test is safe?
# - **a** `total == 0.3`
# - **b** `math.isclose(total, 0.3)`
# - **c** `str(total) == "0.3"`

# %%
start.quiz(2, "b")  ### STUB: start.quiz(2, ...)

# %% [markdown]
# **3.** A network has seen 500 batches of 16 pictures. How many pictures is that?
# - **a** 8000
# - **b** 500
# - **c** 516

# %%
start.quiz(3, "a")  ### STUB: start.quiz(3, ...)

# %% [markdown]
# **4.** In the table of ten classes above, what does the number in the row *cat* and the column
# *dog* count?
# - **a** dogs that the network called cats
# - **b** pictures with a cat and a dog
# - **c** cats that the network called dogs

# %%
start.quiz(4, "c")  ### STUB: start.quiz(4, ...)

# %% [markdown]
# **5.** What changes in a neural network while it learns?
# - **a** the examples
# - **b** its numbers
# - **c** its Python code

# %%
start.quiz(5, "b")  ### STUB: start.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [01 Tensors](01_tensors.ipynb): the next notebook.
# - [JupyterLab's guide](https://jupyterlab.readthedocs.io/en/stable/user/interface.html): cells,
#   shortcuts and the file browser.
# - [PyTorch's own start page](https://pytorch.org/get-started/locally/): how to install it on other
#   computers, with a GPU.
