/** `reprise completion SHELL`: what the shell is to read, so that it completes commands, options and runs. */
import { SCRIPTS } from '../completion-scripts.ts'
import { EXIT } from '../exit.ts'
import { terminal, write } from '../terminal.ts'

export async function completion(shell: string, options: { readonly json?: boolean }): Promise<number> {
  const script = SCRIPTS[shell]!
  terminal(options).answer({ shell, script })
  if (options.json !== true) await write(script)
  return EXIT.done
}
