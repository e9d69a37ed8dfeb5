/**
 * Puts the guards in front of the functions that guard-kinds.ts names. Each is a proxy of the function itself, so that
 * its name, its length and what hangs on it stay as they are. Modules of Node's are guarded when user code first asks
 * for them, so that an engine does not load what nobody uses.
 */
import { type Spot, spotOf, touch } from './guard.ts'
import { BROWSER_GLOBALS, GLOBALS, type GuardKind, MODULES } from './guard-kinds.ts'
import { isEngine } from './role.ts'
import { startFolder } from './unguarded.ts'

type AnyFunction = (...words: unknown[]) => unknown
type Calls = (words: readonly unknown[], isNew: boolean) => boolean

/** Guards everything that is there. */
export function installGuards(): void {
  guardDate()
  guardEnvironment()
  const inNode = globalThis.process?.getBuiltinModule !== undefined
  const globals = inNode ? GLOBALS : { ...GLOBALS, ...BROWSER_GLOBALS }
  for (const [path, kind] of Object.entries(globals)) guardAt(globalThis, path, kind, path)
  if (!inNode) return
  for (const name of ['fs', 'fs/promises', 'crypto', 'os', 'child_process', 'worker_threads', 'timers'])
    guardModule(name, process.getBuiltinModule(`node:${name}`))
  guardPromises(process.getBuiltinModule('node:util'))
  guardOthersWhenAsked()
}

/** The promise form of a guarded function is guarded too: Node keeps some where no guard stands in front of them. */
function guardPromises(util: { promisify: (original: AnyFunction) => AnyFunction }): void {
  const { promisify } = util
  const promised = (original: AnyFunction): AnyFunction => {
    const guard = typeof original === 'function' ? guards.get(original) : undefined
    const made = promisify(original)
    return guard === undefined ? made : guardedFunction(made, guard.spot, guard.calls)
  }
  util.promisify = Object.assign(promised, promisify)
}

function guardOthersWhenAsked(): void {
  const { getBuiltinModule } = process
  const seen = new Set<unknown>()
  const asked = (name: string) => {
    const module = getBuiltinModule(name)
    if (module !== undefined && !seen.has(module)) {
      seen.add(module)
      guardModule(name.replace(/^node:/, ''), module)
    }
    return module
  }
  process.getBuiltinModule = asked as typeof getBuiltinModule
}

const guardedModules = new Set<string>()
/** Proxies and getters that are guards themselves, with what they guard: two names may lead to one function. */
const guards = new WeakMap<object, { readonly spot: Spot; readonly calls: Calls }>()

function guardModule(name: string, module: object | undefined): void {
  if (module === undefined || guardedModules.has(name)) return
  guardedModules.add(name)
  const calls = name.startsWith('fs') ? outsideOwnFolder : always
  for (const [path, kind] of Object.entries(MODULES[name] ?? {})) {
    guardAt(module, path, kind, `${name}.${path}`, calls)
  }
}

/** Guards the property at the end of `path`, wherever on the way from `root` it is. */
function guardAt(root: object, path: string, kind: GuardKind, name: string, calls: Calls = always): void {
  const keys = path.split('.')
  const last = keys.pop()!
  let owner: unknown = root
  for (const key of keys) owner = (owner as Record<string, unknown> | undefined)?.[key]
  while (owner !== null && (typeof owner === 'object' || typeof owner === 'function')) {
    if (Object.hasOwn(owner, last)) {
      guardProperty(owner, last, kind, name, calls)
      return
    }
    owner = Object.getPrototypeOf(owner)
  }
}

function guardProperty(owner: object, key: string, kind: GuardKind, name: string, calls: Calls): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, key)!
  if (!descriptor.configurable || guards.has(descriptor.value ?? descriptor.get ?? descriptor)) return
  const spot = spotOf(kind, name)
  const { enumerable = false } = descriptor
  if (typeof descriptor.value === 'function') {
    const value = guardedFunction(descriptor.value as AnyFunction, spot, calls)
    Object.defineProperty(owner, key, { ...descriptor, value })
    return
  }
  guards.set(get, { spot, calls })
  let made: AnyFunction | undefined
  function get(this: unknown): unknown {
    const value: unknown = descriptor.get === undefined ? descriptor.value : descriptor.get.call(this)
    if (typeof value === 'function') {
      made ??= guardedFunction(value as AnyFunction, spot, calls)
      Object.defineProperty(owner, key, { get, set, enumerable, configurable: true }) // Node's own put itself away
      return made
    }
    touch(spot, get)
    return value
  }
  function set(this: unknown, value: unknown): void {
    Object.defineProperty(owner, key, { value, enumerable, writable: true, configurable: true })
  }
  Object.defineProperty(owner, key, { get, set, enumerable, configurable: true })
}

function guardedFunction(native: AnyFunction, spot: Spot, calls: Calls): AnyFunction {
  function apply(target: AnyFunction, self: unknown, words: unknown[]): unknown {
    if (calls(words, false)) touch(spot, apply)
    return Reflect.apply(target, self, words)
  }
  function construct(target: AnyFunction, words: unknown[], newTarget: AnyFunction): object {
    if (calls(words, true)) touch(spot, construct)
    return Reflect.construct(target, words, newTarget === guardedOne ? target : newTarget) as object
  }
  const guardedOne: AnyFunction = new Proxy(native, { apply, construct })
  guards.set(guardedOne, { spot, calls })
  const { prototype } = native as { prototype?: { constructor?: unknown } }
  if (prototype !== undefined && prototype.constructor === native) {
    const own = Object.getOwnPropertyDescriptor(prototype, 'constructor')
    if (own?.configurable === true)
      Object.defineProperty(prototype, 'constructor', { ...own, value: guardedOne })
  }
  return guardedOne
}

const always: Calls = () => true

/** What a job wrote itself, into the folder that its engine was given, it may read again. */
const outsideOwnFolder: Calls = ([path]) => {
  if (!isEngine || typeof path !== 'string') return true
  const own = `${startFolder}/`
  return path.startsWith('/')
    ? !path.startsWith(own) || path.includes('/../')
    : path.split('/').includes('..')
}

/** `Date()` and `new Date()` read the clock; with arguments they do not. */
function guardDate(): void {
  const clock: Calls = (words, isNew) => !isNew || words.length === 0
  guardAt(globalThis, 'Date', 'clock', 'new Date', clock)
}

/** `process.env` is read by name, and names are what is told. */
function guardEnvironment(): void {
  const { env } = globalThis.process ?? {}
  if (env === undefined) return
  const spots = new Map<string, Spot>()
  const look = (key: string | symbol, guard: AnyFunction) => {
    if (typeof key === 'symbol') return
    const name = /^\w{1,64}$/.test(key) ? `process.env.${key}` : 'process.env'
    const spot = spots.get(name) ?? spotOf('environment', name)
    spots.set(name, spot)
    touch(spot, guard)
  }
  function get(target: NodeJS.ProcessEnv, key: string | symbol): unknown {
    look(key, get as AnyFunction)
    return Reflect.get(target, key)
  }
  function has(target: NodeJS.ProcessEnv, key: string | symbol): boolean {
    look(key, has as AnyFunction)
    return Reflect.has(target, key)
  }
  function ownKeys(target: NodeJS.ProcessEnv): ArrayLike<string | symbol> {
    look('', ownKeys as AnyFunction)
    return Reflect.ownKeys(target)
  }
  const set = (target: NodeJS.ProcessEnv, key: string, value: string) => Reflect.set(target, key, value)
  const value = new Proxy(env, { get, has, ownKeys, set })
  Object.defineProperty(process, 'env', { value, writable: true, enumerable: true, configurable: true })
}
