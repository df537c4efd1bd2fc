"""How the sentences name what was passed."""


def kind(thing):
    """Return "a list" for a list, "the class Net" for a class."""
    if thing is None:
        return "None"
    if isinstance(thing, type):
        return f"the class {thing.__name__}"
    name = {"ndarray": "NumPy array"}.get(type(thing).__name__, type(thing).__name__)
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def name_of(dtype):
    """Return "float32" for torch.float32."""
    return str(dtype).removeprefix("torch.")
