import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { WebSocket } from 'ws'
import { ClientFrame, protocolVersion, ServerFrame } from '#delivery/contract.ts'
import { contractAjv } from '#platform/http/contract-ajv.ts'
import type { Random } from '#seed/random.ts'
import { type Known, mutated, type Schema, valid } from './generate.ts'
import type { Judged } from './judge.ts'
import { hostileNumbers, hostileText, hostileThings } from './values.ts'

export interface Tried {
  /** How many frames were sent. */
  readonly frames: number
  readonly answers: Readonly<Record<string, number>>
  readonly faults: readonly (Judged & { readonly sent: string })[]
}

const isServerFrame = contractAjv({}).compile<{ type: string }>(ServerFrame)
const kinds = (ClientFrame as unknown as { anyOf: Schema[] }).anyOf
/** How a connection may end: as the stream does it, or as the protocol of sockets asks for what is against it. */
const endings = new Set([1000, 1001, 1002, 1005, 1007, 1009, 4400, 4401, 4408, 4409, 4410])
const patience = 10_000

/**
 * One connection to the stream: mostly a hello that is taken, some frames that are and some that are not, and a ping at
 * the end. It must be answered or hung up on for a reason; nothing may fail on the server's side.
 */
export async function tryFrames(port: number, cookie: string, random: Random, known: Known): Promise<Tried> {
  const answers: Record<string, number> = {}
  const faults: (Judged & { sent: string })[] = []
  const sent: string[] = []
  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/stream`, { headers: { cookie } })
  const fault = (kind: Judged['fault'], detail: string) =>
    void faults.push({ fault: kind, detail, sent: sent.map((frame) => frame.slice(0, 600)).join('\n') })
  let broke = false
  let wentLive = () => {}
  const live = new Promise<void>((resolve) => (wentLive = resolve))
  const ended = new Promise<void>((resolve) => {
    const silent = setTimeout(() => {
      fault('no answer', `neither a pong nor an end within ${patience} ms`)
      socket.terminate()
    }, patience)
    socket.on('close', (code) => {
      clearTimeout(silent)
      answers[`closed ${code}`] = (answers[`closed ${code}`] ?? 0) + 1
      // One that was handed what no socket may say is hung up on.
      if (!endings.has(code) && !(broke && code === 1006)) fault('five-hundred', `the stream ended with ${code}`)
      resolve()
    })
  })
  socket.on('message', (data) => {
    const text = (data as Buffer).toString()
    const frame: unknown = JSON.parse(text)
    if (!isServerFrame(frame)) return fault('wrong shape', text.slice(0, 300))
    answers[frame.type] = (answers[frame.type] ?? 0) + 1
    if (
      /^\{"type":"refused","code":"internal"|"reason":"server-stopping"/.test(text) ||
      text.includes('server-stopping')
    )
      fault('five-hundred', text.slice(0, 300))
    if (frame.type === 'pong') socket.close()
    if (frame.type === 'live') wentLive()
  })
  // Refused at the door: the fuzzer has ended this session.
  const opened = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('unexpected-response', (_request, response) => {
      if (response.statusCode! >= 500) fault('five-hundred', `the upgrade was answered with ${response.statusCode}`)
      response.resume()
      resolve(false)
      socket.terminate()
    })
  })
  socket.on('error', () => {})
  if (!opened) {
    await ended
    return { frames: 1, answers, faults: faults.filter(({ detail }) => !detail.includes('1006')) }
  }
  const say = (frame: string | Buffer) => {
    sent.push(frame.toString())
    socket.send(frame)
  }
  const greets = random.below(10)
  if (greets > 1) say(JSON.stringify(hello(known, random)))
  else if (greets === 1) say(JSON.stringify(mutated(hello(known, random), kinds[0], '', random, known)))
  // Half of them while it is still being opened.
  if (greets > 5) await Promise.race([live, ended])
  for (let left = random.between(1, 6); left > 0 && socket.readyState === socket.OPEN; left -= 1) {
    // The first that is refused is the last: those that are not come before it.
    const isLast = left === 1 && random.chance(0.7)
    if (isLast && random.chance(0.2)) {
      broke = true
      const bytes = random.pick(againstTheProtocol)
      sent.push(`raw ${bytes.toString('hex')}`)
      ;(socket as unknown as Record<string, Socket>)['_socket']!.write(bytes)
    } else say(isLast ? hostileFrame(random, known) : JSON.stringify(valid(random.pick(kinds), '', random, known)))
    // Some in one packet, some each by itself.
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve))
  }
  if (socket.readyState === socket.OPEN) say('{"type":"ping"}')
  await ended
  return { frames: sent.length, answers, faults }
}

function hello(known: Known, random: Random): Record<string, unknown> {
  const positions: Record<string, unknown> = {}
  for (let left = random.below(5); left > 0; left -= 1) {
    const id = known.id('conversationId', random)
    positions[random.chance(0.2) ? id.toUpperCase() : id] = random.pick([
      0,
      1,
      2,
      3,
      5,
      1_000,
      ...(random.chance(0.3) ? hostileNumbers : []),
    ])
  }
  return {
    type: 'hello',
    protocol: protocolVersion,
    positions,
    ...(random.chance(0.3) ? { mostBehind: random.pick([0, 1, 100, 1e308, 2 ** 53]) } : {}),
    ...(random.chance(0.3) ? { presence: random.pick(['active', 'away']) } : {}),
  }
}

function hostileFrame(random: Random, known: Known): string | Buffer {
  const kind = random.pick(kinds)
  const frame = valid(kind, '', random, known)
  switch (random.below(9)) {
    case 0:
      return hostileText(random)
    case 1:
      return JSON.stringify(random.pick(hostileThings))
    case 2:
      return JSON.stringify(frame).replace(
        /:(\d+|"[^"]*")/,
        `:${random.pick([...hostileNumbers, '1e400', '"\\ud800"'])}`,
      )
    case 3:
      return JSON.stringify(frame).replace('{', '{"__proto__":{"type":"ping"},')
    case 4:
      return random.chance(0.5) ? randomBytes(random.below(200)) : Buffer.from(JSON.stringify(frame))
    case 5:
      return random.pick([
        '['.repeat(5_000),
        `{"type":"hello","protocol":1,"positions":${'{"a":'.repeat(2_000)}`,
        ' '.repeat(5_000),
        '{"type":"ping"}'.repeat(3),
      ])
    default:
      return JSON.stringify(mutated(frame, kind, '', random, known))
  }
}

/** Frames that no client may send, masked and not. */
const againstTheProtocol = [
  '8100', // not masked
  'c18400000000', // a bit that is reserved
  '8385000000000000000000', // an opcode that is none
  '81ff7fffffffffffffff00000000', // as long as a file
  '81ff000000000009000000000000', // 589,824 bytes
  '89fe010000000000', // a ping with 256 bytes
  '8882000000000001', // a close with code 1
  '888200000000ffff',
  '88810000000003',
  '818200000000c328', // text that is not UTF-8
  '01810000000061018100000000628081000000006380', // a second beginning before the first has ended
  '80810000000061', // the end of nothing
].map((hex) => Buffer.from(hex, 'hex'))
