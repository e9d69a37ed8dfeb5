/**
 * The environment of an execution, as it is recorded: what could have a bearing on bits, and nothing about the user.
 * Engines say it of themselves; what came over a wire is read strictly. Engines of version 0.1 say only their Node.
 */
import { canonical } from './canonical.ts'

/** A machine and the runtime on it. */
export interface Environment {
  readonly node: string
  readonly v8: string
  readonly icu: string
  readonly os: string
  readonly kernel: string
  readonly arch: string
  readonly cpu: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  /** The C library and its version, where there is one that can be told. */
  readonly libc?: string
  /** What the processor can do that mathematics libraries choose their code by, sorted. */
  readonly cpuFlags?: readonly string[]
}

/** What an engine says of itself. */
export interface EngineEnvironment extends Environment {
  /** Flags of the runtime's, such as `--jitless`. */
  readonly flags: readonly string[]
  /** Digests of what the platform computes, by name, as jobs meet it. */
  readonly fingerprint: Readonly<Record<string, string>>
  /** SHA-256 (hex) of the runtime's executable, where whoever started it knows it. */
  readonly binary?: string
}

/** As it is recorded: everything, or what is known of an engine that says less. */
export interface RecordedEnvironment extends Partial<EngineEnvironment> {
  readonly node: string
}

const MOST_TEXT = 300
const MOST_LISTED = 500
const MOST_BRIEF = 50
const TEXTS = ['node', 'v8', 'icu', 'os', 'kernel', 'arch', 'cpu'] as const
const NUMBERS = ['cores', 'memory'] as const

/** What was read last, by its text: thousands of engines may have the same environment, which is then one. */
const read = new Map<string, EngineEnvironment>()
const MOST_READ = 100

/** What an engine says of itself, with the keys known here; null where it says nothing, or nonsense. */
export function readEnvironment(told: unknown): EngineEnvironment | null {
  const environment = typeof told === 'object' && told !== null ? environmentIn(told) : null
  if (environment === null) return null
  const text = JSON.stringify(environment)
  const known = read.get(text)
  if (known !== undefined) return known
  if (read.size >= MOST_READ) read.clear()
  read.set(text, environment)
  return environment
}

function environmentIn(told: object): EngineEnvironment | null {
  const { flags, fingerprint, libc, cpuFlags, binary, ...machine } = told as Record<string, unknown>
  if (typeof fingerprint !== 'object' || fingerprint === null) return null
  const digests = Object.entries(fingerprint)
  const sound =
    TEXTS.every((key) => isText(machine[key])) &&
    NUMBERS.every((key) => Number.isSafeInteger(machine[key]) && Number(machine[key]) >= 0) &&
    isListOfTexts(flags) &&
    (libc === undefined || isText(libc)) &&
    (cpuFlags === undefined || isListOfTexts(cpuFlags)) &&
    (binary === undefined || (isText(binary) && /^[0-9a-f]{64}$/.test(binary))) &&
    digests.length <= MOST_LISTED &&
    digests.every(
      ([name, digest]) => /^(?!\$|toJSON$|__proto__$)/.test(name) && isText(name) && isText(digest),
    )
  if (!sound) return null
  const known = Object.fromEntries([...TEXTS, ...NUMBERS].map((key) => [key, machine[key]]))
  return {
    ...(known as unknown as Environment),
    ...(libc === undefined ? {} : { libc }),
    ...(cpuFlags === undefined ? {} : { cpuFlags: [...cpuFlags] }),
    ...(binary === undefined ? {} : { binary }),
    flags: [...flags],
    fingerprint: Object.fromEntries(digests) as Record<string, string>,
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MOST_TEXT && value.isWellFormed()
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MOST_LISTED && value.every(isText)
}

/** Texts that were made: thousands of engines may have the same environment. */
const texts = new WeakMap<EngineEnvironment, string>()

/** The one text of an environment: two engines have the same environment when their texts are the same. */
export function environmentText(environment: EngineEnvironment | null, node: string): string {
  if (environment === null) return canonical({ node: node.toWellFormed() })
  const known = texts.get(environment)
  if (known !== undefined) return known
  const text = canonical(environment)
  texts.set(environment, text)
  return text
}

/**
 * A short name for each environment of a list: `Node v20.20.2 x64 --jitless`. Where two would be called the same, what
 * tells them apart is added.
 */
export function environmentNames(list: readonly (RecordedEnvironment | null)[]): string[] {
  const short = list.map(shortName)
  return list.map((environment, i) => {
    const namesakes = list.flatMap((other, j) =>
      other === null || j === i || short[j] !== short[i] ? [] : [other],
    )
    if (environment === null || namesakes.length === 0) return short[i]!
    const [mine, ...others] = [environment, ...namesakes].map(flatEnvironment)
    const telling = Object.keys(mine!).filter((key) => others.some((other) => other[key] !== mine![key]))
    const words = telling.slice(0, 3).map((key) => `${key} ${brief(String(mine![key]))}`)
    return words.length === 0 ? short[i]! : `${short[i]} (${words.join(', ')})`
  })
}

/** Digests and long lists are told by how they begin. */
function brief(value: string): string {
  return value.length <= MOST_BRIEF ? value : `${value.slice(0, MOST_BRIEF)}…`
}

function shortName(environment: RecordedEnvironment | null): string {
  if (environment === null) return 'unknown'
  const { node, arch, flags = [] } = environment
  return ['Node', node, ...(arch === undefined ? [] : [arch]), ...flags].join(' ')
}

/** An environment as one level of keys, each digest of the fingerprint by its name. */
export function flatEnvironment(environment: RecordedEnvironment): Record<string, string | number> {
  const { flags = [], fingerprint = {}, cpuFlags, ...machine } = environment
  const digests = Object.entries(fingerprint).map(([name, digest]) => [`fingerprint of ${name}`, digest])
  return {
    ...machine,
    flags: flags.join(' '),
    ...(cpuFlags === undefined ? {} : { cpuFlags: cpuFlags.join(' ') }),
    ...Object.fromEntries(digests),
  }
}
