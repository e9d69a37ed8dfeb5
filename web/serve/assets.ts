/** The script and the style of the lab's pages; the script is bundled when it is asked for first. */
import { clientScript } from '../client-script.ts'
import { SERVE_STYLE } from './serve-style.ts'

let script: Promise<string> | null = null

export function scriptText(): Promise<string> {
  script ??= clientScript('lab')
  return script
}

export function styleText(): string {
  return SERVE_STYLE
}
