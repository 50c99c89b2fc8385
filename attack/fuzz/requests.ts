// Long because it is a list: one way to spoil a request after the other, each read by itself.

import { type Endpoint, isMedia } from '#platform/contract/endpoint.ts'
import type { Random } from '#seed/random.ts'
import { type Known, mutated, type Schema, valid } from './generate.ts'
import { asText, hostileNumbers, hostileText, hostileTexts } from './values.ts'

/** One request as it goes over the wire. */
export interface Attempt {
  /** null: an address outside of the contract. */
  readonly operation: Endpoint | null
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly body: Buffer | null
  /** Whether it is as the contract asks, and with nothing but its own cookie: what refuses it knows why. */
  readonly isPlain: boolean
  /** Whether its address was changed, so that another operation or none may answer. */
  readonly isElsewhere: boolean
}

// What costs a tenth of a second of processor each, or signs the attacker out, comes more rarely.
const rarer: Readonly<Record<string, number>> = {
  signIn: 0.04,
  signUp: 0.04,
  changePassword: 0.04,
  putAvatar: 0.3,
  stream: 0.3,
  signOut: 0.3,
}
export const weightOf = ({ operationId, query }: Endpoint): number => rarer[operationId] ?? (query ? 2 : 1)

/** A request to this operation: as the contract asks, or with something in it that it does not expect. */
export function requestTo(operation: Endpoint, cookie: string | null, random: Random, known: Known): Attempt {
  const parts = {
    params: operation.params && valid(operation.params, '', random, known),
    query: operation.query && valid(operation.query, '', random, known),
    body: operation.body && !isMedia(operation.body) ? bodyOf(operation, random, known) : undefined,
  }
  const isPlain = random.chance(0.2)
  const targets = (['params', 'query', 'body'] as const).filter((part) => parts[part] !== undefined)
  const part = targets.length && !isPlain && random.chance(0.8) ? random.pick(targets) : undefined
  if (part) parts[part] = mutated(parts[part], operation[part] as Schema, '', random, known)
  const headers: string[] = cookie === null ? [] : [`cookie: ${cookie}`]
  let body: Buffer | null = null
  if (operation.body && isMedia(operation.body)) {
    headers.push(`content-type: ${random.pick(operation.body.media)}`)
    body = pictures(random)
  } else if (operation.body) {
    headers.push('content-type: application/json')
    body = Buffer.from(JSON.stringify(parts.body) ?? '')
  }
  const target = addressOf(operation, parts.params, parts.query)
  const plain = { operation, method: operation.method, target, headers, body, isPlain, isElsewhere: false }
  return isPlain || (part && random.chance(0.85)) ? plain : { ...onTheWire(plain, cookie, random), isPlain: false }
}

/** Mostly what its own example says, with other values. */
function bodyOf(operation: Endpoint, random: Random, known: Known): unknown {
  const example = structuredClone(operation.example)
  const made = valid(operation.body as Schema, '', random, known)
  const { anyOf } = operation.body as Schema
  // What has a form of its own, such as a channel's name, is taken from the example.
  if (typeof example !== 'object' || example === null || anyOf || random.chance(0.3)) return made
  return random.chance(0.5) ? example : { ...(made as object), ...example }
}

function addressOf({ path }: Endpoint, params: unknown, query: unknown): string {
  const given = typeof params === 'object' && params !== null ? (params as Record<string, unknown>) : {}
  const address = path.replace(/\{(\w+)\}/g, (_all, name: string) => percent(asText(given[name] ?? '')))
  const pairs: string[] = []
  if (typeof query === 'object' && query !== null)
    for (const [name, value] of Object.entries(query))
      for (const one of Array.isArray(value) && value.length < 20 ? value : [value])
        pairs.push(`${percent(name)}=${percent(asText(one))}`)
  else if (query !== undefined) pairs.push(percent(asText(query)))
  // As long as a request's line may be; beyond it Node.js itself refuses.
  return `${address}${pairs.length ? `?${pairs.join('&')}` : ''}`.slice(0, 15_000)
}

export function percent(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // Half of a surrogate pair has no UTF-8; these are the bytes that it would have.
    return Array.from(text, (sign) => (sign.isWellFormed() ? encodeURIComponent(sign) : '%ED%A0%BD')).join('')
  }
}

/** What HTTP itself lets a caller say wrongly. */
function onTheWire(plain: Attempt, cookie: string | null, random: Random): Attempt {
  const { headers, body, target, method } = plain
  const without = (name: string) => headers.filter((line) => !line.startsWith(`${name}:`))
  const text = headerText(hostileText(random))
  switch (random.below(16)) {
    case 0:
      return {
        ...plain,
        headers: [...headers, `cookie: ${cookie ?? 'whale.session=x'}`, `cookie: whale.session=${text}`],
      }
    case 1:
      return {
        ...plain,
        headers: [...without('cookie'), `cookie: whale.session=${text}; ${cookie ?? ''}; __proto__=1; =; ;a`],
      }
    case 2:
      return {
        ...plain,
        headers: [...without('cookie'), `cookie: ${(cookie ?? 'whale.session=a.b').replace(/.$/, '%')}`],
      }
    case 3:
      return { ...plain, headers: [...without('content-type'), `content-type: ${random.pick(mediaTypes)}`] }
    case 4:
      return { ...plain, headers: without('content-type') }
    case 5:
      return { ...plain, body: body && body.subarray(0, random.below(body.length + 1)) }
    case 6:
      return { ...plain, body: body && spoiltBytes(body, random) }
    case 7:
      return { ...plain, body: Buffer.from(spoiltJson(body?.toString() ?? '', random)) }
    case 8:
      return { ...plain, headers: [...headers, random.pick(oddHeaders), random.pick(oddHeaders)] }
    case 9:
      return { ...plain, headers: [...headers, `${random.pick(listened)}: ${text}`] }
    case 10:
      return { ...plain, target: `${target}${target.includes('?') ? '&' : '?'}${random.pick(oddQueries)}` }
    case 11:
      return { ...plain, isElsewhere: true, target: target.replace(/[^/?]+/, () => random.pick(oddParts)) }
    case 12:
      return {
        ...plain,
        isElsewhere: true,
        target: target.replace(/\/[^/?]*(?=\?|$)/, () => `/${random.pick(oddParts)}`),
      }
    case 13:
      return {
        ...plain,
        method: random.pick(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']),
      }
    case 14:
      return { ...plain, isElsewhere: true, target: method === 'GET' ? target.replace('/v1/', '/V1/') : `/${target}` }
    default:
      return {
        ...plain,
        headers: [...headers, ...Array.from({ length: 60 }, (_, n) => `x-${n}: ${text.slice(0, 50)}`)],
      }
  }
}

const mediaTypes = [
  '',
  'text/plain',
  'application/json; charset=utf-16',
  'application/json; charset=__proto__',
  'APPLICATION/JSON',
  'application/json;',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'image/png',
  'image/svg+xml',
  '*/*',
  'application/json, text/plain',
  '__proto__',
  'a'.repeat(300),
  'application/octet-stream',
  'application/json\t',
]
const oddHeaders = [
  'content-encoding: gzip',
  'expect: 100-continue',
  'expect: nonsense',
  'upgrade: websocket',
  'upgrade: h2c',
  'range: bytes=0-',
  'range: bytes=9-1,x',
  'if-none-match: *',
  'if-modified-since: never',
  'accept-encoding: br, gzip;q=nonsense',
  'accept: text/event-stream',
  'accept: text/html',
  'accept: */*;q=-1',
  'origin: null',
  'origin: https://elsewhere.example',
  'origin: nonsense',
  'origin: http://[',
  'host: elsewhere.example',
  'x-forwarded-for: 1.2.3.4, nonsense',
  'x-forwarded-host: elsewhere.example',
  'x-forwarded-proto: gopher',
  'x-http-method-override: DELETE',
  'authorization: Bearer nonsense',
  'authorization: Basic %%%',
  'x-request-id: short',
  `x-request-id: ${'a'.repeat(64)}`,
  'traceparent: 00-00000000000000000000000000000000-0000000000000000-00',
  'last-event-id: nonsense',
  'accept-language: xx-__proto__',
  'cookie: a=b',
  'te: trailers',
  'connection: upgrade',
  'keep-alive: nonsense',
  'sec-websocket-version: 13',
  'access-control-request-method: DELETE',
  'dnt: 1',
  'proxy-connection: x',
  'trailer: cookie',
  'idempotency-key: x',
  'whale-account: nonsense',
  'whale-account: 00000000-0000-0000-0000-000000000000',
  'whale-account: __proto__',
]
const listened = [
  'last-event-id',
  'x-request-id',
  'origin',
  'user-agent',
  'accept',
  'authorization',
  'if-none-match',
  'traceparent',
  'whale-account',
  'accept-encoding',
]
const oddQueries = [
  'limit=1&limit=2',
  'limit[]=1',
  'limit[a]=1',
  'after=1&before=1&around=1',
  '__proto__=1',
  '__proto__[a]=1',
  'constructor=1',
  'a=%',
  'a=%ff',
  'a=%00',
  'limit=%EF%BC%91',
  '&&&',
  '=',
  '==',
  '?',
  'a',
  '%ff=1',
  '%00=1',
  'limit=1;after=2',
  '#',
  'limit=+1',
  'limit=1%20',
  'toString=1',
  'after=',
  'before=',
  'ids=',
  'query=%',
  'query=%25%5f%5c',
]
const oddParts = [
  '',
  '.',
  '..',
  '%2e%2e',
  '%2f',
  '%5c',
  '%00',
  '%ff',
  '%',
  '%zz',
  '%u0041',
  'undefined',
  'null',
  '__proto__',
  'constructor',
  '*',
  ':conversationId',
  '{conversationId}',
  'a'.repeat(600),
  '%f0%9f%90%b3',
  '%ED%A0%BD',
  '1',
  '-1',
  ';',
  ';a=b',
  '~',
  '@',
  'v2',
  'index.html',
  '%0d%0aset-cookie:a=b',
  "'",
  '"',
  '<',
  'a%20b',
]

/** Addresses that no contract names. */
const elsewhere = [
  '/',
  '/livez',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/docs/',
  '/docs/json',
  '/docs/yaml',
  '/docs/static/index.html',
  '/docs/static/swagger-ui.css',
  '/docs/static/',
  '/docs/static/x',
  '/docs/initOAuth',
  '/v1',
  '/v1/',
  '/v1/nowhere',
  '/c/x',
  '/join/x',
  '/assets/',
  '/assets/x.js',
  '/theme.js',
  '/manifest.webmanifest',
  '/favicon.ico',
  '/robots.txt',
  '/.env',
  '/.git/config',
  '/admin',
  '//',
  '/..',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/index.html',
  '/sw.js',
  '/.well-known/security.txt',
]

export function requestElsewhere(cookie: string | null, random: Random): Attempt {
  const base = random.pick(elsewhere)
  const target = random.chance(0.5) ? base : `${base}${random.chance(0.5) ? '/' : ''}${random.pick(oddParts)}`
  const plain: Attempt = {
    operation: null,
    method: random.chance(0.8) ? 'GET' : random.pick(['HEAD', 'OPTIONS', 'POST', 'DELETE']),
    target: random.chance(0.2) ? `${target}?${random.pick(oddQueries)}` : target,
    headers: [...(cookie === null ? [] : [`cookie: ${cookie}`]), ...(random.chance(0.5) ? ['accept: text/html'] : [])],
    body: null,
    isPlain: false,
    isElsewhere: true,
  }
  return random.chance(0.5) ? plain : onTheWire(plain, cookie, random)
}

/** A header's value may have any byte but a few; those end the connection, which is tried now and then. */
const headerText = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[\0\r\n]/g, text.length % 50 === 0 ? '\0' : '')
    .slice(0, 3_000)

const pictureStarts = [
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
  Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\b\x06\0\0\0', 'latin1'),
  Buffer.from('GIF89a\xff\xff\xff\xff\xf7\0\0', 'latin1'),
  Buffer.from('\xff\xd8\xff\xe0\0\x10JFIF\0', 'latin1'),
  Buffer.from('RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\xff', 'latin1'),
  Buffer.from('\0\0\0\x20ftypavif\0\0\0\0mif1', 'latin1'),
  Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
  Buffer.alloc(0),
]

const pictures = (random: Random): Buffer => {
  const start = random.pick(pictureStarts)
  return random.chance(0.5) ? start : Buffer.concat([start, Buffer.from(hostileText(random).repeat(20))])
}

function spoiltBytes(body: Buffer, random: Random): Buffer {
  const copy = Buffer.from(body)
  for (let left = random.between(1, 4); left > 0 && copy.length; left -= 1)
    copy[random.below(copy.length)] = random.pick([
      0,
      0x80,
      0xc0,
      0xff,
      0xed,
      0x22,
      0x5c,
      0x7b,
      0x0a,
      random.below(256),
    ])
  return random.chance(0.2) ? Buffer.from(copy.toString(), 'utf16le') : copy
}

/** JSON that is none, or that says what `JSON.stringify` would not. */
function spoiltJson(json: string, random: Random): string {
  const raw = random.pick([
    ...hostileNumbers,
    '1e400',
    '-1e400',
    'NaN',
    'undefined',
    '"\\ud800"',
    '"\\u0000"',
    '01',
    '1.e1',
    "'x'",
    '/*x*/1',
    '{"__proto__":{}}',
  ])
  switch (random.below(9)) {
    case 0:
      return json.replace(/("\w+":)("[^"]*"|[\w.+-]+)/, (_all, name: string) => `${name}${raw}`)
    case 1:
      return `${json}${json}`
    case 2:
      return `\ufeff${json}`
    case 3:
      return '['.repeat(random.pick([10, 100, 5_000])) + json
    case 4:
      return json.replace('{', `{"__proto__":${String(raw)},`)
    case 5:
      return json.replace('{', `{"constructor":{"prototype":{"a":1}},`)
    case 6:
      // The same name twice: the last one is meant.
      return json.replace(/^\{("\w+":)/, (_all, name: string) => `{${name}${String(raw)},${name}`)
    case 7:
      return random.pick([
        'null',
        'true',
        '0',
        '""',
        '[]',
        '{}',
        '[null]',
        '"text"',
        '{"a":1',
        '}',
        ' ',
        '\0',
        'nul',
        ...hostileTexts,
      ])
    default:
      return `{"a":${'{"a":'.repeat(random.pick([20, 40, 3_000]))}1`
  }
}
