// The Kubernetes part of `npm run check:infra`, also by itself: node infra/kubernetes/check/main.ts
// Renders every overlay and checks what it would put into a cluster. Where there is a kubectl, its kustomize renders
// them too, and the two must agree; where there is a nats-server, it reads its configuration.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { inspect } from './inspect.ts'
import { type Json, type KubeObject, title } from './objects.ts'
import { filesOf, render } from './render.ts'

const root = path.resolve(import.meta.dirname, '..')
const files = filesOf(root)
const say = (line: string): boolean => process.stdout.write(`${line}\n`)

const overlays = globSync('overlays/*/*/kustomization.yaml', { cwd: root })
  .map((file) => path.posix.relative('overlays', path.posix.dirname(file)))
  .sort()

const run = (program: string, args: string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(program, args, { cwd: root, env, encoding: 'utf8', timeout: 60_000 })

/** Ours is the part of kustomize that is used here; this says whether that part is right. */
function* compare(overlay: string): Generator<string> {
  const { status, stdout, stderr } = run('kubectl', ['kustomize', `overlays/${overlay}`])
  if (status !== 0) return yield `kubectl cannot render ${overlay}: ${stderr.trim()}`
  const theirs = byTitle(parseAllDocuments(stdout).map((document) => document.toJS() as KubeObject))
  const ours = byTitle(render(files, `overlays/${overlay}`).objects)
  for (const name of new Set([...theirs.keys(), ...ours.keys()]))
    if (!isDeepStrictEqual(theirs.get(name), ours.get(name)))
      yield `${overlay}: kubectl renders ${name} differently from check/render.ts.`
}

const byTitle = (objects: KubeObject[]): Map<string, Json> =>
  new Map(objects.map((object) => [`${object.apiVersion} ${title(object)}`, object]))

const findings: string[] = []
for (const overlay of overlays) findings.push(...(await inspect(files, overlay)))

const version = run('kubectl', ['version', '--client'])
if (version.status === 0) for (const overlay of overlays) findings.push(...compare(overlay))
else say('SKIPPED kubectl kustomize: there is no kubectl; check/render.ts rendered the overlays by itself.')

const servers = ['nats-server', '/usr/sbin/nats-server']
const server = servers.find((program) => run(program, ['--version']).status === 0)
if (server) {
  const env = { ...process.env, SERVER_NAME: 'nats-0', NATS_PASSWORD: 'check' }
  const { status, stdout, stderr } = run(server, ['-t', '-c', 'base/nats.conf'], env)
  if (status !== 0) findings.push(`base/nats.conf: ${(stdout + stderr).trim()}`)
} else say('SKIPPED nats-server -t: there is no nats-server to read base/nats.conf.')

for (const finding of new Set(findings)) say(finding)
const rendered = version.status === 0 ? ', as kubectl does' : ''
if (findings.length === 0) say(`${overlays.length} overlays of infra/kubernetes are sound${rendered}.`)
process.exitCode = findings.length === 0 ? 0 : 1
