import type { X509Certificate } from 'node:crypto'

/**
 * The certificates above the leaf, each certifying the one before it; or undefined when some belong to no such row.
 * Puts a shuffled row in order and drops repeats, the leaf's among them: ACM refuses a chain that holds the leaf.
 */
export function chainFor(leaf: X509Certificate, others: X509Certificate[]): X509Certificate[] | undefined {
  const left = new Map(others.map((one) => [one.fingerprint256, one]))
  left.delete(leaf.fingerprint256)
  const chain: X509Certificate[] = []
  for (let below = leaf; left.size > 0;) {
    const issuer = [...left.values()].find((one) => issued(one, below))
    if (!issuer) return undefined
    left.delete(issuer.fingerprint256)
    chain.push(issuer)
    below = issuer
  }
  return chain
}

/** By name and by signature: a name alone is anybody's to choose. */
export const issued = (issuer: X509Certificate, below: X509Certificate): boolean =>
  below.checkIssued(issuer) && below.verify(issuer.publicKey)
