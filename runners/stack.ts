/** Who called: read from a stack trace, in the forms of V8 (`at name (file:1:2)`) and of Firefox (`name@file:1:2`). */

export interface Caller {
  /** The calling function's name; empty where it has none. */
  readonly caller: string
  /** `<file name>:<line>:<column>`, without the folder: nobody's home belongs into a record. */
  readonly place: string
}

const FRAME = /^\s*(?:at (?:async )?(?:(.*?) \()?|(.*?)@)(.*?):(\d+):(\d+)\)?\s*$/
const DEPTH = 50

/** The caller of the function `below`, where it is code of the file `file`; null where it is anybody else. */
export function callerIn(file: string, below: (...words: never[]) => unknown): Caller | null {
  return callerOf(stackAbove(below), file)
}

/** The first frame of a stack trace that has a place, when it is of the file `file`. */
export function callerOf(stack: string, file: string): Caller | null {
  for (const line of stack.split('\n')) {
    const frame = FRAME.exec(line)
    if (frame === null) continue
    if (frame[3] !== file) return null
    const [, v8 = '', firefox = '', , row, column] = frame
    const caller = (v8 || firefox).replace(/^(?:new |Object\.|Module\.)+/, '')
    return { caller, place: `${file.replace(/^.*[/\\]/, '')}:${row}:${column}` }
  }
  return null
}

/** The first place in an error's stack. */
export function placeOf(error: Error): { file: string } | null {
  const frame = (error.stack ?? '')
    .split('\n')
    .map((line) => FRAME.exec(line))
    .find((found) => found !== null)
  return frame == null ? null : { file: frame[3]! }
}

/** The stack as text, whatever user code did to how stacks are made. */
function stackAbove(below: (...words: never[]) => unknown): string {
  const { stackTraceLimit, prepareStackTrace } = Error
  try {
    Error.stackTraceLimit = DEPTH
    Reflect.set(Error, 'prepareStackTrace', undefined)
    const holder = { stack: '' }
    if (typeof Error.captureStackTrace === 'function') Error.captureStackTrace(holder, below)
    else holder.stack = new Error('here').stack ?? ''
    return String(holder.stack)
  } catch {
    return '' // Error itself is frozen or gone: then nobody can be named
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    Reflect.set(Error, 'prepareStackTrace', prepareStackTrace)
  }
}
