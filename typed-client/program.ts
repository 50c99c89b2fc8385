import createClient from 'openapi-fetch'
import type { components, paths } from './generated/api.ts'

// What somebody writes who has nothing but /openapi.json: `node program.ts <origin> <setup code>`. It is compiled against the types that
// openapi-typescript makes of the document, and run against a place that nobody has signed up at.

declare const process: { argv: string[]; exitCode?: number }

const [, , origin = '', setupCode = ''] = process.argv
let cookie = ''
const api = createClient<paths>({
  baseUrl: origin,
  fetch: async (request) => {
    if (cookie) request.headers.set('cookie', cookie)
    const response = await fetch(request)
    const [set] = response.headers.getSetCookie()
    if (set) cookie = set.split(';')[0]!
    return response
  },
})

function must<T>(what: string, value: T | undefined, error?: components['schemas']['Problem'] | unknown): T {
  if (value === undefined) throw new Error(`${what}: ${JSON.stringify(error)}`)
  return value
}
const equal = (what: string, one: unknown, other: unknown) => {
  if (one !== other) throw new Error(`${what}: ${String(one)} is not ${String(other)}`)
}

const person = { name: 'Ada Lindqvist', email: 'ada@tidewater.example', password: 'a calm evening at sea' }
const founded = await api.POST('/v1/accounts', { body: { ...person, placeName: 'Tidewater', setupCode } })
const me = must('sign up', founded.data, founded.error)
equal('the first account owns the place', me.role, 'owner')
cookie = ''

// A refusal has its document, with what it requires: the title among it.
const refused = await api.POST('/v1/sessions', { body: { email: person.email, password: 'not the password' } })
const problem: components['schemas']['Problem'] = must('the refusal', refused.error)
equal('its code', problem.code, 'wrong-credentials')
equal('its title', problem.title.length > 10, true)

const { email, password } = person
const signedIn = await api.POST('/v1/sessions', { body: { email, password } })
equal('who signed in', must('sign in', signedIn.data, signedIn.error).id, me.id)

const created = await api.POST('/v1/conversations', { body: { kind: 'channel', name: 'typed', topic: 'By its types' } })
const { id: conversationId, lastSeq } = must('create', created.data, created.error)
const path = { conversationId }
for (const body of ['One', 'Two', 'Three']) {
  const sent = await api.POST('/v1/conversations/{conversationId}/messages', {
    params: { path },
    body: { clientId: body, body },
  })
  equal('what was sent', must('send', sent.data, sent.error).body, body)
}
const bodies: string[] = []
let before: number | null = null
do {
  const query: { limit: number; before?: number } = before === null ? { limit: 2 } : { limit: 2, before }
  const page = await api.GET('/v1/conversations/{conversationId}/messages', { params: { path, query } })
  const { messages, before: older }: components['schemas']['MessagePage'] = must('page', page.data, page.error)
  bodies.unshift(...messages.map((message) => message.body))
  before = older
} while (before !== null)
equal('what was paged', bodies.join(), 'One,Two,Three')

const log = await api.GET('/v1/conversations/{conversationId}/events', {
  params: { path, query: { after: lastSeq } },
})
equal(
  'what was logged',
  must('the log', log.data, log.error)
    .events.map(({ type }) => type)
    .join(),
  Array(3).fill('message.posted').join(),
)

// The stream, by the shapes of its frames.
const hello: components['schemas']['Hello'] = { type: 'hello', protocol: 1, positions: { [conversationId]: lastSeq } }
const seen: components['schemas']['MessagePosted'][] = []
// Browsers and Node.js cannot set a cookie of a socket's upgrade: server-sent events take the same positions.
const stop = new AbortController()
const stream = await fetch(`${origin}/v1/stream?after=${conversationId}:${hello.positions[conversationId]}`, {
  headers: { accept: 'text/event-stream', cookie },
  signal: stop.signal,
})
let said = ''
for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
  said += chunk
  if (said.includes('event: live\n')) break
}
for (const frame of said.split('\n\n')) {
  const data = /^event: message\.posted\ndata: (.*)$/m.exec(frame)?.[1]
  if (data) seen.push(JSON.parse(data) as components['schemas']['MessagePosted'])
}
equal('what was streamed', seen.map(({ message }) => message.body).join(), 'One,Two,Three')
const frame: components['schemas']['ServerFrame'] = { type: 'refused', code: 'bad-frame', title: 'Not understood' }
equal('a frame', frame.type, 'refused')

// What is wrong does not compile.
// @ts-expect-error -- a body without its clientId
const wrongBody: NonNullable<
  paths['/v1/conversations/{conversationId}/messages']['post']['requestBody']
>['content']['application/json'] = { body: 'x' }
// @ts-expect-error -- a path that there is not
const wrongPath: keyof paths = '/v1/whales'
// @ts-expect-error -- a refusal without its title
const wrongProblem: components['schemas']['Problem'] = { type: 'x', status: 404, code: 'x', requestId: 'x' }
void [wrongBody, wrongPath, wrongProblem]
console.log(
  `Signed up, signed in, created, sent 3, paged, and streamed ${seen.length} by the types of ${origin}/openapi.json.`,
)
