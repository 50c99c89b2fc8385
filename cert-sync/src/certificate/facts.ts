import { createHash } from 'node:crypto'
import type { X509Certificate } from 'node:crypto'
import { keyAlgorithmOf } from './key-algorithm.ts'
import { fingerprintOf, serialOf } from './pem.ts'
import { usagesOf } from './usages.ts'

/** What is compared between a Secret and ACM; holds nothing secret. */
export interface Facts {
  /** Of the leaf and of everything that is served with it: a new intermediate is a difference too. */
  fingerprint: string
  serial: string
  keyAlgorithm: string | undefined
  usages: string[]
  names: string[]
  /** Milliseconds. */
  notAfter: number
}

export function factsOf(leaf: X509Certificate, chain: X509Certificate[]): Facts {
  const all = [leaf, ...chain].map(fingerprintOf).join('\n')
  return {
    fingerprint: createHash('sha256').update(all).digest('hex'),
    serial: serialOf(leaf.serialNumber),
    keyAlgorithm: keyAlgorithmOf(leaf.publicKey),
    usages: usagesOf(leaf),
    names: namesOf(leaf),
    notAfter: leaf.validToDate.getTime(),
  }
}

// Names in a SAN are quoted by Node when they hold something odd; such a name is no host name of ours.
const namesOf = (leaf: X509Certificate): string[] =>
  (leaf.subjectAltName ?? '')
    .split(', ')
    .filter((name) => name.startsWith('DNS:'))
    .map((name) => name.slice(4).toLowerCase())
    .sort()
