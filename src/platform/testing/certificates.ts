import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface TestCertificate {
  certFile: string
  keyFile: string
}

let isThere: boolean | undefined

/** Whether certificates can be made. Says so once when they cannot; where everything must run, that is a failure. */
export function hasOpenssl(): boolean {
  if (isThere !== undefined) return isThere
  isThere = spawnSync('openssl', ['version']).status === 0
  if (isThere) return true
  const what = 'The tests of encrypted connections need openssl: apt-get install openssl'
  if (process.env.CI) throw new Error(what)
  process.stderr.write(`\nSKIPPED: ${what}\n\n`)
  return false
}

/**
 * An authority that nobody else knows, and a certificate of it for each of the names, for servers and clients alike. Files in
 * a folder of their own, to be removed in an `after` hook. Ask `hasOpenssl` first.
 */
export async function certificates(
  ...names: string[]
): Promise<{ caFile: string; all: TestCertificate[]; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'all-is-whale-certificates-'))
  const at = (name: string) => path.join(folder, name)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const openssl = (...args: string[]) => run('openssl', args)
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=Test',
  )
  const all: TestCertificate[] = []
  for (const [index, name] of names.entries()) {
    const [certFile, keyFile, request, extensions] = ['pem', 'key', 'csr', 'ext'].map((end) =>
      at(`${index}.${end}`),
    ) as [string, string, string, string]
    await writeFile(extensions, `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth,clientAuth\n`)
    await openssl('req', '-new', ...key, '-keyout', keyFile, '-out', request, '-subj', `/CN=${name}`)
    const signing = [
      '-CA',
      at('ca.pem'),
      '-CAkey',
      at('ca.key'),
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      extensions,
    ]
    await openssl('x509', '-req', '-in', request, '-out', certFile, ...signing)
    all.push({ certFile, keyFile })
  }
  return { caFile: at('ca.pem'), all, remove: () => rm(folder, { recursive: true, force: true }) }
}
