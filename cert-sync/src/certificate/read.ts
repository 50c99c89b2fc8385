import { createPrivateKey } from 'node:crypto'
import type { KeyObject, X509Certificate } from 'node:crypto'
import { iso } from '../clock.ts'
import { chainFor, issued } from './chain.ts'
import { factsOf } from './facts.ts'
import type { Facts } from './facts.ts'
import { certificatesIn, pemOf } from './pem.ts'

/** The parts of a Secret, still in base64. */
export type SecretData = Record<string, string> | undefined

/** What ACM is sent. Never printed, never kept longer than one round. */
export interface Material {
  leaf: string
  chain: string
  privateKey: string
}

export type Reading =
  | { state: 'missing' }
  | { state: 'refused'; reason: Refusal; message: string }
  | { state: 'sound'; facts: Facts; material: Material }

export type Refusal =
  | 'Unreadable'
  | 'KeyMismatch'
  | 'UnsupportedKey'
  | 'BrokenChain'
  | 'Expired'
  | 'NotYetValid'
  | 'StagingCertificate'
  | 'TemporaryCertificate'
  | 'HostNotCovered'

// Let's Encrypt names all of its staging issuers like this; the older ones were "Fake LE …".
const staging = /\(STAGING\)|Fake LE /
// cert-manager puts this one into the Secret while the real one is on its way.
const temporary = /CN=cert-manager\.local$/m

/** Judges a TLS Secret as the load balancer's clients would. Hosts are those of the Ingresses' `tls` entries. */
export function read(data: SecretData, hosts: string[], now: number): Reading {
  if (!data) return { state: 'missing' }
  const no = (reason: Refusal, message: string): Reading => ({ state: 'refused', reason, message })

  let certificates: X509Certificate[], key: KeyObject
  try {
    certificates = certificatesIn(decode(data['tls.crt']))
    key = createPrivateKey(decode(data['tls.key']))
  } catch {
    return no('Unreadable', 'tls.crt or tls.key is not what a TLS Secret holds: PEM, the key without a passphrase.')
  }
  const [leaf, ...others] = certificates
  if (!leaf) return no('Unreadable', 'tls.crt holds no certificate.')
  if (!leaf.checkPrivateKey(key))
    return no('KeyMismatch', 'tls.key is not the key of the first certificate in tls.crt.')
  if (now >= leaf.validToDate.getTime()) return no('Expired', `It ended on ${iso(leaf.validToDate.getTime())}.`)
  if (now < leaf.validFromDate.getTime())
    return no('NotYetValid', `It begins on ${iso(leaf.validFromDate.getTime())}; this machine has ${iso(now)}.`)
  const issuers = certificates.map((one) => one.issuer).join('\n')
  if (temporary.test(issuers) || issued(leaf, leaf))
    return no(
      'TemporaryCertificate',
      'It is signed by itself or by cert-manager for the meantime; the real one follows.',
    )
  if (staging.test(issuers))
    return no(
      'StagingCertificate',
      'No browser trusts it: it comes from Let’s Encrypt’s staging. Use the production issuer.',
    )
  const chain = chainFor(leaf, others)
  if (!chain || chain.length === 0)
    return no('BrokenChain', 'tls.crt must hold the leaf and then the certificates that certify it, and nothing else.')
  const facts = factsOf(leaf, chain)
  if (!facts.keyAlgorithm)
    return no('UnsupportedKey', 'ACM takes RSA of 2048, 3072 or 4096 bits and EC on P-256, P-384 or P-521.')
  if (hosts.length > 0 && !hosts.some((host) => covers(leaf, host)))
    return no('HostNotCovered', `It is for ${facts.names.join(', ') || 'no host'}, not for ${hosts.join(', ')}.`)
  const privateKey = key.export({ type: 'pkcs8', format: 'pem' })
  return { state: 'sound', facts, material: { leaf: pemOf([leaf]), chain: pemOf(chain), privateKey } }
}

/** A wildcard host is covered by the same wildcard only; `checkHost` would not take it. */
const covers = (leaf: X509Certificate, host: string): boolean =>
  host.startsWith('*.')
    ? (leaf.subjectAltName ?? '').split(', ').includes(`DNS:${host}`)
    : leaf.checkHost(host) !== undefined

const decode = (base64: string | undefined): string => Buffer.from(base64 ?? '', 'base64').toString('utf8')
