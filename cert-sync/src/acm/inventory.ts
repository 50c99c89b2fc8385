import {
  DescribeCertificateCommand,
  GetCertificateCommand,
  KeyAlgorithm,
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
} from '@aws-sdk/client-acm'
import type { ACMClient } from '@aws-sdk/client-acm'
import { factsOf } from '../certificate/facts.ts'
import type { Facts } from '../certificate/facts.ts'
import { certificatesIn } from '../certificate/pem.ts'
import type { Clock } from '../clock.ts'
import { keyOf, tags } from '../names.ts'
import type { Key } from '../names.ts'
import { inTime } from './client.ts'
import { isNamed } from './outcome.ts'

/** One of our certificates in ACM: its three tags were read and fit. */
export interface OwnCertificate extends Facts {
  arn: string
  /** A load balancer or another service has it. */
  inUse: boolean
}

/** Finds our certificates by their tags. The list lags behind what was done, by seconds or minutes. */
export class Inventory {
  #acm: ACMClient
  #cluster: string
  #clock: Clock
  // Tags are given at the import and by nobody changed in the ordinary run of things; every write asks again.
  #owners = new Map<string, { key: Key | undefined; at: number }>()
  #listed: { arns: string[]; at: number } | undefined

  constructor(acm: ACMClient, cluster: string, clock: Clock) {
    this.#acm = acm
    this.#cluster = cluster
    this.#clock = clock
  }

  /** The ARNs of each Secret's certificates, from a list that is no older than `maxAge` milliseconds. */
  async list(maxAge: number): Promise<Map<Key, string[]>> {
    const now = this.#clock.now()
    if (!this.#listed || now - this.#listed.at > maxAge) this.#listed = { arns: await this.#imported(), at: now }
    const own = new Map<Key, string[]>()
    for (const arn of this.#listed.arns) {
      const known = this.#owners.get(arn)
      const key = known && now - known.at < 60 * 60_000 ? known.key : await this.ownerOf(arn)
      if (key) own.set(key, [...(own.get(key) ?? []), arn])
    }
    return own
  }

  /** The Secret that the tags name; undefined for a foreign or missing one. Always asks ACM. */
  async ownerOf(arn: string): Promise<Key | undefined> {
    const key = await this.#tagged(arn)
    this.#owners.set(arn, { key, at: this.#clock.now() })
    return key
  }

  /** What the certificate holds and whether it is used, or undefined when it is gone or not this Secret's. */
  async inspect(arn: string, key: Key): Promise<OwnCertificate | undefined> {
    if ((await this.ownerOf(arn)) !== key) return undefined
    try {
      const input = { CertificateArn: arn }
      const { Certificate } = await this.#acm.send(new DescribeCertificateCommand(input), inTime())
      if (Certificate?.Type !== 'IMPORTED') return undefined
      const body = await this.#acm.send(new GetCertificateCommand(input), inTime())
      const [leaf] = certificatesIn(body.Certificate ?? '')
      if (!leaf) throw new Error(`ACM has no body for ${arn} yet.`)
      const facts = factsOf(leaf, certificatesIn(body.CertificateChain ?? ''))
      return { ...facts, arn, inUse: (Certificate.InUseBy ?? []).length > 0 }
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return undefined
      throw error
    }
  }

  /** The next list is to be a new one. */
  forget(): void {
    this.#listed = undefined
  }

  async #imported(): Promise<string[]> {
    const arns: string[] = []
    let NextToken: string | undefined
    do {
      // Without its key types spelled out, ACM lists RSA up to 2048 bits only.
      const input = { Includes: { keyTypes: Object.values(KeyAlgorithm) }, MaxItems: 1000, NextToken }
      const page = await this.#acm.send(new ListCertificatesCommand(input), inTime())
      for (const { CertificateArn, Type } of page.CertificateSummaryList ?? [])
        if (CertificateArn && (Type ?? 'IMPORTED') === 'IMPORTED') arns.push(CertificateArn)
      NextToken = page.NextToken
    } while (NextToken)
    return arns
  }

  async #tagged(arn: string): Promise<Key | undefined> {
    try {
      const { Tags } = await this.#acm.send(new ListTagsForCertificateCommand({ CertificateArn: arn }), inTime())
      const value = (name: string) => Tags?.find(({ Key }) => Key === name)?.Value
      const [cluster, namespace, secret] = [value(tags.cluster), value(tags.namespace), value(tags.secret)]
      return cluster === this.#cluster && namespace && secret ? keyOf(namespace, secret) : undefined
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return undefined
      throw error
    }
  }
}
