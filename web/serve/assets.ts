/** The script and the style of the lab's pages. */
import { builtProgram } from '../../runners/built.ts'
import { SERVE_STYLE } from './serve-style.ts'

export function scriptText(): string {
  return builtProgram('lab-page.js').bytes.toString('utf8')
}

export function styleText(): string {
  return SERVE_STYLE
}
