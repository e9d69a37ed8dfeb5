/** The slurm.conf of a cluster whose nodes are all this machine, each a slurmd on a port of its own. */
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { shortName } from './available.ts'

export interface SlurmSettings {
  /** How many nodes: n1, n2 …; 2 when not given. */
  readonly nodes?: number
  /** CPUs of a node, whatever this machine has; 2 when not given. */
  readonly cpus?: number
  /** 1001 when not given, as in Slurm itself: indices 0 to 1000. */
  readonly maxArraySize?: number
  /** So many seconds after its end a task is forgotten; 300 when not given. */
  readonly minJobAge?: number
  /** Jobs that the controller has at once; 10000 when not given. */
  readonly maxJobCount?: number
  /** With slurmdbd and a database, where `accountingAvailable()`; without when not given. */
  readonly accounting?: boolean
  /** `PartitionName=…` lines in place of the one, `main`, which has all nodes. */
  readonly partitions?: readonly string[]
  /** Further lines of slurm.conf. */
  readonly lines?: readonly string[]
}

export interface Ports {
  readonly controller: number
  readonly nodes: readonly number[]
  /** Of slurmdbd, where there is one. */
  readonly accounting: number | null
}

export function nodeNames({ nodes = 2 }: SlurmSettings): string[] {
  return Array.from({ length: nodes }, (_, i) => `n${i + 1}`)
}

export function slurmConf(folder: string, ports: Ports, settings: SlurmSettings): string {
  const { cpus = 2, maxArraySize = 1001, minJobAge = 300, maxJobCount = 10_000, lines = [] } = settings
  const { partitions = ['PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP'] } = settings
  const host = shortName()
  const user = userInfo().username
  const accounting =
    ports.accounting === null
      ? ['AccountingStorageType=accounting_storage/none']
      : [
          'AccountingStorageType=accounting_storage/slurmdbd',
          'AccountingStorageHost=127.0.0.1',
          `AccountingStoragePort=${ports.accounting}`,
          `AccountingStoragePass=${join(folder, 'munge', 'socket')}`,
          'AccountingStorageEnforce=limits,qos',
        ]
  return `${[
    'ClusterName=scratch',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${ports.controller}`,
    `SlurmUser=${user}`,
    `SlurmdUser=${user}`,
    'AuthType=auth/munge',
    'CredType=cred/munge',
    // what is started again waits until its old credentials are void, two minutes if nobody says less
    `AuthInfo=socket=${join(folder, 'munge', 'socket')},cred_expire=10`,
    'MpiDefault=none',
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SwitchType=switch/none',
    'JobAcctGatherType=jobacct_gather/linux',
    'JobAcctGatherFrequency=task=1',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_CPU',
    'SlurmdParameters=config_overrides', // so many CPUs as are said here
    'SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0,bf_interval=1,default_queue_depth=10000',
    'ReturnToService=1',
    'SlurmdTimeout=120',
    'KillWait=5',
    `StateSaveLocation=${join(folder, 'state')}`,
    `SlurmdSpoolDir=${join(folder, 'spool', '%n')}`,
    `SlurmctldPidFile=${join(folder, 'slurmctld.pid')}`,
    `SlurmdPidFile=${join(folder, '%n.pid')}`,
    `SlurmctldLogFile=${join(folder, 'slurmctld.log')}`,
    `SlurmdLogFile=${join(folder, '%n.log')}`,
    `MaxArraySize=${maxArraySize}`,
    `MinJobAge=${minJobAge}`,
    `MaxJobCount=${maxJobCount}`,
    ...accounting,
    ...lines,
    ...nodeNames(settings).map(
      (name, i) =>
        `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports.nodes[i]} CPUs=${cpus} RealMemory=1000`,
    ),
    ...partitions,
  ].join('\n')}\n`
}
