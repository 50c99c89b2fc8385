import { isIPv4, isIPv6 } from 'node:net'
import { hostname } from 'node:os'
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { refuse } from '../contract/problem.ts'
import { hostForm, withoutDot } from './host-name.ts'
import { httpProblems } from './problems.ts'

// Any page may lead its own name to our address (DNS rebinding), and its script then reads a place in the same building
// or on the same machine as if it were its own server. So a request is answered only under a name that is ours.

/** Longer than any name of DNS with a port. */
const longest = 262
/** Different texts that are remembered: the names of a place, each with a port or two. */
const mostKnown = 1_000

export type HostKind = 'ours' | 'foreign' | 'malformed'

/**
 * The names that this server goes by: addresses in numbers, `localhost` and what is below it, the machine's own name
 * alone and with `.local`, and what the settings name. Names are compared in lower case and without the dot of the root;
 * the port says nothing, because it is not the port that a foreign page can lead here.
 */
export class Hosts {
  readonly #names: ReadonlySet<string>
  /** As they stood in requests: the one look-up that a request costs. */
  readonly #known = new Set<string>()

  constructor(
    { publicUrl, uiOrigins, apiOrigin, hosts }: Pick<Config, 'publicUrl' | 'uiOrigins' | 'apiOrigin' | 'hosts'>,
    machine: string = hostname(),
  ) {
    const origins = [publicUrl, ...uiOrigins, apiOrigin].filter((origin) => origin !== '')
    const own = machine.toLowerCase().replace(/\.$/, '')
    const [first = ''] = own.split('.')
    this.#names = new Set([
      ...origins.map((origin) => withoutDot(new URL(origin).hostname)),
      ...hosts,
      ...[own, first, first && `${first}.local`].filter(Boolean),
    ])
  }

  /** How many spellings are remembered, for tests. */
  get remembered(): number {
    return this.#known.size
  }

  /** What a host is, as it stands in a header or in an address. */
  kindOf(host: string): HostKind {
    if (this.#known.has(host)) return 'ours'
    if (host.length > longest) return 'malformed'
    const [, six, name] = hostForm.exec(host.toLowerCase()) ?? []
    if (six === undefined && name === undefined) return 'malformed'
    if (six !== undefined && !isIPv6(six)) return 'malformed'
    if (name !== undefined && !this.#isOurs(name)) return 'foreign'
    if (this.#known.size < mostKnown) this.#known.add(host)
    return 'ours'
  }

  #isOurs(name: string): boolean {
    return name === 'localhost' || name.endsWith('.localhost') || this.#names.has(name) || isIPv4(name)
  }
}

/** A request for another name is not for us, whatever it asks; called for every request before anything else. */
export function requireOwnHost(hosts: Hosts) {
  return (request: FastifyRequest): void => {
    if (request.routeOptions.config.answersToAnyHost) return
    const { raw, host } = request
    const fault = faultOf(hosts, raw, host)
    if (fault === undefined) return
    if (fault === 'malformed') throw refuse(httpProblems['bad-request'], { detail: 'Its Host is no host, or two.' })
    throw refuse(httpProblems['wrong-host'], { detail: `It was asked for ${fault.foreign}.` })
  }
}

/**
 * What is wrong with the host of a request; `host` is what it was asked for, after the proxies. HTTP/1.0 asks without a
 * name, which no browser does: that is answered. The target may be a whole address, and then both are looked at.
 */
export function faultOf(
  hosts: Hosts,
  raw: IncomingMessage,
  host: string,
): 'malformed' | { foreign: string } | undefined {
  const { url = '/' } = raw
  if (hasTwoHosts(raw.rawHeaders)) return 'malformed'
  // A slash: anything else is a whole address, or the star of OPTIONS.
  if (url.charCodeAt(0) !== 47 && url !== '*') {
    const authority = /^https?:\/\/([^/?#]*)/i.exec(url)?.[1]
    if (authority === undefined) return 'malformed'
    const kind = hosts.kindOf(authority)
    if (kind !== 'ours') return kind === 'foreign' ? { foreign: authority } : kind
  }
  if (host === '' && raw.headers.host === undefined) return undefined
  const kind = hosts.kindOf(host)
  return kind === 'ours' ? undefined : kind === 'foreign' ? { foreign: host } : kind
}

/** Node.js takes the first and drops the others; a proxy before us may have taken the last. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let found = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (name.length === 4 && name.toLowerCase() === 'host') found += 1
  }
  return found > 1
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Health checks ask by whatever name they know. */
    answersToAnyHost?: boolean
  }
}
