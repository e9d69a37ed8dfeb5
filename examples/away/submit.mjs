/**
 * Submits a run and ends. The run goes on by itself: close the terminal, and collect it tomorrow.
 *
 *     node examples/away/submit.mjs
 */
import { open } from 'reprise'

const lab = await open()
const run = await lab.submit(new URL('./walk.ts', import.meta.url), { engines: 2 })
console.log(run.id)
