/**
 * What a cluster's accounting is made of: a database of its own, which nobody but slurmdbd gets into, and slurmdbd. Slurm keeps its
 * limits there too: user and account `test` may be given some by `sacctmgr`.
 */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { programPath } from '../sshd/program.ts'
import { shortName } from './available.ts'

export interface AccountingPorts {
  readonly database: number
  readonly slurmdbd: number
}

/** Makes database and configurations; gives the words for mariadbd. */
export function prepareAccounting(folder: string, ports: AccountingPorts): string[] {
  const place = join(folder, 'accounting')
  const data = join(place, 'data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const user = userInfo().username
  const made = spawnSync(
    programPath('mariadb-install-db')!,
    ['--no-defaults', `--datadir=${data}`, `--user=${user}`, '--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'], // biome-ignore format: a list of words
    { encoding: 'utf8' },
  )
  if (made.status !== 0)
    throw new Error(`mariadb-install-db: exit ${made.status}\n${made.stdout}${made.stderr}`)
  const secret = randomBytes(16).toString('hex')
  const sql = [
    'CREATE DATABASE IF NOT EXISTS slurm;',
    `CREATE USER IF NOT EXISTS slurm@'127.0.0.1' IDENTIFIED BY '${secret}';`,
    "GRANT ALL ON slurm.* TO slurm@'127.0.0.1';",
    `SET PASSWORD FOR root@localhost = PASSWORD('${secret}');`,
  ]
  writeFileSync(join(place, 'init.sql'), `${sql.join('\n')}\n`, { mode: 0o600 })
  const conf = [
    'AuthType=auth/munge',
    `AuthInfo=socket=${join(folder, 'munge', 'socket')}`,
    `DbdHost=${shortName()}`,
    'DbdAddr=127.0.0.1',
    `DbdPort=${ports.slurmdbd}`,
    `SlurmUser=${user}`,
    'CommitDelay=1',
    'StorageType=accounting_storage/mysql',
    'StorageHost=127.0.0.1',
    `StoragePort=${ports.database}`,
    'StorageUser=slurm',
    `StoragePass=${secret}`,
    'StorageLoc=slurm',
    `PidFile=${join(place, 'slurmdbd.pid')}`,
  ]
  writeFileSync(join(folder, 'slurmdbd.conf'), `${conf.join('\n')}\n`, { mode: 0o600 })
  return [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${join(place, 'socket')}`,
    `--pid-file=${join(place, 'mariadbd.pid')}`,
    `--init-file=${join(place, 'init.sql')}`,
    '--bind-address=127.0.0.1',
    `--port=${ports.database}`,
    `--user=${user}`,
    '--skip-name-resolve',
    '--innodb-flush-log-at-trx-commit=0',
  ]
}
