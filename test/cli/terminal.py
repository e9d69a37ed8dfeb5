"""Runs a program at a terminal of its own, answers each question that ends in [y/N], and ends with its exit code."""
import os, pty, sys

answer, words = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(words[0], words)
seen = b''
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:  # nobody has it open any more
        break
    if not read:
        break
    os.write(1, read)
    seen += read
    if b'[y/N] ' in seen:
        seen = seen.split(b'[y/N] ')[-1]
        os.write(terminal, answer.encode() + b'\n')
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
