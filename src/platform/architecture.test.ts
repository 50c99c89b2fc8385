import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import path from 'node:path'
import { test } from 'node:test'
import { violations } from './testing/architecture.ts'

const src = path.resolve(import.meta.dirname, '..')

test('the sources keep to the ladder and to the rules of shape', async () => {
  const names = (await readdir(src, { recursive: true })).filter((name) => /\.[cm]?[jt]sx?$/.test(name))
  const files = new Map<string, string>()
  for (const name of names) files.set(name.replaceAll(path.sep, '/'), await readFile(path.join(src, name), 'utf8'))
  assert.ok(files.size > 50, 'the sources were found')
  assert.deepEqual(violations(files), [])
})

const sound = {
  'main.ts': "import { build } from './app.ts'\nimport { post } from '#messages/post.ts'\n",
  'app.ts': "import { routes } from '#messages/routes.ts'\n",
  'platform/db/migrate.ts': "import { clock } from '#platform/clock.ts'\n",
  'messages/post.ts': "import { insert } from './store.ts'\nimport { requireMember } from '#members/access.ts'\n",
  'messages/post.test.ts': "import { app } from '#app.ts'\nimport { cast } from '#accounts/testing.ts'\n",
  'messages/ui/Row.tsx':
    "import { shape } from '../contract.ts'\nimport { Face } from '#accounts/ui/Face.tsx'\nimport { store } from '#platform/ui/store.ts'\n",
  'messages/ui/Row.test.ts': "import { test } from 'node:test'\n",
  'acceptance/convergence.test.ts': "import { applyEvent } from '#messages/ui/timeline.ts'\n",
  'web/main.tsx':
    "import { Row } from '#messages/ui/Row.tsx'\nconst Later = lazy(() => import('#admin/ui/Admin.tsx'))\n",
  'vite.config.ts': 'export default {}\n',
  'messages/long.ts': `// One statement, long because Postgres wants it so.\n${'//\n'.repeat(400)}`,
  'messages/text.ts': "const text = `\n  import { x } from '#web/x.ts'`\n// import { y } from '#web/y.ts'\n",
}

test('sound files pass', () => {
  assert.deepEqual(violations(new Map(Object.entries(sound))), [])
})

const planted: [file: string, source: string, says: RegExp][] = [
  ['delivery/hub.ts', "import { post } from '#messages/post.ts'\n", /down the ladder only/],
  ['delivery/hub.ts', "import type { Post } from '#messages/post.ts'\n", /down the ladder only/],
  ['delivery/hub.ts', "export { post } from '#messages/post.ts'\n", /down the ladder only/],
  ['delivery/hub.ts', "import {\n  post,\n  edit,\n} from '#messages/post.ts'\n", /down the ladder only/],
  ['delivery/hub.ts', "const later = await import('#messages/post.ts')\n", /down the ladder only/],
  ['platform/clock.ts', "import '#app.ts'\n", /down the ladder only/],
  ['search/follow.ts', "import { push } from '#notifications/push.ts'\n", /down the ladder only/],
  ['messages/post.ts', "import { cast } from '#accounts/testing.ts'\n", /for tests only/],
  ['messages/post.ts', "import { rows } from '#members/store.ts'\n", /only members\/ itself may use its store/],
  ['messages/post.test.ts', "import { rows } from '#members/store.ts'\n", /only members\/ itself may use its store/],
  ['messages/post.ts', "import { Row } from './ui/Row.tsx'\n", /server code never imports the UI/],
  ['messages/ui/Row.tsx', "import { post } from '../post.ts'\n", /the UI imports contracts/],
  ['messages/ui/Row.tsx', "import { check } from '#platform/http/checks.ts'\n", /the UI imports contracts/],
  ['web/main.tsx', "import { post } from '#messages/post.ts'\n", /the UI imports contracts/],
  ['web/main.tsx', "import path from 'node:path'\n", /the browser has no Node\.js/],
  ['messages/rules.ts', "import { createHash } from 'node:crypto'\n", /the browser loads this file/],
  ['messages/post.ts', "import { requireMember } from '../members/access.ts'\n", /written #feature\/file\.ts/],
  ['main.ts', "import { post } from './messages/post.ts'\n", /written #feature\/file\.ts/],
  ['polls/vote.ts', '', /no place on the ladder/],
  ['messages/index.ts', '', /is a barrel/],
  ['messages/all.ts', "export * from './post.ts'\n", /passes on all/],
  ['messages/post.ts', 'export default function post() {}\n', /default export/],
  ['messages/post.ts', 'export { post as default }\n', /default export/],
  ['messages/utils.ts', '', /"utils" for a name/],
  ['messages/helpers/text.ts', '', /"helpers" for a name/],
  ['messages/message-service.ts', '', /"service" for a name/],
  ['messages/ui/SocketManager.tsx', '', /"Manager" for a name/],
  ['messages/common.test.ts', '', /"common" for a name/],
  ['messages/post.ts', 'post()\n'.repeat(301), /has 301 lines/],
]

for (const [file, source, says] of planted) {
  test(`it is noticed: ${file} with ${source.split('\n')[0] || 'that name'}`, () => {
    const found = violations(new Map([...Object.entries(sound), [file, source]]))
    assert.equal(found.length, 1, found.join('\n'))
    assert.match(found[0]!, says)
    assert.ok(found[0]!.startsWith(`${file} `))
  })
}
