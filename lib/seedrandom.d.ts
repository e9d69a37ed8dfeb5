declare module 'seedrandom/lib/*.js' {
  import type { PRNG } from 'seedrandom'

  const generator: (seed: string) => PRNG
  export default generator
}
