/** The verb `launch`: an engine of a capsule that is kept here. The call lasts as long as the engine. */
import { RepriseError } from '../../../lib/errors.ts'
import type { Ending } from '../../channel.ts'
import { localLauncher } from '../../local.ts'
import type { Verb } from './answer.ts'
import { keptPath } from './folder.ts'
import { isIntact } from './keep.ts'

export const launch: Verb = async ({ capsule, env }, { input, output, errors, signal }, host) => {
  const path = keptPath(host.directory, 'capsule', capsule)
  if (!(await isIntact(path, String(capsule)))) {
    const remedy = 'It is sent again when the connection is made anew'
    throw new RepriseError('not-found', 'the capsule is not there any more', { subject: path, remedy })
  }
  if (signal.aborted) return 'killed before it was started'
  const launcher = localLauncher({ env: variables(env), within: host.scratch.path })
  try {
    const engine = launcher.launch(path)
    signal.addEventListener('abort', () => engine.kill())
    input.pipe(engine.stdin)
    engine.stdout.pipe(output)
    engine.stderr.pipe(errors)
    const { how }: Ending = await engine.ended
    return how
  } finally {
    launcher.close()
  }
}

function variables(env: unknown): Record<string, string> {
  if (typeof env !== 'object' || env === null) return {}
  return Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === 'string'))
}
