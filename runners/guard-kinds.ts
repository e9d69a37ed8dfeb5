/**
 * What the guards watch: functions whose answer is not the same in every execution, by kind, with what to use in
 * their place. A list of mistakes that are easily made, and no sandbox: whoever wants to get around it can.
 */

export type GuardKind =
  | 'clock'
  | 'chance'
  | 'locale'
  | 'environment'
  | 'machine'
  | 'timers'
  | 'memory'
  | 'network'
  | 'files'
  | 'programs'

/** Why each kind is watched, and what to do instead. Part of failed jobs' errors under `deny`: never change lightly. */
export const KINDS: Readonly<Record<GuardKind, { readonly why: string; readonly instead: string }>> = {
  clock: {
    why: 'the clock is another in every execution',
    instead: 'Leave times out of results: the record of the run has them',
  },
  chance: {
    why: 'it cannot be drawn again',
    instead: 'Draw from random or from stream(label)',
  },
  locale: {
    why: 'its text depends on the language data of the runtime',
    instead: 'Write numbers with String or toFixed, dates with toISOString, and compare texts with < and >',
  },
  environment: {
    why: 'it is another on every machine',
    instead: 'Make it a parameter of the experiment',
  },
  machine: {
    why: 'it is another on every machine',
    instead: 'Make it a parameter of the experiment',
  },
  timers: {
    why: 'which of several comes first is not the same in every execution',
    instead: 'Await what is computed, in an order of your own',
  },
  memory: {
    why: 'when memory is collected is not the same in every execution',
    instead: 'Hold what you need in a variable',
  },
  network: {
    why: 'what comes over the network is not part of the record',
    instead: 'Keep the data in a file, declare it under inputs: { name: path } and read it with input(name)',
  },
  files: {
    why: 'a file that is not declared is not part of the record',
    instead: 'Declare it under inputs: { name: path } and read it with input(name)',
  },
  programs: {
    why: 'what runs outside the job is neither guarded nor part of the record',
    instead: 'Describe the program with command({ … })',
  },
}

/** Functions by kind: those of a global object, or of a prototype, by path. */
export const GLOBALS: Readonly<Record<string, GuardKind>> = {
  ...named('clock', '', ['Date.now', 'performance.now', 'performance.timeOrigin', 'performance.mark']),
  ...named('clock', 'Temporal.Now.', [
    'instant',
    'plainDateISO',
    'plainDateTimeISO',
    'plainTimeISO',
    'zonedDateTimeISO',
  ]),
  ...named('clock', 'process.', ['hrtime', 'hrtime.bigint', 'uptime']),
  ...named('chance', 'crypto.', ['getRandomValues', 'randomUUID']),
  ...named('locale', '', [
    'Array.prototype.toLocaleString',
    'BigInt.prototype.toLocaleString',
    'Number.prototype.toLocaleString',
    'Temporal.Now.timeZoneId',
  ]),
  ...named('locale', 'Date.prototype.', ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']),
  ...named('locale', 'String.prototype.', ['localeCompare', 'toLocaleLowerCase', 'toLocaleUpperCase']),
  ...named('locale', 'Intl.', [
    'Collator',
    'DateTimeFormat',
    'DisplayNames',
    'DurationFormat',
    'ListFormat',
    'NumberFormat',
    'PluralRules',
    'RelativeTimeFormat',
    'Segmenter',
  ]),
  ...named('environment', 'process.', ['argv', 'execPath']),
  ...named('machine', 'process.', ['cwd', 'pid', 'ppid', 'memoryUsage', 'cpuUsage', 'resourceUsage']),
  ...named('machine', 'navigator.', ['hardwareConcurrency', 'language', 'languages', 'userAgent']),
  ...named('timers', '', ['setTimeout', 'setInterval', 'setImmediate']),
  ...named('memory', '', ['WeakRef', 'FinalizationRegistry']),
  ...named('network', '', ['fetch']),
}

/** Those of a browser alone. To look at WebSocket makes Node 22 and later load a client of HTTP, so there it is let be. */
export const BROWSER_GLOBALS: Readonly<Record<string, GuardKind>> = {
  ...named('network', '', ['WebSocket', 'EventSource', 'XMLHttpRequest']),
  ...named('programs', '', ['Worker', 'SharedWorker']),
}

/** Those of `fs` that read, in each of their forms. */
const FILE_READS = [
  ...['access', 'glob', 'lstat', 'open', 'opendir'],
  ...['readFile', 'readdir', 'readlink', 'realpath', 'stat'],
]

/** Functions of Node's modules. */
export const MODULES: Readonly<Record<string, Readonly<Record<string, GuardKind>>>> = {
  crypto: named('chance', '', [
    'randomBytes',
    'randomUUID',
    'randomInt',
    'randomFill',
    'randomFillSync',
    'getRandomValues',
    'generateKeyPair',
    'generateKeyPairSync',
    'generateKey',
    'generateKeySync',
  ]),
  os: named('machine', '', [
    'availableParallelism',
    'cpus',
    'freemem',
    'homedir',
    'hostname',
    'loadavg',
    'networkInterfaces',
    'tmpdir',
    'totalmem',
    'uptime',
    'userInfo',
  ]),
  timers: named('timers', '', ['setTimeout', 'setInterval', 'setImmediate']),
  'timers/promises': named('timers', '', ['setTimeout', 'setInterval', 'setImmediate', 'scheduler.wait']),
  net: named('network', '', ['connect', 'createConnection', 'Socket.prototype.connect']),
  tls: named('network', '', ['connect']),
  http: named('network', '', ['get', 'request']),
  https: named('network', '', ['get', 'request']),
  http2: named('network', '', ['connect']),
  dgram: named('network', '', ['createSocket']),
  dns: named('network', '', ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveTxt', 'reverse']),
  'dns/promises': named('network', '', [
    'lookup',
    'resolve',
    'resolve4',
    'resolve6',
    'resolveTxt',
    'reverse',
  ]),
  fs: named('files', '', [
    ...['createReadStream', 'exists', 'existsSync', 'openAsBlob', 'watch', 'watchFile'],
    ...FILE_READS.flatMap((name) => [name, `${name}Sync`]),
  ]),
  'fs/promises': named('files', '', [...FILE_READS, 'watch']),
  child_process: named('programs', '', [
    ...['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'],
  ]),
  worker_threads: named('programs', '', ['Worker']),
  cluster: named('programs', '', ['fork']),
}

function named(kind: GuardKind, prefix: string, names: readonly string[]): Record<string, GuardKind> {
  return Object.fromEntries(names.map((name) => [`${prefix}${name}`, kind]))
}
