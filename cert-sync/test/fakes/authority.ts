// A certificate authority of the tests' own: root, intermediate and whatever leaf a scenario needs.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  cryptoProvider,
} from '@peculiar/x509'
import type { X509Certificate } from '@peculiar/x509'

cryptoProvider.set(webcrypto)

export type Algorithm = 'P-256' | 'P-384' | 'RSA-2048' | 'RSA-4096' | 'Ed25519'
const hour = 3600_000
const ecdsa = { name: 'ECDSA', hash: 'SHA-256' }

interface Signer {
  certificate: X509Certificate
  keys: webcrypto.CryptoKeyPair
}

export interface Issued {
  leaf: string
  chain: string
  key: string
  /** As a TLS Secret holds it: leaf and chain in one file. */
  data: { 'tls.crt': string; 'tls.key': string }
}

export interface Wish {
  names: string[]
  algorithm?: Algorithm
  notBefore?: number
  notAfter?: number
  keyUsages?: number
  extendedKeyUsages?: string[]
}

export const usage = KeyUsageFlags
export const serverAuth = '1.3.6.1.5.5.7.3.1'
export const base64 = (text: string): string => Buffer.from(text).toString('base64')

export function issuedFrom(leaf: string, chain: string, key: string): Issued {
  return { leaf, chain, key, data: { 'tls.crt': base64(`${leaf}\n${chain}`), 'tls.key': base64(key) } }
}

export class Authority {
  readonly intermediate: Signer
  readonly root: Signer
  #serial = 1

  private constructor(root: Signer, intermediate: Signer) {
    this.root = root
    this.intermediate = intermediate
  }

  static async create(name = 'Tidewater'): Promise<Authority> {
    const dates = { notBefore: new Date(Date.now() - 24 * hour), notAfter: new Date(Date.now() + 20 * 365 * 24 * hour) }
    const extensions = [new BasicConstraintsExtension(true, 1, true)]
    const keys = await generate('P-256')
    const subject = `CN=${name} Root, O=${name}`
    const signing = { signingAlgorithm: ecdsa, extensions, serialNumber: '01' }
    const root = await X509CertificateGenerator.createSelfSigned({ ...signing, ...dates, name: subject, keys })
    const below = await generate('P-256')
    const certificate = await X509CertificateGenerator.create({
      ...signing,
      ...dates,
      subject: `CN=${name} Intermediate, O=${name}`,
      issuer: root.subject,
      signingKey: keys.privateKey,
      publicKey: below.publicKey,
    })
    return new Authority({ certificate: root, keys }, { certificate, keys: below })
  }

  async issue({ names, algorithm = 'P-256', ...wish }: Wish, now = Date.now()): Promise<Issued> {
    const keys = await generate(algorithm)
    const certificate = await X509CertificateGenerator.create({
      serialNumber: `0${(++this.#serial).toString(16)}${Date.now().toString(16)}`.slice(-16).padStart(16, '0'),
      subject: `CN=${names[0]}`,
      issuer: this.intermediate.certificate.subject,
      notBefore: new Date(wish.notBefore ?? now - hour),
      notAfter: new Date(wish.notAfter ?? now + 90 * 24 * hour),
      signingKey: this.intermediate.keys.privateKey,
      signingAlgorithm: ecdsa,
      publicKey: keys.publicKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(wish.keyUsages ?? usage.digitalSignature, true),
        new ExtendedKeyUsageExtension(wish.extendedKeyUsages ?? [serverAuth]),
        new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
      ],
    })
    const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
    const pem = `-----BEGIN PRIVATE KEY-----\n${key.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`
    return issuedFrom(certificate.toString('pem'), this.intermediate.certificate.toString('pem'), pem)
  }
}

function generate(algorithm: Algorithm): Promise<webcrypto.CryptoKeyPair> {
  const usages: webcrypto.KeyUsage[] = ['sign', 'verify']
  if (algorithm === 'Ed25519')
    return webcrypto.subtle.generateKey('Ed25519', true, usages) as Promise<webcrypto.CryptoKeyPair>
  const [kind, size] = algorithm.split('-')
  if (kind === 'P') return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: algorithm }, true, usages)
  const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: Number(size), publicExponent: new Uint8Array([1, 0, 1]) }
  return webcrypto.subtle.generateKey({ ...rsa, hash: 'SHA-256' }, true, usages)
}
