/**
 * The packages that read ASN.1, loaded when the first timestamp is made or read: that takes longer than to verify a record
 * without one, which every command would wait for.
 */
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

export function schema(): typeof import('@peculiar/asn1-schema') {
  return load('@peculiar/asn1-schema')
}

export function cms(): typeof import('@peculiar/asn1-cms') {
  return load('@peculiar/asn1-cms')
}

export function tsp(): typeof import('@peculiar/asn1-tsp') {
  return load('@peculiar/asn1-tsp')
}

export function x509(): typeof import('@peculiar/asn1-x509') {
  return load('@peculiar/asn1-x509')
}
