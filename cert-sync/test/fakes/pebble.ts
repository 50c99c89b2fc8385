// Let's Encrypt's own small ACME server, with its DNS beside it, as Debian packages them: certificates are got in the
// tests the way that cert-manager gets them, by DNS-01.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import acme from 'acme-client'
import { Authority, issuedFrom } from './authority.ts'
import type { Issued } from './authority.ts'

const [server, dns] = ['/usr/bin/pebble', '/usr/bin/pebble-challtestsrv']
export const pebbleIsInstalled = (): boolean => existsSync(server) && existsSync(dns)

export interface Pebble {
  issue(names: string[], key: 'P-256' | 'RSA-2048'): Promise<Issued>
  stop(): Promise<void>
}

export async function startPebble(): Promise<Pebble> {
  const [port, management, dnsPort, dnsManagement] = (await freePorts(4)) as [number, number, number, number]
  const folder = mkdtempSync(path.join(tmpdir(), 'pebble-'))
  const file = (name: string, text: string) => {
    writeFileSync(path.join(folder, name), text)
    return path.join(folder, name)
  }
  const authority = await Authority.create('Pebble API')
  const own = await authority.issue({ names: ['localhost'] })
  const config = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${management}`,
    certificate: file('cert.pem', `${own.leaf}\n${own.chain}`),
    privateKey: file('key.pem', own.key),
    httpPort: 5002,
    tlsPort: 5001,
  }
  const env = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '20' }
  const settings = file('pebble.json', JSON.stringify({ pebble: config }))
  const challenges = ['-dns01', `127.0.0.1:${dnsPort}`, '-management', `127.0.0.1:${dnsManagement}`]
  const unused = ['-http01', '', '-https01', '', '-tlsalpn01', '']
  const children = [
    spawn(dns, [...challenges, ...unused], { stdio: 'ignore' }),
    spawn(server, ['-config', settings, '-dnsserver', `127.0.0.1:${dnsPort}`], { env, stdio: 'ignore' }),
  ]
  process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')))
  const stop = async () => {
    await Promise.all(children.map(end))
    rmSync(folder, { recursive: true })
  }
  try {
    acme.axios.defaults.httpsAgent = new Agent({ ca: authority.root.certificate.toString('pem') })
    const directoryUrl = `https://localhost:${port}/dir`
    await patiently(() => acme.axios.get(directoryUrl))
    const client = new acme.Client({ directoryUrl, accountKey: await acme.crypto.createPrivateEcdsaKey() })
    const txt = (what: 'set-txt' | 'clear-txt', body: object) =>
      patiently(() => acme.axios.post(`http://127.0.0.1:${dnsManagement}/${what}`, body))

    const issue = async (names: string[], kind: 'P-256' | 'RSA-2048') => {
      const own = kind === 'P-256' ? acme.crypto.createPrivateEcdsaKey('P-256') : acme.crypto.createPrivateRsaKey(2048)
      const [key, csr] = await acme.crypto.createCsr({ commonName: names[0], altNames: names }, await own)
      const pem = await client.auto({
        csr,
        email: 'ada@tidewater.example',
        termsOfServiceAgreed: true,
        challengePriority: ['dns-01'],
        skipChallengeVerification: true,
        challengeCreateFn: async ({ identifier }, _, value) => {
          await txt('set-txt', { host: `_acme-challenge.${identifier.value}.`, value })
        },
        challengeRemoveFn: async ({ identifier }) => {
          await txt('clear-txt', { host: `_acme-challenge.${identifier.value}.` })
        },
      })
      const [leaf, ...chain] = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)!
      return issuedFrom(leaf, chain.join('\n'), key.toString())
    }
    return { issue, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGKILL')
  await ended
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await work()
    } catch (error) {
      if (tries === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
