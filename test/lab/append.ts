/** A process that adds notes to a ledger, for tests with several at once: `append.js LAB NAME COUNT`. */
import { labAt } from '../../lab/lab.ts'
import { appendEntry } from '../../lab/ledger.ts'

const [path, name, count] = process.argv.slice(2)
for (let i = 0; i < Number(count); i++)
  appendEntry(labAt(path!), 'note', { text: `${name} ${i}`, about: null }, new Date())
