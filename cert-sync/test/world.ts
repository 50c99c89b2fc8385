// The whole of a scenario: a fake API server and a fake ACM over real HTTP, a load balancer controller that puts to use
// what the annotations say, and replicas of cert-sync with their real clients. Time is real plus what a test adds.
import type { TestContext } from 'node:test'
import { KubeConfig } from '@kubernetes/client-node'
import { createClients } from '../src/acm/client.ts'
import { Pulse } from '../src/health.ts'
import { connect } from '../src/kubernetes/api.ts'
import { createMetrics } from '../src/metrics.ts'
import { annotations, tags } from '../src/names.ts'
import { runReplica } from '../src/replica.ts'
import type { Replica } from '../src/replica.ts'
import type { Settings } from '../src/settings.ts'
import type { Surroundings } from '../src/term.ts'
import { FakeAcm } from './fakes/acm.ts'
import type { Stored } from './fakes/acm.ts'
import { Authority } from './fakes/authority.ts'
import type { Issued, Wish } from './fakes/authority.ts'
import { policyFor } from './fakes/iam.ts'
import { FakeKubernetes } from './fakes/kubernetes.ts'
import { rulesFor } from './fakes/rbac.ts'

export const namespace = 'tidewater'
export const minute = 60_000
export const hour = 60 * minute

export interface Running {
  replica: Replica
  around: Surroundings
  logged: string[]
  /** Gives the Lease back. */
  stop(): Promise<void>
  /** Never speaks to the cluster again, and keeps the Lease. */
  crash(): Promise<void>
}

let authority: Promise<Authority> | undefined

export class World {
  readonly kubernetes = new FakeKubernetes()
  readonly acm = new FakeAcm()
  readonly settings: Settings
  #offset = 0
  urls = { kubernetes: '', acm: '' }
  #running = new Set<Running>()
  /** Off: the load balancer uses what it used, whatever the annotations say. */
  loadBalancers = true

  constructor(settings: Partial<Settings>) {
    this.settings = {
      cluster: 'tidewater-1',
      namespaces: [namespace],
      region: this.acm.region,
      ownNamespace: 'cert-sync',
      identity: 'cert-sync',
      host: '127.0.0.1',
      port: 0,
      graceMs: 24 * hour,
      settleMs: 5 * minute,
      resyncMs: 30 * minute,
      importsPerYear: 100,
      importsPerSecretPerDay: 20,
      checkHosts: false,
      ...settings,
    }
    this.acm.now = this.now
    this.acm.policy = policyFor({
      partition: 'aws',
      region: this.acm.region,
      account: this.acm.account,
      cluster: this.settings.cluster,
    })
    this.kubernetes.rules = rulesFor('cert-sync', [namespace], ['api-tls', 'ui-tls'])
  }

  /** Stopped at the end of the test, with the imports told and every call looked over for missing rights. */
  static async create(t: TestContext, settings: Partial<Settings> = {}): Promise<World> {
    const world = new World(settings)
    world.urls = { kubernetes: await world.kubernetes.start(), acm: await world.acm.start() }
    t.after(async () => {
      await world.close()
      const { first, again } = world.acm.imports
      t.diagnostic(`imports: ${first} new, ${again} under an ARN that was there`)
      const denied = [...world.kubernetes.denied.map((call) => JSON.stringify(call)), ...world.acm.denied]
      if (denied.length > 0) throw new Error(`Rights were missing: ${denied.join('; ')}`)
    })
    return world
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.stop()))
    await this.kubernetes.stop()
    await this.acm.stop()
  }

  now = (): number => Date.now() + this.#offset

  surroundings(logged: string[] = []): Surroundings {
    const config = new KubeConfig()
    config.loadFromClusterAndUser(
      { name: 'fake', server: this.urls.kubernetes, skipTLSVerify: true },
      { name: 'cert-sync' },
    )
    const credentials = { accessKeyId: 'fake', secretAccessKey: 'fake' }
    return {
      settings: this.settings,
      api: connect(config),
      clients: createClients(this.acm.region, { endpoint: this.urls.acm, credentials, requestHandler: {} }),
      clock: { now: this.now },
      metrics: createMetrics(),
      log: (level, message, facts) => void logged.push(`${level} ${message} ${facts ? JSON.stringify(facts) : ''}`),
      retry: { firstMs: 20, ceilingMs: 200 },
      doors: { port: 443, timeoutMs: 1000 },
    }
  }

  start(leaseMs = 5000, change: (around: Surroundings) => void = () => {}): Running {
    const logged: string[] = []
    const around = this.surroundings(logged)
    change(around)
    const signal = new AbortController()
    const health = { loop: new Pulse(), cluster: new Pulse() }
    const replica = runReplica(around, leaseMs, health, signal.signal)
    const end = async () => {
      this.#running.delete(running)
      signal.abort()
      await replica.stopped
    }
    const running: Running = {
      replica,
      around,
      logged,
      stop: end,
      crash: async () => {
        // Nothing of what it still says arrives anywhere.
        const config = around.api.config.getCurrentCluster() as { server: string }
        config.server = 'http://127.0.0.1:9'
        around.clients.once.destroy()
        around.clients.patient.destroy()
        await end()
      },
    }
    this.#running.add(running)
    return running
  }

  kubeconfig(): string {
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: this.urls.kubernetes, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'cert-sync', user: {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'cert-sync' } }],
      'current-context': 'fake',
    })
  }

  /** A crashed leader's Lease, as if its time were over. */
  expireLease(): void {
    if (this.kubernetes.get('leases', 'cert-sync', 'cert-sync'))
      this.kubernetes.change('leases', 'cert-sync', 'cert-sync', (lease) => {
        ;(lease as { spec?: { holderIdentity?: string } }).spec!.holderIdentity = ''
      })
  }

  async issue(wish: Wish): Promise<Issued> {
    authority ??= Authority.create()
    return (await authority).issue(wish, this.now())
  }

  secret(name: string, { data }: Pick<Issued, 'data'>): void {
    this.kubernetes.put(
      'secrets',
      { kind: 'Secret', metadata: { name, namespace }, type: 'kubernetes.io/tls', data },
      'cert-manager',
    )
  }

  ingress(name: string, tls: { secretName: string; hosts: string[] }[], given: Record<string, string> = {}): void {
    const metadata = { name, namespace, annotations: { [annotations.optIn]: 'enabled', ...given } }
    this.kubernetes.put('ingresses', { kind: 'Ingress', metadata, spec: { tls } })
  }

  arnsOf(ingress: string): string | undefined {
    return this.kubernetes.get('ingresses', namespace, ingress)?.metadata.annotations?.[annotations.certificateArn]
  }

  own(secret: string): Stored[] {
    const { cluster } = this.settings
    return this.acm.withTags({ [tags.cluster]: cluster, [tags.namespace]: namespace, [tags.secret]: secret })
  }

  reasons(ingress: string): string[] {
    return this.kubernetes.events.filter(({ name }) => name === ingress).map(({ reason }) => reason)
  }

  async advance(ms: number): Promise<void> {
    this.#offset += ms
    for (const running of this.#running) running.replica.term()?.poke()
    await this.calm()
  }

  /** Until the condition holds; fails after half a minute with what was waited for. */
  async until(what: string, condition: () => boolean): Promise<void> {
    for (const began = performance.now(); performance.now() - began < 30_000;) {
      this.#balance()
      if (condition()) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    const logs = [...this.#running].flatMap(({ logged }) => logged.slice(-15))
    throw new Error(`Waited in vain until ${what}.\n${logs.join('\n')}`)
  }

  /** Until a leader has nothing to do and the load balancers use what they are told. */
  async calm(): Promise<void> {
    let still = 0
    await this.until('it was calm', () => {
      const terms = [...this.#running].map(({ replica }) => replica.term()).filter((term) => term !== undefined)
      still = terms.length > 0 && terms.every((term) => term.idle()) ? still + 1 : 0
      return still >= 5
    })
  }

  #balance(): void {
    if (!this.loadBalancers) return
    const used = new Map<string, string[]>()
    for (const name of ['api', 'ui']) {
      const arns = this.arnsOf(name)
      for (const arn of arns?.split(',') ?? []) used.set(arn, [...(used.get(arn) ?? []), name])
    }
    for (const { arn, inUseBy } of this.acm.certificates.values()) {
      for (const name of ['api', 'ui']) {
        const balancer = `arn:aws:elasticloadbalancing:::loadbalancer/app/${name}`
        if (used.get(arn)?.includes(name)) inUseBy.add(balancer)
        else inUseBy.delete(balancer)
      }
    }
  }
}
