// AWS Certificate Manager over real HTTP, strict where the real one is and where a simulator is not: what a re-import may
// change, what a chain may hold, who may tag what (iam.json), lists and bodies that lag, throttling, quotas, use.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { judge } from './acm-import.ts'
import type { Body } from './acm-import.ts'
import { allows } from './iam.ts'
import type { Policy } from './iam.ts'

export interface Stored {
  arn: string
  body: Body
  /** What a stale reader still sees. */
  previous?: Body
  changedAt: number
  createdAt: number
  tags: Record<string, string>
  inUseBy: Set<string>
  type: 'IMPORTED' | 'AMAZON_ISSUED'
}

/** What goes wrong with the next call of an action. `lose`: it is carried out and nobody hears of it. */
export interface Fault {
  action: string
  how: 'throttle' | 'lose' | 'fail' | 'hang'
}

interface Input {
  CertificateArn?: string
  Certificate?: string
  CertificateChain?: string
  PrivateKey?: string
  Tags?: { Key: string; Value: string }[]
  Includes?: { keyTypes?: string[] }
  NextToken?: string
}

class Refused extends Error {
  override readonly name: string
  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

export class FakeAcm {
  readonly certificates = new Map<string, Stored>()
  readonly calls: string[] = []
  readonly denied: string[] = []
  readonly faults: Fault[] = []
  policy: Policy | undefined
  /** How long lists, tags and bodies show what was before, in milliseconds of `now`. */
  lagMs = 0
  limits = { certificates: 2500, importsPerYear: 5000 }
  /** ARNs whose use shows only when somebody tries to delete them: InUseBy lags too. */
  readonly usedUnseen = new Set<string>()
  pageSize = 3
  imports = { first: 0, again: 0 }
  now: () => number = () => Date.now()
  #importTimes: number[] = []
  #hanging: (() => void)[] = []
  #server = createServer((request, response) => void this.#serve(request, response))
  readonly region = 'eu-central-1'
  readonly account = '111122223333'

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  /** Puts in a certificate that is not cert-sync's doing. */
  plant(body: Body, tags: Record<string, string> = {}, type: Stored['type'] = 'IMPORTED'): Stored {
    const stored = { arn: this.#newArn(), body, changedAt: 0, createdAt: 0, tags, inUseBy: new Set<string>(), type }
    this.certificates.set(stored.arn, stored)
    return stored
  }

  withTags(tags: Record<string, string>): Stored[] {
    return [...this.certificates.values()].filter((one) =>
      Object.entries(tags).every(([name, value]) => one.tags[name] === value),
    )
  }

  /** The answers that hang arrive at last. */
  letGo(): void {
    for (const answer of this.#hanging.splice(0)) answer()
  }

  #newArn(): string {
    return `arn:aws:acm:${this.region}:${this.account}:certificate/${randomUUID()}`
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const action = String(request.headers['x-amz-target']).split('.')[1]!
    this.calls.push(action)
    const at = this.faults.findIndex((fault) => fault.action === action)
    const fault = at >= 0 ? this.faults.splice(at, 1)[0]!.how : undefined
    const reply = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
      response.end(JSON.stringify(value))
    }
    try {
      if (fault === 'throttle') throw new Refused('ThrottlingException', 'Rate exceeded')
      if (fault === 'fail') return reply(500, { __type: 'InternalServerException', message: 'try later' })
      const answer = this.#do(action, JSON.parse(text) as Input)
      if (fault === 'lose') return void request.socket.destroy()
      if (fault === 'hang') return void this.#hanging.push(() => reply(200, answer))
      reply(200, answer)
    } catch (error) {
      if (!(error instanceof Refused)) return reply(500, { __type: 'InternalFailure', message: String(error) })
      reply(400, { __type: error.name, message: error.message })
    }
  }

  #do(action: string, input: Input): unknown {
    if (action === 'ListCertificates') return this.#list(input)
    if (action === 'ImportCertificate') return this.#import(input)
    const { CertificateArn: arn = '' } = input
    const stored = this.certificates.get(arn)
    this.#allow(action, arn, stored)
    if (!stored || !this.#visible(stored)) throw new Refused('ResourceNotFoundException', `Could not find ${arn}.`)
    const body = this.#settled(stored) ? stored.body : (stored.previous ?? stored.body)
    if (action === 'ListTagsForCertificate')
      return { Tags: Object.entries(stored.tags).map(([Key, Value]) => ({ Key, Value })) }
    if (action === 'GetCertificate') return { Certificate: body.leaf, CertificateChain: body.chain }
    if (action === 'DescribeCertificate') {
      const { arn: CertificateArn, inUseBy, type: Type } = stored
      return {
        Certificate: { CertificateArn, Type, InUseBy: [...inUseBy], Status: 'ISSUED', KeyAlgorithm: body.algorithm },
      }
    }
    if (action === 'DeleteCertificate') {
      if (stored.inUseBy.size > 0 || this.usedUnseen.has(arn))
        throw new Refused('ResourceInUseException', `${arn} is in use.`)
      this.certificates.delete(arn)
      return {}
    }
    throw new Refused('UnknownOperationException', action)
  }

  #settled = (stored: Stored): boolean => this.now() - stored.changedAt >= this.lagMs
  #visible = (stored: Stored): boolean => this.now() - stored.createdAt >= this.lagMs

  #allow(action: string, resource: string, stored: Stored | undefined, tags?: Record<string, string>): void {
    const context: Record<string, string | string[]> = {}
    for (const [name, value] of Object.entries(stored?.tags ?? {})) context[`aws:ResourceTag/${name}`] = value
    for (const [name, value] of Object.entries(tags ?? {})) context[`aws:RequestTag/${name}`] = value
    if (tags) context['aws:TagKeys'] = Object.keys(tags)
    if (!this.policy || allows(this.policy, { action: `acm:${action}`, resource, context })) return
    // One that is gone has no tags, so it is denied rather than not found; no right is missing then.
    const mayBeNew = ['ListCertificates', 'ImportCertificate', 'AddTagsToCertificate'].includes(action)
    if (stored || mayBeNew) this.denied.push(`${action} ${resource}`)
    throw new Refused('AccessDeniedException', `not authorized to perform: acm:${action} on resource: ${resource}`)
  }

  #list({ Includes, NextToken }: Input): unknown {
    this.#allow('ListCertificates', '*', undefined)
    const types = Includes?.keyTypes ?? ['RSA_1024', 'RSA_2048']
    const all = [...this.certificates.values()].filter(
      (one) => this.#visible(one) && types.includes(one.body.algorithm),
    )
    const from = Number(NextToken ?? 0)
    const page = all.slice(from, from + this.pageSize)
    const more = from + this.pageSize < all.length
    return {
      CertificateSummaryList: page.map(({ arn, type, body }) => ({
        CertificateArn: arn,
        Type: type,
        DomainName: body.names[0],
      })),
      ...(more && { NextToken: String(from + this.pageSize) }),
    }
  }

  #import(input: Input): unknown {
    const stored = input.CertificateArn ? this.certificates.get(input.CertificateArn) : undefined
    const tags = input.Tags && Object.fromEntries(input.Tags.map(({ Key, Value }) => [Key, Value]))
    const resource = input.CertificateArn ?? this.#newArn()
    this.#allow('ImportCertificate', resource, stored, tags)
    if (tags) this.#allow('AddTagsToCertificate', resource, stored, tags)
    if (input.CertificateArn && !stored) throw new Refused('ResourceNotFoundException', `Could not find ${resource}.`)
    if (input.CertificateArn && input.Tags)
      throw new Refused('ValidationException', 'Tagging is not permitted on re-import.')
    if (stored && stored.type !== 'IMPORTED')
      throw new Refused('ValidationException', 'Only an imported one can be imported again.')
    const text = (value = '') => Buffer.from(value, 'base64').toString()
    const judged = judge(
      text(input.Certificate),
      text(input.CertificateChain),
      text(input.PrivateKey),
      this.now(),
      stored?.body,
    )
    if ('refusal' in judged) throw new Refused('ValidationException', judged.refusal)

    this.#importTimes = this.#importTimes.filter((time) => this.now() - time < 365 * 24 * 3600_000)
    if (this.#importTimes.length >= this.limits.importsPerYear)
      throw new Refused('LimitExceededException', 'You have imported the maximum number of certificates of a year.')
    if (!stored && this.certificates.size >= this.limits.certificates)
      throw new Refused('LimitExceededException', 'You have reached the maximum number of certificates.')
    this.#importTimes.push(this.now())
    this.imports[stored ? 'again' : 'first'] += 1

    const changedAt = this.now()
    if (stored) Object.assign(stored, { previous: stored.body, body: judged.body, changedAt })
    else {
      const inUseBy = new Set<string>()
      const created = { arn: resource, body: judged.body, changedAt, createdAt: changedAt, tags: tags ?? {}, inUseBy }
      this.certificates.set(resource, { ...created, type: 'IMPORTED' })
    }
    return { CertificateArn: resource }
  }
}
