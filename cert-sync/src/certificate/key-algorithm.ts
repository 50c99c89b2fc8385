import type { KeyObject } from 'node:crypto'

const curves: Record<string, string> = {
  prime256v1: 'EC_prime256v1',
  secp384r1: 'EC_secp384r1',
  secp521r1: 'EC_secp521r1',
}
const sizes = [2048, 3072, 4096]

/** ACM's name of a key's type and size, or undefined for one that a load balancer does not take. */
export function keyAlgorithmOf(key: KeyObject): string | undefined {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa' && sizes.includes(modulusLength ?? 0)) return `RSA_${modulusLength}`
  return key.asymmetricKeyType === 'ec' ? curves[namedCurve ?? ''] : undefined
}
