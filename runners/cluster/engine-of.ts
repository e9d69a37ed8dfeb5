/** An engine of a host's station, as the pool gets it: with the host's name, and no blame where the station is gone. */
import type { EngineProcess } from '../launcher.ts'
import type { Station } from '../station/station.ts'

export function engineOf(
  host: string,
  station: Station,
  engine: EngineProcess,
  isInUse: () => boolean,
  /** The host is not to be used any more. */
  isDismissed: () => boolean,
  /** The host lacks its capsule: true where it is brought there again, and the engine is not to blame. */
  restock: () => boolean,
): EngineProcess {
  const { stdin, stdout, stderr, binary, inputs } = engine
  return {
    host,
    stdin,
    stdout,
    stderr,
    ...(binary === undefined ? {} : { binary }),
    ...(inputs === undefined ? {} : { inputs }),
    get latencyMs() {
      return station.latencyMs
    },
    ended: engine.ended.then((ending) => {
      if (isDismissed()) return { ...ending, unreachable: true, dismissed: true }
      const blameless = !isInUse() || (ending.lacking === true && restock())
      return blameless ? { ...ending, unreachable: true } : ending
    }),
    kill: () => engine.kill(),
  }
}
