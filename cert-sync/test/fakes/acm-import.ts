// What ACM's guide says of imports ("Prerequisites for importing", "Reimporting a certificate"), written apart from the
// code under test: usages are read with another library.
import 'reflect-metadata'
import { X509Certificate, createPrivateKey } from 'node:crypto'
import { ExtendedKeyUsageExtension, KeyUsagesExtension, X509Certificate as Parsed } from '@peculiar/x509'

export interface Body {
  leaf: string
  chain: string
  algorithm: string
  names: string[]
  keyUsages: number
  extendedKeyUsages: string[]
}

const clientAuth = '1.3.6.1.5.5.7.3.2'
const blocks = (pem: string): string[] => pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []

export function bodyOf(leaf: string, chain: string): Body {
  const certificate = new X509Certificate(leaf)
  const parsed = new Parsed(leaf)
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey
  const algorithm =
    asymmetricKeyType === 'rsa'
      ? `RSA_${asymmetricKeyDetails?.modulusLength}`
      : `EC_${asymmetricKeyDetails?.namedCurve}`
  const names = (certificate.subjectAltName ?? '').split(', ').map((name) => name.replace('DNS:', ''))
  const keyUsages = parsed.getExtension(KeyUsagesExtension)?.usages ?? 0
  const extendedKeyUsages = Array.from(parsed.getExtension(ExtendedKeyUsageExtension)?.usages ?? [], String)
  return { leaf, chain, algorithm, names, keyUsages, extendedKeyUsages }
}

/** The body to keep, or why it is refused. `now` in milliseconds; `before` is what a re-import would replace. */
export function judge(
  leaf: string,
  chain: string,
  key: string,
  now: number,
  before?: Body,
): { body: Body } | { refusal: string } {
  if (blocks(leaf).length !== 1) return { refusal: 'The certificate field contains more than one certificate.' }
  const certificate = new X509Certificate(leaf)
  if (!certificate.checkPrivateKey(createPrivateKey(key)))
    return { refusal: 'The private key does not match the certificate.' }
  if (now < certificate.validFromDate.getTime() || now >= certificate.validToDate.getTime())
    return { refusal: 'The certificate is not valid at this time.' }
  let below = certificate
  for (const block of blocks(chain)) {
    const above = new X509Certificate(block)
    if (above.fingerprint256 === certificate.fingerprint256)
      return { refusal: 'The certificate chain contains the end-entity certificate.' }
    if (!below.checkIssued(above) || !below.verify(above.publicKey))
      return { refusal: 'Could not validate the certificate with the certificate chain.' }
    below = above
  }
  const body = bodyOf(leaf, chain)
  if (!/^RSA_(1024|2048|3072|4096)$|^EC_(prime256v1|secp384r1|secp521r1)$/.test(body.algorithm))
    return { refusal: 'The key algorithm is not supported.' }
  if (!before) return { body }
  if (before.algorithm !== body.algorithm) return { refusal: 'The key type or size cannot be changed on re-import.' }
  if (before.keyUsages & ~body.keyUsages) return { refusal: 'Key usages cannot be removed on re-import.' }
  if (before.extendedKeyUsages.some((usage) => usage !== clientAuth && !body.extendedKeyUsages.includes(usage)))
    return { refusal: 'Extended key usages cannot be removed on re-import.' }
  if (!before.names.some((name) => body.names.includes(name)))
    return { refusal: 'All domain names cannot be removed on re-import.' }
  return { body }
}
