# %% [markdown]
# # 00 Start here
#
# In this notebook you learn
# - how the notebooks work: predict, run, solve, check;
# - what is in the course, and how long each part takes;
# - whether this computer has all it needs, and which data is real here.
#
# **20 minutes, on any CPU.** You know some Python.

# %% [markdown]
# ## Why
#
# Reading about neural networks is easy, and little of it stays. What stays is what you have
# predicted, run, got wrong and corrected yourself. So each notebook asks you for a prediction before
# it shows a result, and for code before it shows a solution. A check tells you at once what is
# right or wrong.
#
# ![Five steps in a row: read, predict, run, solve, check. From the check a hint leads back to solve.](figures/start_cycle.svg)

# %% tags=["setup"]
import torch

import helpers
from helpers import doctor
from helpers.exercises import start

# %% [markdown]
# ## 1. The map
#
# | notebook | what you do | minutes |
# |---|---|---|
# | 00 Start here | learn how the course works | 20 |
# | [01 Tensors](01_tensors.ipynb) | compute with arrays of numbers | 80 |
# | [02 Autograd](02_autograd.ipynb) | let PyTorch compute gradients, and learn with them | 95 |
# | [03 Iris](03_iris.ipynb) | train a network, and find out what it learned | 75 |
# | [04 Data loaders](04_dataloaders.ipynb) | feed data in batches | 105 |
# | [05 Rain](05_rain_ann.ipynb) | find out why a published accuracy is wrong, and forecast honestly | 105 |
# | [06 Boston](06_boston_regression.ipynb) | predict a price, and compare models fairly | 110 |
# | [07 CIFAR-10](07_cifar10_classifier.ipynb) | classify small pictures, and look at every class | 115 |
# | [08 CNN](08_cifar10_cnn.ipynb) | build a convolutional network for the same pictures | 95 |
# | [09 Transfer](09_transfer_learning.ipynb) | learn two new classes from 20 pictures each | 105 |
# | [10 Tuning](10_tuning.ipynb) | find a better setting, and know that it is better | 100 |
#
# Take them in this order: each one builds on those before. Solved versions lie in the folder
# `solutions`.

# %% [markdown]
# ## 2. Predict, then run
#
# A notebook consists of cells. Shift and Enter run a cell and go to the next one. Where you read
# **Predict:**, stop, and say or write your answer first. A wrong prediction is useful: it shows what to learn.
#
# **Predict:** what does Python print for `[1, 2, 3] * 2`?

# %%
print([1, 2, 3] * 2)

# %% [markdown]
# The list is repeated. A **tensor** is PyTorch's array of numbers. **Predict:** what is
# `torch.tensor([1, 2, 3]) * 2`?

# %%
print(torch.tensor([1, 2, 3]) * 2)

# %% [markdown]
# Each number is doubled. The same sign does two different things. One more. **Predict:** is
# `0.1 + 0.2 == 0.3` true or false?

# %%
print(0.1 + 0.2 == 0.3)

# %% [markdown]
# False: a computer stores 0.1 and 0.2 only nearly, and the sum is not exactly 0.3. Never ask whether
# two such numbers are equal; ask whether they are close.

# %% [markdown]
# ## 3. Solve, then check
#
# ### Exercise 1: double (2 minutes, complete)
#
# Write `double(numbers)`. It returns a new list with each number of the list times 2. In the next
# cell replace the `...`, and run the cell.


# %% exercise="start.double"
def double(numbers):
    """Return a new list with each number doubled."""
    ### BEGIN SOLUTION
    return [2 * number for number in numbers]
    ### END SOLUTION


# %% [markdown]
# Now run the check. It says what is right or wrong in one line: ○ not started, ✓ passed, ✗ wrong or
# ✗ error. Try a wrong answer too.

# %%
start.double.check(double)

# %% [markdown]
# `start.double.hint()` gives a hint, and one more each time. After the last, `solution()` shows one
# way to do it. Use them in this cell or in any new one.

# %%
start.double.hint()

# %% [markdown]
# Some cells need your answer. Until its check has passed, they only say which exercise comes first,
# so you can run a whole notebook at any time.

# %%
if start.double.done():
    print(double([10, 20]))

# %% [markdown]
# ### Bug hunt
#
# Each notebook has a bug that real people have made. This one is from a tutorial. It shows a network
# its samples, here pictures, in groups of 4, which are called batches. It reports "every 2000
# samples", but it counts batches.


# %%
def broken_report(batches, batch_size):
    """Return a text: how many samples have been seen after this many batches."""
    return f"{batches} samples"


print(broken_report(2000, 4), "- true:", 2000 * 4)

# %% [markdown]
# ### Exercise 2: count samples, not batches (2 minutes, debug)
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
# What you have passed is remembered on this computer. `helpers.progress()` shows it for all
# notebooks, and what comes next; here is its first row, that of this notebook.

# %%
helpers.progress().head(1)

# %% [markdown]
# ## 4. This computer
#
# The doctor checks whether everything is in place. An empty list means no problems.

# %%
lines, problems = doctor.report()
problems

# %% [markdown]
# When you ask somebody for help, run `print("\n".join(lines))` and send what it prints: it names
# the versions of all packages.
#
# The larger data sets are downloaded when they are first needed. Without internet, a **stand-in**
# takes their place: other data of the same form, so that you can still do everything. A stand-in is
# always announced. This is what you have now; run the cell, since yours may differ:

# %% tags=["nbval-ignore-output", "data-dependent"]
for data_set in helpers.datasets.overview():
    print(f"{data_set['title']:10} {data_set['source']}")

# %% [markdown]
# `python -m helpers.datasets --download`, in a terminal, fetches the real data.

# %% [markdown]
# ## 5. On Colab
#
# [Google Colab](https://colab.research.google.com) runs notebooks on a computer of Google's. Where
# a notebook begins with a link "Open in Colab", that link opens it there, and its first cell
# fetches the rest of the course. Without such a link, download the course and use it on your own
# computer. Three things to know: save a copy in your Drive, or your answers are lost; what you have
# passed is forgotten when Colab closes; you find a GPU under
# *Runtime*, *Change runtime type*, but these notebooks do not need one.

# %% [markdown]
# ## Recap
#
# - Predict, run, solve, check; take a hint before the solution.
# - The map above shows the notebooks and their minutes.
# - The doctor tells you whether this computer has all it needs; stand-ins are always announced.

# %% [markdown]
# ## Quiz
#
# Each notebook ends with five questions. Replace each `...` by the letter of your choice.
#
# **1.** What does `○ not started` mean?
# - **a** the answer is wrong
# - **b** the exercise still holds its `...`
# - **c** the cell has not been run

# %%
start.quiz(1, "b")  ### STUB: start.quiz(1, ...)

# %% [markdown]
# **2.** You do not know how to go on. What comes first?
# - **a** the solved notebook
# - **b** the next exercise
# - **c** `.hint()`

# %%
start.quiz(2, "c")  ### STUB: start.quiz(2, ...)

# %% [markdown]
# **3.** What is a stand-in?
# - **a** other data of the same form, announced as such
# - **b** a smaller copy of the real data
# - **c** an error message

# %%
start.quiz(3, "a")  ### STUB: start.quiz(3, ...)

# %% [markdown]
# **4.** When do you make a prediction?
# - **a** after the output is there
# - **b** before the cell is run
# - **c** only in exercises

# %%
start.quiz(4, "b")  ### STUB: start.quiz(4, ...)

# %% [markdown]
# **5.** `[1, 2] * 2` is `[1, 2, 1, 2]`. What is `torch.tensor([1, 2]) * 2`?
# - **a** a tensor with 1, 2, 1, 2
# - **b** an error
# - **c** a tensor with 2, 4

# %%
start.quiz(5, "c")  ### STUB: start.quiz(5, ...)

# %% [markdown]
# ## Where to go on
#
# - [01 Tensors](01_tensors.ipynb): the next notebook.
# - [JupyterLab's guide](https://jupyterlab.readthedocs.io/en/stable/user/interface.html): cells,
#   shortcuts and the file browser.
# - [PyTorch's own start page](https://pytorch.org/get-started/locally/): how to install it on other
#   computers, with a GPU.
