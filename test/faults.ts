/** System calls that fail, or kill who makes them, by strace. */
import { spawnSync } from 'node:child_process'

/** Stops at the calls at fault alone, which is twice as quick; but strace cannot give a signal there. */
const QUICK = '--seccomp-bpf'

/** Whether strace is here and may trace. */
export const canTrace: boolean = spawnSync('strace', ['-f', QUICK, '-o', '/dev/null', 'true']).status === 0

/** The program and words before those of a program that is to meet a fault, such as `fsync,link:error=EIO:when=3`. */
export function faulty(fault: string): string[] {
  const calls = fault.slice(0, fault.indexOf(':'))
  const how = fault.includes(':signal=') ? [] : [QUICK]
  return ['strace', '-f', ...how, '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${fault}`]
}
