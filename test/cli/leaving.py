"""Runs a program at a terminal of its own, prints what it wrote, and hangs the terminal up as soon as the program has ended."""
import os, pty, signal, sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b''
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:  # nobody has it open any more
        break
    if not read:
        break
    seen += read
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        break
else:
    status = 0
os.close(terminal)
try:
    os.killpg(pid, signal.SIGHUP)
except ProcessLookupError:
    pass
sys.stdout.buffer.write(seen)
