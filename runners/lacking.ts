/** What every chunk needs and this engine does not have: an input, a program. Retrying elsewhere may help, here not. */
import { InfrastructureFailure } from '../lib/execute.ts'

export class Lacking extends InfrastructureFailure {}
