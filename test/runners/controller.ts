/** A controller in a process of its own, to be killed and stopped: `node controller.js <assignment as JSON>`. */
import { localLauncher } from '../../runners/local.ts'
import { pool } from '../../runners/pool.ts'
import type { Assignment } from '../../runners/runner.ts'

export interface ControllerOrder {
  readonly assignment: Assignment
  readonly engines: number
  readonly silenceMs: number
}

const [, , words] = process.argv
if (words !== undefined) {
  const { assignment, engines, silenceMs } = JSON.parse(words) as ControllerOrder
  const launcher = localLauncher()
  const tell = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`)
  await pool(launcher, { engines, silenceMs }).execute(
    assignment,
    {
      engine: ({ pid }) => tell({ engine: pid }),
      chunk: ({ chunk }) => tell({ chunk }),
      log: ({ text }) => tell({ log: text }),
      touched: (touch) => tell({ touch }),
      lost: (_, reason) => tell({ lost: reason }),
      setAside: (chunk) => tell({ aside: chunk }),
    },
    new AbortController().signal,
  )
  launcher.close()
  tell({ end: true })
}
