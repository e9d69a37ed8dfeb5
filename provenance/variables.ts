/**
 * Environment variables in the record: a few by value, since they change what programs compute or print, and only where the
 * value looks as theirs do; all others by name alone, for a variable is where secrets live.
 */

export interface Variables {
  /** Values by name. */
  readonly recorded: Readonly<Record<string, string>>
  /** Names of the others, sorted. */
  readonly others: readonly string[]
  /** How many are not even named: too many, or named in a way that no variable is. Missing: none. */
  readonly unnamed?: number
}

const COUNT = /^\d{1,5}(,\d{1,5}){0,9}$/
const LOCALE = /^[A-Za-z]{1,12}(_[A-Za-z]{2,4})?(\.[A-Za-z0-9-]{1,15})?(@[a-z]{1,15})?$/
const PLACE = ':?[A-Za-z]{2,20}(?:/[A-Za-z_+-]{1,30}[0-9]{0,2}){0,2}'
const SHORT = '(?:[A-Za-z]{3,5}|<[+-]?[0-9]{2,4}>)'
const CHANGES = '(?:,M[0-9]{1,2}\\.[0-9]\\.[0-9](?:/[0-9]{1,2})?){0,2}'
const ZONE = new RegExp(
  `^(?:${PLACE}|${SHORT}[+-]?[0-9]{1,2}(?::[0-9]{2})?(?:${SHORT}[+-]?[0-9]{0,2}${CHANGES})?)$`,
)

/** What a value must look like to be recorded. */
const RECORDED: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^TZ$/, ZONE],
  [/^(LANG|LC_[A-Z]{3,20})$/, LOCALE],
  [/^LANGUAGE$/, /^[A-Za-z_]{1,10}(:[A-Za-z_]{1,10}){0,9}$/],
  [
    /^(OMP|OPENBLAS|GOTO|MKL|BLIS|NUMEXPR|NUMEXPR_MAX|VECLIB_MAXIMUM|RAYON|NUMBA|JULIA|POLARS_MAX|TBB)_NUM_THREADS$/,
    COUNT,
  ],
  [/^(NUMEXPR_MAX_THREADS|VECLIB_MAXIMUM_THREADS|POLARS_MAX_THREADS|UV_THREADPOOL_SIZE|GOMAXPROCS)$/, COUNT],
  [/^(OMP_DYNAMIC|MKL_DYNAMIC)$/i, /^(true|false|0|1)$/i],
  [/^(MKL_CBWR|OPENBLAS_CORETYPE)$/, /^[A-Za-z0-9_,]{1,40}$/],
  [/^PYTHONHASHSEED$/, /^(random|\d{1,10})$/],
  [
    /^(CUDA|HIP|ROCR)_VISIBLE_DEVICES$/,
    /^(NoDevFiles|-1|(\d{1,3}|(GPU|MIG)-[0-9a-f/-]{4,60})(,(\d{1,3}|(GPU|MIG)-[0-9a-f/-]{4,60})){0,31})$/,
  ],
  [/^CUBLAS_WORKSPACE_CONFIG$/, /^(:\d{1,6}){1,6}$/],
  [/^(SOURCE_DATE_EPOCH)$/, /^\d{1,12}$/],
  [/^NODE_ENV$/, /^(production|development|test)$/],
]

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,99}$/
const MOST_NAMES = 500

/** The variables as they are recorded. */
export function variablesHere(env: Readonly<Record<string, string | undefined>> = process.env): Variables {
  const recorded: [string, string][] = []
  const others: string[] = []
  let unnamed = 0
  for (const name of Object.keys(env).sort()) {
    const value = env[name] === undefined ? null : recordedValue(name, env[name])
    if (!NAME.test(name)) unnamed++
    else if (value !== null) recorded.push([name, value])
    else if (others.length < MOST_NAMES) others.push(name)
    else unnamed++
  }
  return { recorded: Object.fromEntries(recorded), others, ...(unnamed === 0 ? {} : { unnamed }) }
}

function recordedValue(name: string, value: string): string | null {
  if (name === 'NODE_OPTIONS') return flagNames(value)
  const looks = RECORDED.find(([known]) => known.test(name))?.[1]
  return looks?.test(value) === true ? value : null
}

/** Names of Node's flags alone: their values name files, addresses and worse. What is quoted is a value. */
function flagNames(options: string): string {
  const words = options.replace(/"(?:\\.|[^"\\])*("|$)/g, '').split(/\s+/)
  const names = words.flatMap((word) => /^--?[a-z][a-z0-9_-]{0,59}(?==|$)/.exec(word)?.[0] ?? [])
  return names.slice(0, 50).join(' ')
}
