import { X509Certificate } from 'node:crypto'

/** The certificates of a PEM text in their order. Throws when one of them cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  return blocks.map((block) => new X509Certificate(block))
}

/** As ACM wants it: one PEM block per certificate and nothing between them. */
export const pemOf = (certificates: X509Certificate[]): string =>
  certificates.map((certificate) => certificate.toString().trim()).join('\n') + (certificates.length > 0 ? '\n' : '')

/** SHA-256 of the DER, in lower-case hex without colons. */
export const fingerprintOf = (certificate: X509Certificate): string =>
  certificate.fingerprint256.replaceAll(':', '').toLowerCase()

/** Upper-case hex without leading zeros, as TLS peers and certificates are compared by it. */
export const serialOf = (serialNumber: string): string =>
  serialNumber
    .replaceAll(':', '')
    .toUpperCase()
    .replace(/^0+(?=.)/, '')
