/** What the pool makes of an engine's own words: who it is when it is ready, what its probes gave, what was touched. */
import { environmentText, readEnvironment } from '../lib/environment.ts'
import { readOutcomes } from '../lib/probe.ts'
import type { Link } from './link.ts'
import type { Report, Touch } from './protocol.ts'
import type { EngineStarted, Probed } from './runner.ts'
import { within } from './within.ts'

/** What another host does not say of its Node for so long is not known, ms. */
const BINARY_MS = 15_000

/** Who it is, once it is known too with which executable it was started; the link has the text of its environment then. */
export async function introduce(
  link: Link,
  { pid, host, node, environment: said }: Extract<Report, { type: 'ready' }>,
): Promise<EngineStarted> {
  const told = readEnvironment(said)
  const asked = link.process.binary ?? Promise.resolve(null)
  const binary = await (link.process.host === undefined ? asked : within(BINARY_MS, asked))
  const environment = told === null || binary === null ? told : { ...told, binary }
  link.environment = environmentText(environment, node)
  return { engine: link.id, pid, host, node, environment }
}

/** What came of the probes on this engine. */
export function outcomesOf(link: Link, { outcomes }: Extract<Report, { type: 'probed' }>): Probed {
  return { engine: link.id, environment: link.environment ?? '', outcomes: readOutcomes(outcomes) }
}

/** The finding alone. */
export function touchOf({ kind, name, caller, place }: Extract<Report, { type: 'touched' }>): Touch {
  return { kind, name, caller, place }
}
