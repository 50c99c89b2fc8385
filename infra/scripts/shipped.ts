// What every set-up that is shipped starts: each process with the environment that the set-up's own files give it, and
// the names by which requests come to it. Printed as JSON for `npm run attack -- sign-in`, which starts them all.
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { fieldsAt, listAt, textAt } from '../kubernetes/check/objects.ts'
import { ofKind, podsOf } from '../kubernetes/check/place.ts'
import { environmentOf } from '../kubernetes/check/policies/environment.ts'
import { filesOf, render } from '../kubernetes/check/render.ts'

export interface Shipped {
  /** `compose api-1` */
  name: string
  program: 'src/main.ts' | 'infra/images/serve-ui.ts'
  env: Record<string, string>
  /** Hosts that people, browsers and proxies ask it by. */
  hosts: string[]
  /** Hosts that Prometheus asks its metrics by; none where it has no metrics. */
  metricsHosts: string[]
}

const root = path.resolve(import.meta.dirname, '..')
const read = (...parts: string[]): string => readFileSync(path.join(root, ...parts), 'utf8')
const programs = { api: 'src/main.ts', ui: 'infra/images/serve-ui.ts' } as const

/** What an operator might write into `.env`. */
const chosen: Record<string, string> = {
  UI_HOST: 'chat.tidewater.example',
  API_HOST: 'api.tidewater.example',
  LOG_LEVEL: 'warn',
}

function compose(): Shipped[] {
  const fill = (value: string) =>
    value.replace(/\$\{(\w+)[^}]*\}/g, (_all, name: string) => chosen[name] ?? 'a-secret-of-the-try-out')
  const { services } = parse(read('one-server/compose.yaml'), { merge: true }) as {
    services: Record<string, { image?: string; environment?: Record<string, string | number | boolean> }>
  }
  // Caddy leads one name to the UI, the other to both APIs; Prometheus asks each by the name of its service.
  return Object.entries(services).flatMap(([service, { image, environment = {} }]) => {
    const [, product] = /^all-is-whale\/(api|ui):/.exec(image ?? '') ?? []
    if ((product !== 'api' && product !== 'ui') || service === 'migrate') return []
    return {
      name: `compose ${service}`,
      program: programs[product],
      env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(String(value))])),
      hosts: [product === 'ui' ? chosen['UI_HOST']! : chosen['API_HOST']!],
      metricsHosts: product === 'api' ? [`${service}:9464`] : [],
    }
  })
}

function systemd(): Shipped {
  const manual = read('one-server/README.md')
  const lines = [...read('one-server/all-is-whale@.service').matchAll(/^Environment=(.*)$/gm)]
    .flatMap(([, line]) => line!.split(' '))
    .concat([...manual.matchAll(/^echo '([A-Z_]+=.*)' >+ \/etc\/all-is-whale\.env$/gm)].map(([, line]) => line!))
  const [, host] = /^([a-z.]+) \{\n\treverse_proxy 127/m.exec(manual) ?? []
  return {
    name: 'systemd',
    program: programs.api,
    env: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])),
    hosts: [host!],
    metricsHosts: ['127.0.0.1:18081'],
  }
}

function kubernetes(overlay: string): Shipped[] {
  const rendered = render(filesOf(path.join(root, 'kubernetes')), `overlays/${overlay}`)
  return (['api', 'ui'] as const).flatMap((product) => {
    const pods = podsOf(rendered).find(({ owner }) => owner.kind === 'Deployment' && owner.metadata.name === product)
    if (!pods) throw new Error(`${overlay} has no Deployment ${product}.`)
    const services = ofKind(rendered, 'Service')
      .filter((service) => fieldsAt(service, 'spec.selector')['app.kubernetes.io/name'] === product)
      .map(({ metadata }) => metadata.name)
    const ingressHosts = ofKind(rendered, 'Ingress').flatMap((ingress) =>
      listAt(ingress, 'spec.rules')
        .filter((rule) =>
          listAt(rule, 'http.paths').some(
            // Whoever asks whether it is ready is answered whatever the name.
            (at) => services.includes(textAt(at, 'backend.service.name') ?? '') && textAt(at, 'path') !== '/readyz',
          ),
        )
        .map((rule) => textAt(rule, 'host')!),
    )
    const origin = rendered.settings[product === 'ui' ? 'UI_ORIGIN' : 'API_ORIGIN']!
    return {
      name: `Kubernetes ${overlay} ${product}`,
      program: programs[product],
      env: environmentOf(listAt(pods.containers[0], 'env')),
      hosts: [...new Set([new URL(origin).host, ...ingressHosts])],
      // Prometheus finds the pods and asks them by their addresses.
      metricsHosts: product === 'api' ? ['10.40.0.17:9464'] : [],
    }
  })
}

const overlays = globSync('kubernetes/overlays/*/*/kustomization.yaml', { cwd: root })
  .map((file) => path.posix.relative('kubernetes/overlays', path.posix.dirname(file)))
  .sort()

export const shipped: readonly Shipped[] = [...compose(), systemd(), ...overlays.flatMap(kubernetes)]

if (import.meta.main) process.stdout.write(`${JSON.stringify(shipped)}\n`)
