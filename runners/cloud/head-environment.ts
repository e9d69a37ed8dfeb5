/**
 * What a head on this machine is given of the user's environment, where it speaks with a cloud: all of it, since credentials, proxies
 * and the programs that a kubeconfig names are found by variables of any name. No engine is on this machine then.
 */

/** But what would make another Node of it, or have it take itself for one that was started by us. */
const OTHERWISE = /^(NODE_(?!EXTRA_CA_CERTS$)|REPRISE_)/

export function headEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const passed = Object.entries(env).filter(([name, value]) => value !== undefined && !OTHERWISE.test(name))
  return Object.fromEntries(passed as [string, string][])
}
