"""As much of psutil as the driver needs, from /proc: tests must not depend on what this machine's Python has."""

import os
import signal

STATUS_ZOMBIE = "zombie"


class NoSuchProcess(Exception):
    pass


class Process:
    def __init__(self, pid=None):
        self.pid = os.getpid() if pid is None else pid

    def __eq__(self, other):
        return self.pid == other.pid

    def __hash__(self):
        return self.pid

    def _stat(self):
        try:
            with open(f"/proc/{self.pid}/stat", encoding="utf-8") as file:
                return file.read().rpartition(")")[2].split()
        except OSError as error:
            raise NoSuchProcess(self.pid) from error

    def cmdline(self):
        try:
            with open(f"/proc/{self.pid}/cmdline", encoding="utf-8") as file:
                return file.read().split("\0")
        except OSError as error:
            raise NoSuchProcess(self.pid) from error

    def status(self):
        return STATUS_ZOMBIE if self._stat()[0] == "Z" else "sleeping"

    def num_threads(self):
        return int(self._stat()[17])

    def ppid(self):
        return int(self._stat()[1])

    def children(self, recursive=False):
        parents = {}
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                parents.setdefault(Process(int(name)).ppid(), []).append(Process(int(name)))
            except NoSuchProcess:
                continue
        own = parents.get(self.pid, [])
        return own + [below for child in own for below in child.children(True)] if recursive else own

    def _send(self, number):
        try:
            os.kill(self.pid, number)
        except ProcessLookupError as error:
            raise NoSuchProcess(self.pid) from error

    def terminate(self):
        self._send(signal.SIGTERM)

    def kill(self):
        self._send(signal.SIGKILL)
