"""What the driver says: one JSON line an event, and the errors that are the user's."""

import json
import os


class WrongUse(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Events:
    def __init__(self, path):
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def emit(self, event, **fields):
        # One write a line, so that a signal cannot leave half a line.
        os.write(self.file, (json.dumps({"event": event, **fields}, default=str) + "\n").encode())
        os.fsync(self.file)


def describe(error):
    text = f"{type(error).__name__}: {error}"
    signs = ("outofmemory", "cannotallocatememory", "memoryerror")
    return {"error": text, "outOfMemory": any(sign in text.lower().replace(" ", "") for sign in signs)}
