"""The life of the driver's processes: all that it started ends with it, and it ends with its parent or its engine."""

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
from multiprocessing import resource_tracker

try:
    import psutil  # vLLM needs it too
except ImportError:  # then there is no vLLM either, which main says in a way that helps
    psutil = None

GRACE_SECONDS = 2

started = []  # every child process; multiprocessing itself forgets those that ended


def remember_start(process, start=multiprocessing.process.BaseProcess.start):
    start(process)
    started.append(process)


multiprocessing.process.BaseProcess.start = remember_start


def watch_engine():
    """
    vLLM 0.32 waits for ever when its engine process is killed (by the kernel's out-of-memory killer, say), also when that
    was before anybody watched. An engine that has no process of its own is none to be watched.
    """
    if started:
        if engines := [process.sentinel for process in multiprocessing.active_children()]:
            multiprocessing.connection.wait(engines)
        time.sleep(GRACE_SECONDS)  # an engine that could still say why it ends has said so by then
        os.kill(os.getpid(), signal.SIGUSR1)


def end_group():
    """Ends this driver and all that it started, when it leads a process group of its own."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def follow_parent(end=lambda: os._exit(1)):
    """Ends this process when its parent is gone: an engine would outlive a driver, or pitwall, that was killed hard."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        end()

    threading.Thread(target=watch, daemon=True).start()


def is_tracker(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        return "multiprocessing.resource_tracker" in " ".join(process.cmdline())


def runs(process):
    """A process that nobody reaps, as in many a container, is gone when the last of its threads is."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1
    return False


def wait_for_end(processes, seconds):
    limit = time.monotonic() + seconds
    while any(runs(process) for process in processes) and time.monotonic() < limit:
        time.sleep(0.02)


def leave(exit_code):
    """Ends this process, its children first. vLLM's own way takes longer and depends on the state that it is in."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    children = set()
    for send, seconds in ((psutil.Process.terminate, 0.5), (psutil.Process.kill, GRACE_SECONDS)):
        # Those seen before stay in it: the children of a child that died first are ours no longer.
        children |= {child for child in psutil.Process().children(recursive=True) if not is_tracker(child)}
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                send(child)
        wait_for_end(children, seconds)
    # Python's resource tracker removes the shared memory of the others, and ends, when nobody holds its pipe.
    os.close(resource_tracker.getfd())
    wait_for_end(psutil.Process().children(), GRACE_SECONDS)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


def handle_signals(events):
    def engine_killed(*_):
        events.emit("engine_died", error="the engine's process was killed")
        leave(3)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: leave(128 + received))
    signal.signal(signal.SIGUSR1, engine_killed)
    os.register_at_fork(after_in_child=follow_parent)
