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

/** The first digit of the kustomize in kubectl, or null without one. Before 5 it does not know all that is used here. */
function kustomize(): number | null {
  const { status, stdout } = run('kubectl', ['version', '--client', '-o', 'json'])
  const version = status === 0 ? (JSON.parse(stdout) as { kustomizeVersion?: string }).kustomizeVersion : undefined
  return version ? Number(/^v(\d+)/.exec(version)?.[1] ?? 0) : null
}

const major = kustomize()
const compared = major !== null && major >= 5
if (compared) for (const overlay of overlays) findings.push(...compare(overlay))
else {
  const lack = major === null ? 'there is no kubectl with a kustomize' : `kubectl has kustomize ${major}, 5 is needed`
  say(`SKIPPED kubectl kustomize: ${lack}; check/render.ts alone rendered the overlays.`)
}

const servers = ['nats-server', '/usr/sbin/nats-server']
const server = servers.find((program) => run(program, ['--version']).status === 0)
if (server) {
  const env = { ...process.env, SERVER_NAME: 'nats-0', NATS_PASSWORD: 'check' }
  const { status, stdout, stderr } = run(server, ['-t', '-c', 'base/nats.conf'], env)
  if (status !== 0) findings.push(`base/nats.conf: ${(stdout + stderr).trim()}`)
} else say('SKIPPED nats-server -t: there is no nats-server to read base/nats.conf.')

for (const finding of new Set(findings)) say(finding)
const rendered = compared ? ', as kubectl renders them' : ''
if (findings.length === 0) say(`${overlays.length} overlays of infra/kubernetes are sound${rendered}.`)
process.exitCode = findings.length === 0 ? 0 : 1
