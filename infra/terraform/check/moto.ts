// A moto server answers for AWS on loopback where it is installed (`pip install 'moto[server]'`), so that each
// environment can be planned in full. It knows neither EKS add-ons nor Pod Identity, so nothing is applied.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Result, Terraform } from './terraform.ts'

const settings = {
  account_id: '123456789012',
  administrators: ['arn:aws:iam::123456789012:role/operator'],
  kubernetes_api_cidrs: ['192.0.2.10/32'],
}

/** Each with what its plain tests leave out: the password of our own making, a standby, a promotion. */
const environments: Record<string, object> = {
  production: {
    ...settings,
    region: 'eu-north-1',
    domain: 'tidewater.example',
    tls_mode: 'acm',
    publish_names: 'failover',
    password_managed_by: 'terraform',
    database: { read_replicas: 1 },
    bastion: { authorized_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0v ada@tidewater.example' },
    standby: {
      region: 'eu-central-1',
      kms_key_arn: 'arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555',
      files_bucket_arn: 'arn:aws:s3:::all-is-whale-standby-files',
    },
  },
  small: { ...settings, region: 'eu-north-1', domain: 'try.tidewater.example' },
  standby: {
    ...settings,
    region: 'eu-central-1',
    primary: {
      name: 'all-is-whale-production',
      region: 'eu-north-1',
      domain: 'tidewater.example',
      registry: 'all-is-whale-production',
      database_arn: 'arn:aws:rds:eu-north-1:123456789012:db:all-is-whale-production',
      database_secret_name: 'all-is-whale-production/database',
      api_secret_name: 'all-is-whale-production/api',
    },
  },
}

export interface Moto {
  server: ChildProcess
  address: string
}

/** Undefined when it is not installed, or does not start. */
export async function startMoto(): Promise<Moto | undefined> {
  const program = (process.env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, 'moto_server'))
  const found = program.find((file) => existsSync(file))
  if (!found) return undefined
  const port = await freePort()
  const server = spawn(found, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
  const moto = { server, address: `http://127.0.0.1:${port}` }
  try {
    if (await answers(moto)) {
      await makeZone(moto.address, 'tidewater.example')
      return moto
    }
  } catch (error) {
    process.stderr.write(`moto_server: ${(error as Error).message}\n`)
  }
  server.kill('SIGKILL')
  return undefined
}

export async function stopMoto(moto: Promise<Moto | undefined>, result: Result): Promise<void> {
  const started = await moto
  started?.server.kill('SIGKILL')
  if (!started) result.skipped.push('terraform plan: there is no moto_server on PATH that starts')
}

/** Plans one environment, initialised with a local state, into `result`. */
export async function planAgainstMoto(
  at: string,
  folder: string,
  { address }: Moto,
  terraform: Terraform,
  result: Result,
): Promise<void> {
  const variables = environments[path.basename(folder)]
  if (!variables) return
  writeFileSync(path.join(at, 'moto.auto.tfvars.json'), JSON.stringify(variables))
  const { code, output } = (await terraform(at, ['plan', '-input=false', '-no-color'], {
    AWS_ENDPOINT_URL: address,
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_EC2_METADATA_DISABLED: 'true',
  }))!
  if (code !== 0) result.failures.push(`── terraform plan of ${folder} against moto ──\n${output.trim()}`)
  else result.done.push(`plan of ${folder}: ${/^Plan: (\d+)/m.exec(output)?.[1] ?? 0} resources`)
}

/** The standby finds the zone that production made. */
async function makeZone(address: string, name: string): Promise<void> {
  const body = `<CreateHostedZoneRequest><Name>${name}</Name><CallerReference>check</CallerReference></CreateHostedZoneRequest>`
  const authorization = 'AWS4-HMAC-SHA256 Credential=none/20260101/us-east-1/route53/aws4_request'
  const response = await fetch(`${address}/2013-04-01/hostedzone`, { method: 'POST', body, headers: { authorization } })
  if (!response.ok) throw new Error(`moto made no zone: ${response.status}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function answers({ server, address }: Moto): Promise<boolean> {
  for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
    const up = await fetch(`${address}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return true
    await sleep(100)
  }
  return false
}
