import { newId } from '#platform/new-id.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { wideLimits } from '#platform/testing/wide-limits.ts'
import { usualLimits } from './attempts.ts'
import type { Me } from './shapes.ts'
import { type AccountsServer, accountsServer, signedUp } from './testing.ts'

const put = ({ app }: AccountsServer, cookie: string, payload: Buffer, type: string = 'image/png') =>
  app.inject({ method: 'PUT', url: '/v1/me/avatar', headers: { cookie, 'content-type': type }, payload })
const get = ({ app }: AccountsServer, cookie: string, url: string) => app.inject({ url, headers: { cookie } })
const codeOf = (reply: { body: string }) => (JSON.parse(reply.body) as { code: string }).code

const red = { r: 220, g: 20, b: 20 }
const blue = { r: 20, g: 20, b: 220 }
const plain = (width: number, height: number, background = red) =>
  sharp({ create: { width, height, channels: 3, background } })

/** Left half red, right half blue. */
const halves = (width: number, height: number) =>
  plain(width, height).composite([
    { input: { create: { width: width / 2, height, channels: 3, background: blue } }, left: width / 2, top: 0 },
  ])

async function colourAt(image: Buffer, left: number, top: number) {
  const [r = 0, , b = 0] = await sharp(image).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer()
  return r > b ? 'red' : 'blue'
}

/** A black PNG of one bit per pixel, a few kilobytes at any size; by `rows` it can hold less than it says. */
function black(width: number, height: number, rows: number = height): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([1, 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(rows * (1 + Math.ceil(width / 8))))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

test('a picture becomes a square WebP of 256 pixels at an address that may be cached for ever', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const reply = await put(server, grace.cookie, await halves(600, 300).png().toBuffer())
  assert.equal(reply.statusCode, 200, reply.body)
  const { avatar } = reply.json<Me>()
  assert.match(avatar!, new RegExp(`^/v1/accounts/${grace.account.id}/avatar/[0-9a-f-]{36}$`))
  assert.deepEqual(server.delivery.told, [['tellAll', { type: 'account', accountId: grace.account.id }]])

  const picture = await get(server, ada.cookie, avatar!)
  assert.equal(picture.statusCode, 200)
  assert.deepEqual(
    ['content-type', 'cache-control', 'x-content-type-options'].map((name) => picture.headers[name]),
    ['image/webp', 'private, max-age=31536000, immutable', 'nosniff'],
  )
  const { format, width, height } = await sharp(picture.rawPayload).metadata()
  assert.deepEqual([format, width, height], ['webp', 256, 256])
  assert.deepEqual(
    [await colourAt(picture.rawPayload, 20, 128), await colourAt(picture.rawPayload, 236, 128)],
    ['red', 'blue'],
  )
})

test('every kind of the contract is taken, whatever its sender calls it', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  for (const kind of ['png', 'jpeg', 'webp', 'avif', 'gif'] as const) {
    const bytes = await plain(40, 40).toFormat(kind).toBuffer()
    assert.equal((await put(server, grace.cookie, bytes, `image/${kind}`)).statusCode, 200, kind)
  }
  assert.equal((await put(server, grace.cookie, await plain(40, 40).jpeg().toBuffer(), 'image/png')).statusCode, 200)
  assert.equal((await put(server, grace.cookie, await plain(1, 1).png().toBuffer())).statusCode, 200)
})

test('it is turned upright and loses what the camera wrote', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const photo = await halves(300, 300)
    .jpeg()
    .withExif({ IFD0: { Artist: 'Grace Okafor', Orientation: '3' }, IFD3: { GPSLatitude: '60/1 10/1 0/1' } })
    .withMetadata({ orientation: 3 })
    .toBuffer()
  assert.ok((await sharp(photo).metadata()).exif)
  const { avatar } = (await put(server, grace.cookie, photo, 'image/jpeg')).json<Me>()
  const kept = (await get(server, grace.cookie, avatar!)).rawPayload
  const { exif, xmp, iptc, orientation } = await sharp(kept).metadata()
  assert.deepEqual([exif, xmp, iptc, orientation], [undefined, undefined, undefined, undefined])
  assert.deepEqual([await colourAt(kept, 20, 128), await colourAt(kept, 236, 128)], ['blue', 'red'])
})

test('of an animation the first picture is kept', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const frames = await Promise.all([plain(50, 50).png().toBuffer(), plain(50, 50, blue).png().toBuffer()])
  const animation = await sharp(frames, { join: { animated: true } })
    .gif({ delay: [100, 100] })
    .toBuffer()
  assert.equal((await sharp(animation).metadata()).pages, 2)
  const { avatar } = (await put(server, grace.cookie, animation, 'image/gif')).json<Me>()
  const kept = (await get(server, grace.cookie, avatar!)).rawPayload
  const { pages, height } = await sharp(kept).metadata()
  assert.deepEqual([pages ?? 1, height], [1, 256])
  assert.equal(await colourAt(kept, 128, 128), 'red')
})

test('what is not a picture, or means harm, is refused and the old picture stays', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const { avatar } = (await put(server, grace.cookie, await plain(40, 40).png().toBuffer())).json<Me>()
  const noisy = await sharp(Buffer.from(Array.from({ length: 30_000 }, (_, n) => (n * n * 31) % 251)), {
    raw: { width: 100, height: 100, channels: 3 },
  })
    .png()
    .toBuffer()
  assert.equal((await put(server, grace.cookie, noisy)).statusCode, 200)
  const before = (await get(server, grace.cookie, '/v1/me')).json<Me>().avatar
  assert.notEqual(before, avatar)

  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="/etc/passwd"/></svg>'
  const hostile: Record<string, Buffer> = {
    svg: Buffer.from(svg),
    'svg after a PNG’s first bytes': Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(svg)]),
    'cut off': noisy.subarray(0, noisy.length / 2),
    'cut off at once': noisy.subarray(0, 8),
    'a size that is a lie': black(5_000, 5_000, 10),
    'sides beyond reason': black(2_000_000_000, 2, 0),
    text: Buffer.from('not a picture'),
    html: Buffer.from('<script>alert(1)</script>'),
    pdf: Buffer.from('%PDF-1.7\n'),
    'one byte': Buffer.from([0x89]),
    nothing: Buffer.alloc(0),
  }
  for (const [name, bytes] of Object.entries(hostile)) {
    const reply = await put(server, grace.cookie, bytes)
    assert.deepEqual([reply.statusCode, codeOf(reply)], [422, 'not-a-picture'], name)
  }
  assert.equal((await get(server, grace.cookie, '/v1/me')).json<Me>().avatar, before)
})

test('a small file that unfolds into too many pixels is refused', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  assert.equal((await put(server, grace.cookie, black(7_000, 7_000))).statusCode, 200)
  const bomb = black(8_000, 7_000)
  assert.ok(bomb.length < 20_000)
  const reply = await put(server, grace.cookie, bomb)
  assert.deepEqual([reply.statusCode, codeOf(reply)], [422, 'not-a-picture'])
  assert.equal(reply.json<{ detail: string }>().detail, 'It has more than 50 million pixels.')
})

test('other content types are refused, too large a picture is, and no other operation takes pictures', async () => {
  const server = await accountsServer()
  const { grace } = await signedUp(server.db, server.clock)
  const png = await plain(40, 40).png().toBuffer()
  for (const type of ['image/svg+xml', 'image/tiff', 'application/json', 'text/html', 'application/octet-stream']) {
    const reply = await put(server, grace.cookie, png, type)
    assert.deepEqual([reply.statusCode, codeOf(reply)], [415, 'wrong-media-type'], type)
  }
  const bare = await server.app.inject({ method: 'PUT', url: '/v1/me/avatar', headers: { cookie: grace.cookie } })
  assert.deepEqual([bare.statusCode, codeOf(bare)], [415, 'wrong-media-type'])
  const large = await put(server, grace.cookie, Buffer.alloc(8 * 1024 * 1024 + 1, png))
  assert.deepEqual([large.statusCode, codeOf(large)], [413, 'body-too-large'])
  const elsewhere = await server.app.inject({
    method: 'PATCH',
    url: '/v1/me',
    headers: { cookie: grace.cookie, 'content-type': 'image/png' },
    payload: png,
  })
  assert.deepEqual([elsewhere.statusCode, codeOf(elsewhere)], [415, 'wrong-media-type'])
})

test('a picture is gone when it is removed or replaced, and unknown ones do not exist', async () => {
  const server = await accountsServer()
  const { ada, grace } = await signedUp(server.db, server.clock)
  const first = (await put(server, grace.cookie, await plain(9, 9).png().toBuffer())).json<Me>().avatar!
  assert.equal((await get(server, ada.cookie, first)).statusCode, 200)
  const second = (await put(server, grace.cookie, await plain(9, 9, blue).png().toBuffer())).json<Me>().avatar!
  assert.equal(codeOf(await get(server, ada.cookie, first)), 'avatar-not-found')
  assert.equal((await get(server, ada.cookie, second)).statusCode, 200)
  const removed = await server.app.inject({
    method: 'DELETE',
    url: '/v1/me/avatar',
    headers: { cookie: grace.cookie },
  })
  assert.equal(removed.json<Me>().avatar, null)
  const gone = await get(server, ada.cookie, second)
  assert.deepEqual(
    [gone.statusCode, codeOf(gone), gone.headers['cache-control']],
    [404, 'avatar-not-found', 'no-store'],
  )
  assert.equal(server.delivery.told.length, 3)
  assert.equal(codeOf(await get(server, ada.cookie, `/v1/accounts/${newId()}/avatar/${newId()}`)), 'avatar-not-found')
  assert.equal(codeOf(await get(server, ada.cookie, `/v1/accounts/x/avatar/${newId()}`)), 'wrong-format')
})

test('a picture is for the signed in, and for guests only of people whom they share a conversation with', async () => {
  const server = await accountsServer()
  const { grace, linus, edsger } = await signedUp(server.db, server.clock)
  const { avatar } = (await put(server, grace.cookie, await plain(9, 9).png().toBuffer())).json<Me>()
  assert.equal((await get(server, linus.cookie, avatar!)).statusCode, 200)
  assert.equal(codeOf(await get(server, '', avatar!)), 'signed-out')
  assert.equal(codeOf(await get(server, edsger.cookie, avatar!)), 'avatar-not-found')
  const id = newId()
  await server.db.query.insertInto('conversations').values({ id, kind: 'group', visibility: 'private' }).execute()
  for (const { account } of [grace, edsger])
    await server.db.query
      .insertInto('members')
      .values({ conversation_id: id, account_id: account.id, joined_at_seq: 0 })
      .execute()
  assert.equal((await get(server, edsger.cookie, avatar!)).statusCode, 200)
})

test('pictures at the same instant end with one, and too many are told to wait', async () => {
  const server = await accountsServer({
    limits: { ...usualLimits, picturesOfAccount: { times: 3, seconds: 60 } },
    config: { limits: { ...wideLimits, inFlight: { ...wideLimits.inFlight, uploadsOfAccount: 8 } } },
  })
  const { grace } = await signedUp(server.db, server.clock)
  const png = await halves(400, 400).png().toBuffer()
  const replies = await Promise.all(Array.from({ length: 8 }, () => put(server, grace.cookie, png)))
  assert.deepEqual(
    replies.map(({ statusCode }) => statusCode).sort((a, b) => a - b),
    [200, 200, 200, 429, 429, 429, 429, 429],
  )
  const { avatar } = (await get(server, grace.cookie, '/v1/me')).json<Me>()
  assert.equal((await get(server, grace.cookie, avatar!)).statusCode, 200)
})
