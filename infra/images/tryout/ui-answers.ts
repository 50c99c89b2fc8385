import { drawingsEdition } from '../../../src/platform/ui/emoji-drawn.ts'

/** What is wrong with the answers of a running `ui` image, as sentences; none when it serves the UI as it is to. */
export async function complaintsAboutUi(ui: string, api: string): Promise<string[]> {
  const complaints: string[] = []
  const expect = (holds: unknown, words: string): void => void (holds || complaints.push(words))

  const page = await fetch(`${ui}/c/any-conversation`, { headers: { accept: 'text/html' } })
  const html = await page.text()
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(page.ok && html.includes('<div id="root">'), `An address of the app gets ${page.status} instead of the page.`)
  expect(html.includes(`<meta name="api-origin" content="${api}"`), 'The page does not say where the API is.')
  expect(page.headers.get('cache-control') === 'no-cache', 'The page is not asked for again.')
  expect(/default-src 'none'/.test(policy) && /script-src 'self'(;|$)/.test(policy), `The policy is loose: ${policy}`)
  expect(policy.includes(`connect-src 'self' ${api} ${api.replace('http', 'ws')}`), `The API is not in: ${policy}`)
  expect(page.headers.get('x-content-type-options') === 'nosniff', 'The page may be taken for another type.')
  expect(page.headers.get('referrer-policy') === 'no-referrer', 'Other sites are told where a link stood.')

  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '/assets/none.js'
  for (const encoding of ['br', 'gzip']) {
    const asset = await fetch(ui + script, { headers: { 'accept-encoding': encoding } })
    await asset.arrayBuffer()
    expect(asset.headers.get('content-encoding') === encoding, `${script} is not sent as ${encoding}.`)
    expect(/immutable/.test(asset.headers.get('cache-control') ?? ''), `${script} is not kept by browsers.`)
    expect(/javascript/.test(asset.headers.get('content-type') ?? ''), `${script} is not sent as a script.`)
    expect(/accept-encoding/i.test(asset.headers.get('vary') ?? ''), `${script} does not vary by encoding.`)
  }
  const drawing = await fetch(`${ui}/assets/emoji/${drawingsEdition}/1f433.svg`, {
    headers: { 'accept-encoding': 'br' },
  })
  expect(drawing.ok && (await drawing.text()).startsWith('<svg'), `The drawing of a whale gets ${drawing.status}.`)
  expect(drawing.headers.get('content-type')?.startsWith('image/svg+xml'), 'A drawing is not sent as a picture.')
  expect(drawing.headers.get('content-encoding') === 'br', 'A drawing is not sent compressed.')
  expect(/immutable/.test(drawing.headers.get('cache-control') ?? ''), 'A drawing is not kept by browsers.')
  for (const file of [
    `/assets/emoji/${drawingsEdition}/1f999f.svg`,
    '/assets/none.js',
    '/v1/me',
    '/../package.json',
    '/package.json',
  ]) {
    const answer = await fetch(ui + file, { headers: { accept: 'application/json' } })
    await answer.arrayBuffer()
    expect(answer.status === 404, `${file} gets ${answer.status} from the UI.`)
  }
  return complaints
}
