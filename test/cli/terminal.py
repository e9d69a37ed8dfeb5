"""Runs a program at a terminal of its own, types the next answer (of a JSON list) after each prompt (a pattern), and ends with its exit code."""
import json, os, pty, re, sys

prompt, answers, words = re.compile(sys.argv[1].encode(), re.DOTALL), json.loads(sys.argv[2]), sys.argv[3:]
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
    if prompt.search(seen) and answers:
        seen = b''
        os.write(terminal, answers.pop(0).encode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
