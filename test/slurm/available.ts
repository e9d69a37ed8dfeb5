/** Whether a real Slurm can be had here: its daemons and munge's, and the programs that users have. */

import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { programPath } from '../sshd/program.ts'

const NEEDED = { slurmctld: 'slurm-wlm', slurmd: 'slurm-wlm', sbatch: 'slurm-wlm', munged: 'munge' } as const
const ACCOUNTING = {
  slurmdbd: 'slurmdbd, slurm-wlm-mysql-plugin',
  mariadbd: 'mariadb-server-core',
  'mariadb-install-db': 'mariadb-server-core',
  my_print_defaults: 'mariadb-client-core',
} as const

let said = ''

/** False, with one loud line, where it cannot be had. */
export function available(what = 'what needs a real Slurm'): boolean {
  return lacks(what, NEEDED)
}

/** Whether an accounting can be had, too. */
export function accountingAvailable(what = 'what needs an accounting of Slurm'): boolean {
  return available(what) && lacks(what, ACCOUNTING)
}

function lacks(what: string, needed: Readonly<Record<string, string>>): boolean {
  const missing = Object.keys(needed).filter((name) => programPath(name) === null)
  const packages = [...new Set(missing.map((name) => needed[name]))].join(', ')
  const reason =
    missing.length > 0
      ? `no ${missing.join(', ')} here (${packages})`
      : existsSync('/proc/self/environ')
        ? null
        : 'no /proc here, by which clusters are cleaned up after'
  if (reason !== null && said !== reason) console.log(`SKIPPING ${what}: ${reason}`)
  said = reason ?? said
  return reason === null
}

/** As Slurm knows this machine. */
export const shortName = () => hostname().split('.')[0]!
