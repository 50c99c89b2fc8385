import type { X509Certificate } from 'node:crypto'
import { elementsIn, extensionOf } from './der.ts'

const keyUsageId = Buffer.from([0x55, 0x1d, 0x0f])

/** In the order of the bits, RFC 5280 section 4.2.1.3. */
const names = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
]

export const clientAuth = '1.3.6.1.5.5.7.3.2'

/** The key usages by name, then the extended ones by object identifier. Empty when the certificate restricts nothing. */
export function usagesOf(certificate: X509Certificate): string[] {
  const extension = extensionOf(certificate.raw, keyUsageId)
  // A BIT STRING: the first byte counts the unused bits of the last one, and unused bits are zero.
  const bits = extension ? elementsIn(extension)[0]!.value.subarray(1) : Buffer.alloc(0)
  const plain = names.filter((_, bit) => ((bits[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1)
  return [...plain, ...(certificate.keyUsage ?? [])]
}
