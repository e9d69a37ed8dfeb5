/** The parts of seedrandom that its published types leave out. */
declare module 'seedrandom/lib/*.js' {
  import type { PRNG } from 'seedrandom'

  const generator: (seed: string) => PRNG
  export default generator
}
declare module 'seedrandom/seedrandom.js' {
  import type { PRNG } from 'seedrandom'

  const generator: (seed: string) => PRNG
  export default generator
}
