/** The lab in the browser. */
import { wholeNumber } from './options.ts'
import { add } from './program.ts'

add(
  'serve',
  'show the lab in a browser on this machine: runs as they go, failures, comparisons, the ledger',
  async () => (await import('./commands/serve.ts')).serve,
)
  .option(
    '-p, --port <n>',
    'the port on 127.0.0.1 (any that is free when not given)',
    wholeNumber('--port', 0, 65_535),
  )
  .option('--allow-control', 'let pages cancel and resume runs; without it nothing can be changed')
  .option('--open', 'open it in your browser, by a file that only you can read')
