// What infra/one-server/compose.yaml stands up, without its engine: two API containers and the UI's behind Caddy and
// beside NATS, both of these from Debian and with the very files that the compose file mounts. Certificates are Caddy's
// own, because Let's Encrypt gives none to names below `localhost`.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import http from 'node:http'
import https from 'node:https'
import path from 'node:path'
import { freePort } from './ports.ts'

const files = path.resolve(import.meta.dirname, '../../one-server')

export interface Neighbour {
  readonly name: string
  readonly process: ChildProcess
  readonly said: () => string
}

/** The path of a program of this machine, or undefined. */
export const findProgram = (name: string): string | undefined =>
  [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin'].map((each) => path.join(each, name)).find(existsSync)

function run(name: string, args: string[], env: Record<string, string>): Neighbour {
  const child = spawn(findProgram(name)!, args, { env, cwd: files, stdio: ['ignore', 'pipe', 'pipe'] })
  let words = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (words += text))
  return { name, process: child, said: () => words }
}

export async function startNats(): Promise<Neighbour & { url: string }> {
  const port = await freePort()
  // Digits and an e: without the quotes that the compose file gives it, it would be read as a number.
  const password = `12e${randomBytes(1).readUInt8()}`
  const args = ['-c', 'nats.conf', '-a', '127.0.0.1', '-p', String(port)]
  return {
    ...run('nats-server', args, { NATS_PASSWORD: `"${password}"` }),
    url: `nats://whale:${password}@127.0.0.1:${port}`,
  }
}

export interface Addresses {
  readonly httpPort: number
  readonly httpsPort: number
  readonly uiHost: string
  readonly apiHost: string
}

export async function startCaddy(at: Addresses, ui: number, apis: readonly number[], work: string): Promise<Neighbour> {
  const options = [`http_port ${at.httpPort}`, `https_port ${at.httpsPort}`, 'default_bind 127.0.0.1']
  const caddy = run('caddy', ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'], {
    HOME: work,
    UI_HOST: at.uiHost,
    API_HOST: at.apiHost,
    ACME_EMAIL: 'ada@tidewater.example',
    UI_UPSTREAM: `127.0.0.1:${ui}`,
    API_UPSTREAMS: apis.map((port) => `127.0.0.1:${port}`).join(' '),
    CADDY_OPTIONS: [...options, 'local_certs', 'skip_install_trust'].join('\n'),
  })
  const authority = path.join(work, '.local/share/caddy/pki/authorities/local/root.crt')
  for (let tries = 0; ; tries++) {
    const answer = await ask(at.apiHost, at.httpsPort, authority).catch((error: unknown) => String(error))
    if (answer === 200) break
    if (tries > 100) throw new Error(`Caddy does not serve the API by https (${answer}):\n${caddy.said()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const moved = await redirect(at.uiHost, at.httpPort)
  if (!moved.startsWith(`https://${at.uiHost}`)) throw new Error(`http is not sent on to https but to ${moved}`)
  return caddy
}

/** Asks for /readyz by https; only a certificate that Caddy's own authority gave for this name will do. */
async function ask(host: string, port: number, authority: string): Promise<number> {
  const ca = await readFile(authority, 'utf8')
  const options = {
    host: '127.0.0.1',
    port,
    servername: host,
    ca,
    path: '/readyz',
    headers: { host: `${host}:${port}` },
  }
  return new Promise((resolve, reject) => {
    https.get(options, (answer) => resolve(answer.resume().statusCode ?? 0)).once('error', reject)
  })
}

async function redirect(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path: '/', headers: { host } }
    http.get(options, (answer) => resolve(String(answer.resume().headers.location))).once('error', reject)
  })
}
