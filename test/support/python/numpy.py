"""As much of numpy as the driver needs for its prompts."""


class _Rows(list):
    def tolist(self):
        return list(self)


class _RandomState:
    def __init__(self, seed):
        self.seed = seed

    def randint(self, _high, size):
        rows, columns = size
        return _Rows([0] * columns for _ in range(rows))


class random:  # a module there
    RandomState = _RandomState
