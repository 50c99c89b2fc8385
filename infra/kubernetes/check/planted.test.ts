// Each fault is put into a copy of the files and must be found, in words that name it. A plant that no longer fits the
// files fails, so that none of these can become empty.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { inspect } from './inspect.ts'
import { filesOf } from './render.ts'

const root = path.resolve(import.meta.dirname, '..')

interface Plant {
  file: string
  /** Must be in the file; all its places change. */
  find: string
  put: string
  says: RegExp
  overlay?: string
}

const plants: Record<string, Plant> = {
  'a field that does not exist': {
    file: 'base/api.yaml',
    find: 'terminationGracePeriodSeconds:',
    put: 'terminationGraceSeconds:',
    says: /terminationGraceSeconds is no field/,
  },
  'a field at the wrong depth': {
    file: 'base/nats.yaml',
    find: '          readinessProbe:\n            httpGet:',
    put: '          readinessProbe:\n            path: /healthz\n            httpGet:',
    says: /readinessProbe\.path is no field/,
  },
  'a wrong type': {
    file: 'base/ui.yaml',
    find: 'containerPort: 8080',
    put: 'containerPort: "8080"',
    says: /containerPort.*integer/,
  },
  'a value outside its list': {
    file: 'base/migrate.yaml',
    find: 'restartPolicy: Never',
    put: 'restartPolicy: Sometimes',
    says: /restartPolicy must be equal/,
  },
  'an unknown field of a custom resource': {
    file: 'components/tls-letsencrypt/issuer.yaml',
    find: '            region: placeholder\n',
    put: '            region: placeholder\n            roleArn: arn:aws:iam::111122223333:role/dns\n',
    says: /roleArn is no field/,
  },
  'an unknown field of external-secrets': {
    file: 'components/aws/secrets.yaml',
    find: 'refreshInterval: 1m',
    put: 'refreshEvery: 1m',
    says: /refreshEvery is no field/,
  },
  'a missing field of a custom resource': {
    file: 'components/cloudnative-pg/postgres.yaml',
    find: '    size: 5Gi\n',
    put: '    volumes: 5Gi\n',
    says: /storage\.volumes is no field/,
    overlay: 'local/cloudnative-pg',
  },
  'a misspelt kind': {
    file: 'components/aws/secrets.yaml',
    find: 'kind: SecretStore\nmetadata',
    put: 'kind: SecretsStore\nmetadata',
    says: /no schema of external-secrets\.io\/v1 SecretsStore|nothing is a .*SecretStore/,
  },
  'a value that YAML 1.1 reads as false': {
    file: 'base/api.yaml',
    find: "value: 'off'",
    put: 'value: off',
    says: /needs quotes/,
  },
  'a key that is there twice': {
    file: 'base/ui.yaml',
    find: '  revisionHistoryLimit: 5\n',
    put: '  revisionHistoryLimit: 5\n  revisionHistoryLimit: 6\n',
    says: /Map keys must be unique/,
  },
  'no memory limit': {
    file: 'base/ui.yaml',
    find: "limits: { cpu: '1', memory: 256Mi }",
    put: "limits: { cpu: '1' }",
    says: /no limits of memory/,
  },
  'no request': {
    file: 'components/cert-sync/cert-sync.yaml',
    find: 'requests: { cpu: 50m, memory: 128Mi }',
    put: 'requests: { memory: 128Mi }',
    says: /no requests of cpu/,
  },
  'the image called latest': {
    file: 'base/nats.yaml',
    find: 'nats:2.14.5-scratch',
    put: 'nats:latest',
    says: /not pinned/,
  },
  'an image without a tag': {
    file: 'components/aws/external-dns.yaml',
    find: 'external-dns:v0.22.0',
    put: 'external-dns',
    says: /not pinned/,
  },
  'a release called latest': {
    file: 'overlays/aws/production/settings.env',
    find: 'VERSION=2026.11.22',
    put: 'VERSION=latest',
    says: /api:latest is not pinned/,
  },
  'no readiness probe': {
    file: 'base/api.yaml',
    find: '          readinessProbe:',
    put: '          startupProbe2:',
    says: /no readinessProbe/,
  },
  'a privileged container': {
    file: 'base/nats.yaml',
    find: 'allowPrivilegeEscalation: false',
    put: 'privileged: true',
    says: /is privileged/,
  },
  'a root file system that can be written': {
    file: 'base/api.yaml',
    find: 'readOnlyRootFilesystem: true',
    put: 'readOnlyRootFilesystem: false',
    says: /can be written/,
  },
  'kept capabilities': {
    file: 'base/ui.yaml',
    find: 'drop: [ALL]',
    put: 'drop: [NET_RAW]',
    says: /keeps capabilities/,
  },
  'a pod as root': {
    file: 'base/ui.yaml',
    find: 'runAsUser: 10001',
    put: 'runAsUser: 0',
    says: /runAsUser/,
  },
  'a namespace that takes any pod': {
    file: 'base/namespace.yaml',
    find: 'enforce: restricted',
    put: 'enforce: privileged',
    says: /not restricted \(enforce\)/,
  },
  'a token that nobody needs': {
    file: 'base/api.yaml',
    find: '      automountServiceAccountToken: false\n',
    put: '',
    says: /has a service-account token/,
  },
  'a service account that is not there': {
    file: 'base/ui.yaml',
    find: 'serviceAccountName: ui',
    put: 'serviceAccountName: web',
    says: /no ServiceAccount web/,
  },
  'a budget that fits no pod': {
    file: 'base/nats.yaml',
    find: 'unhealthyPodEvictionPolicy: AlwaysAllow\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: nats',
    put: 'unhealthyPodEvictionPolicy: AlwaysAllow\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: bus',
    says: /nats: 0 PodDisruptionBudgets/,
  },
  'a budget that blocks every drain': {
    file: 'base/api.yaml',
    find: '  maxUnavailable: 1\n  # A pod',
    put: '  maxUnavailable: 0\n  # A pod',
    says: /block the drain/,
  },
  'no spread over zones': {
    file: 'base/api.yaml',
    find: 'topologyKey: topology.kubernetes.io/zone',
    put: 'topologyKey: topology.kubernetes.io/region',
    says: /not spread over topology\.kubernetes\.io\/zone/,
  },
  'one replica': {
    file: 'base/ui.yaml',
    find: 'minReplicas: 2',
    put: 'minReplicas: 1',
    says: /ui: 1 replica/,
  },
  'replicas beside an autoscaler': {
    file: 'base/api.yaml',
    find: '  revisionHistoryLimit: 5\n',
    put: '  revisionHistoryLimit: 5\n  replicas: 3\n',
    says: /set its work back/,
  },
  'an autoscaler of nothing': {
    file: 'base/ui.yaml',
    find: '    kind: Deployment\n    name: ui\n',
    put: '    kind: Deployment\n    name: web\n',
    says: /scales nothing/,
  },
  'a grace period shorter than the drain': {
    file: 'base/api.yaml',
    find: 'terminationGracePeriodSeconds: 45',
    put: 'terminationGracePeriodSeconds: 30',
    says: /do not fit into a grace period/,
  },
  'no time for the load balancer': {
    file: 'base/ui.yaml',
    find: 'seconds: 15',
    put: 'seconds: 1',
    says: /preStop gives the load balancer 1 s/,
  },
  'a rollout that does not wait for the migrations': {
    file: 'base/api.yaml',
    find: 'command: [node, src/migrate.ts, --wait]',
    put: 'command: [node, --version]',
    says: /does not wait for the migrations/,
  },
  'a start that migrates': {
    file: 'base/api.yaml',
    find: "- name: MIGRATE\n              value: 'off'",
    put: "- name: MIGRATE\n              value: 'on'",
    says: /MIGRATE is not off/,
  },
  'a rollout that takes pods away first': {
    file: 'base/api.yaml',
    find: '      maxUnavailable: 0\n',
    put: '      maxUnavailable: 1\n',
    says: /takes pods away before/,
  },
  'a password that everybody in the pod can read': {
    file: 'base/api.yaml',
    find: 'defaultMode: 288',
    put: 'defaultMode: 292',
    says: /can be read by everybody/,
  },
  'a password that the process cannot read': {
    file: 'base/migrate.yaml',
    find: 'defaultMode: 288',
    put: 'defaultMode: 256',
    says: /cannot be read by the process/,
  },
  'a policy for nobody': {
    file: 'components/aws/network.yaml',
    find: 'values: [api, migrate]',
    put: 'values: [server]',
    says: /to-database: selects no pod/,
  },
  'a bus that does not let the API in': {
    file: 'base/nats.yaml',
    find: '- podSelector:\n            matchLabels:\n              app.kubernetes.io/name: api',
    put: '- podSelector:\n            matchLabels:\n              app.kubernetes.io/name: ui',
    says: /may be sent, and is not let in/,
  },
  'nothing denied by default': {
    file: 'base/network.yaml',
    find: '  name: default-deny\n  namespace: all-is-whale\nspec:\n  podSelector: {}\n  policyTypes: [Ingress, Egress]',
    put: '  name: default-deny\n  namespace: all-is-whale\nspec:\n  podSelector: {}\n  policyTypes: [Egress]',
    says: /nothing denies Ingress/,
  },
  'a way out to everywhere': {
    file: 'components/cert-sync/cert-sync.yaml',
    find: 'port: 443',
    put: 'port: 25',
    says: /lets out to everywhere/,
  },
  'a Service without pods': {
    file: 'base/api.yaml',
    find: '  selector:\n    app.kubernetes.io/name: api\n',
    put: '  selector:\n    app.kubernetes.io/name: server\n',
    says: /Service all-is-whale\/api: selects 0/,
  },
  'a Service of a port that is not there': {
    file: 'base/ui.yaml',
    find: 'targetPort: http',
    put: 'targetPort: web',
    says: /has no port "web"/,
  },
  'a Service that is a load balancer': {
    file: 'base/api.yaml',
    find: 'spec:\n  selector:\n    app.kubernetes.io/name: api',
    put: 'spec:\n  type: LoadBalancer\n  selector:\n    app.kubernetes.io/name: api',
    says: /open to more than the cluster/,
  },
  'a Secret that nobody makes': {
    file: 'base/nats.yaml',
    find: 'secretKeyRef: { name: nats, key: password }',
    put: 'secretKeyRef: { name: bus, key: password }',
    says: /no Secret bus/,
  },
  'a key that the Secret does not have': {
    file: 'components/aws/secrets.yaml',
    find: 'secretKey: password',
    put: 'secretKey: pass',
    says: /Secret database has no password/,
  },
  'a ConfigMap that nobody makes': {
    file: 'base/nats.yaml',
    find: 'configMap:\n            name: nats',
    put: 'configMap:\n            name: bus',
    says: /no ConfigMap bus/,
  },
  'a volume that is not mounted': {
    file: 'base/api.yaml',
    find: '        - name: tmp\n',
    put: '        - name: temporary\n',
    says: /no volume tmp/,
  },
  'a priority that is not there': {
    file: 'base/nats.yaml',
    find: 'priorityClassName: all-is-whale-messages',
    put: 'priorityClassName: high',
    says: /no PriorityClass high/,
  },
  'metrics that Prometheus cannot reach': {
    file: 'base/api.yaml',
    find: '            - name: METRICS_HOST\n              value: 0.0.0.0\n',
    put: '',
    says: /Prometheus cannot reach its metrics/,
  },
  'a setting that the API does not read': {
    file: 'base/api.yaml',
    find: '- name: METRICS_PORT',
    put: '- name: METRIC_PORT',
    says: /nobody reads METRIC_PORT/,
  },
  'a setting that the UI does not read': {
    file: 'base/ui.yaml',
    find: '            - name: HOST\n',
    put: '            - name: LISTEN\n',
    says: /nobody reads LISTEN/,
  },
  'a value that the API refuses': {
    file: 'overlays/aws/production/settings.env',
    find: 'LOAD_BALANCER_RANGE=10.40.128.0/20',
    put: 'LOAD_BALANCER_RANGE=public',
    says: /would not start: TRUSTED_PROXIES has "public"/,
  },
  'a value that cert-sync refuses': {
    file: 'components/cert-sync/cert-sync.yaml',
    find: '- name: WATCH_NAMESPACES\n              value: all-is-whale',
    put: '- name: WATCH_NAMESPACES\n              value: All is Whale',
    says: /would not start: .*WATCH_NAMESPACES/,
  },
  'a namespace that cert-sync does not watch': {
    file: 'components/cert-sync/cert-sync.yaml',
    find: '- name: WATCH_NAMESPACES\n              value: all-is-whale',
    put: '- name: WATCH_NAMESPACES\n              value: default',
    says: /does not watch all-is-whale/,
  },
  'an origin with a path': {
    file: 'overlays/aws/production/settings.env',
    find: 'UI_ORIGIN=https://app.tidewater.example',
    put: 'UI_ORIGIN=https://app.tidewater.example/chat',
    says: /would not start: UI_ORIGIN/,
  },
  'an API that does not know its own name': {
    file: 'components/settings/kustomization.yaml',
    find: '          - spec.template.spec.containers.[name=api].env.[name=API_ORIGIN].value\n',
    put: '          - spec.template.spec.containers.[name=api].env.[name=HOST].value\n',
    says: /api does not know its own name api\.tidewater\.example/,
  },
  'a UI that does not know its own name': {
    file: 'components/settings/kustomization.yaml',
    find: '          - spec.template.spec.containers.[name=ui].env.[name=PUBLIC_URL].value\n',
    put: '          - spec.template.spec.containers.[name=ui].env.[name=API_ORIGIN].value\n',
    says: /ui does not know its own name app\.tidewater\.example/,
  },
  'a name that leads to the API and is not its own': {
    file: 'components/names-failover/kustomization.yaml',
    find: '              - path: /readyz\n                pathType: Exact',
    put: '              - path: /\n                pathType: Prefix',
    says: /api does not know its own name api\.eu-west-1\.tidewater\.example/,
    overlay: 'aws/standby',
  },
  'an origin without TLS': {
    file: 'overlays/aws/small/settings.env',
    find: 'API_ORIGIN=https:',
    put: 'API_ORIGIN=http:',
    says: /is not https/,
    overlay: 'aws/small',
  },
  'the owner’s password in the API': {
    file: 'base/api.yaml',
    find: 'secretName: database-api',
    put: 'secretName: database',
    says: /has the password of the database's owner/,
  },
  'the owner’s role in the API': {
    file: 'overlays/aws/production/settings.env',
    find: 'DATABASE_URL=postgres://whale_api@',
    put: 'DATABASE_URL=postgres://whale@',
    says: /the API has the role of the owner/,
  },
  'a password in the settings': {
    file: 'overlays/aws/production/settings.env',
    find: 'DATABASE_URL=postgres://whale_api@',
    put: 'DATABASE_URL=postgres://whale_api:swordfish@',
    says: /holds a password/,
  },
  'a setup code that nobody brings': {
    file: 'base/api.yaml',
    find: '- secretRef: { name: api, optional: true }',
    put: '- configMapRef: { name: api, optional: true }',
    says: /no Secret brings SETUP_CODE/,
  },
  'a setup code in a file': {
    file: 'base/api.yaml',
    find: '            - name: SERVE_UI',
    put: '            - name: SETUP_CODE\n              value: abcd-efgh-jkmn\n            - name: SERVE_UI',
    says: /SETUP_CODE stands in a file/,
  },
  'a database whose certificate nobody checks': {
    file: 'overlays/aws/production/settings.env',
    find: 'sslmode=verify-full',
    put: 'sslmode=no-verify',
    says: /certificate is not verified/,
  },
  'a setting that nothing uses': {
    file: 'overlays/aws/production/settings.env',
    find: 'REGION=eu-central-1',
    put: 'REGION=eu-central-1\nREGIONS=eu-west-1',
    says: /nothing uses REGIONS/,
  },
  'a setting that is missing': {
    file: 'overlays/aws/production/settings.env',
    find: 'DATABASE_RANGE=10.40.144.0/20',
    put: '',
    says: /cannot be rendered: .*DATABASE_RANGE/,
  },
  'a setting that Terraform prints under another name': {
    file: 'overlays/aws/production/settings.env',
    find: 'API_SECRET=',
    put: 'SECRET_OF_API=',
    says: /API_SECRET/,
  },
  'a service account that Terraform knows by another name': {
    file: 'components/cert-sync/rbac.yaml',
    find: 'kind: ServiceAccount\nmetadata:\n  name: cert-sync',
    put: 'kind: ServiceAccount\nmetadata:\n  name: certificates',
    says: /Terraform gives a role to cert-sync\/cert-sync/,
  },
  'a program that the image does not hold': {
    file: 'base/migrate.yaml',
    find: 'command: [node, src/migrate.ts]',
    put: 'command: [node, src/migrations.ts]',
    says: /src\/migrations\.ts is not in the image/,
  },
  'a server of the bus that the API does not know': {
    file: 'base/nats.yaml',
    find: 'replicas: 3',
    put: 'replicas: 5',
    says: /NATS_URL does not name/,
  },
  'a Secret in plain text': {
    file: 'base/namespace.yaml',
    find: 'apiVersion: v1\nkind: Namespace',
    put: 'apiVersion: v1\nkind: Secret\nmetadata: { name: nats, namespace: all-is-whale }\nstringData: { password: swordfish }\n---\napiVersion: v1\nkind: Namespace',
    says: /is a Secret in plain text/,
  },
  'a host without a certificate': {
    file: 'components/aws/kustomization.yaml',
    find: 'fieldPaths: [spec.rules.0.host, spec.tls.0.hosts.0]',
    put: 'fieldPaths: [spec.rules.0.host]',
    says: /has no certificate/,
  },
  'no redirect to HTTPS': {
    file: 'components/aws/ingress-api.yaml',
    find: "    alb.ingress.kubernetes.io/ssl-redirect: '443'\n",
    put: '',
    says: /does not redirect/,
  },
  'a shared load balancer': {
    file: 'components/aws/ingress-ui.yaml',
    find: 'alb.ingress.kubernetes.io/target-type: ip',
    put: 'alb.ingress.kubernetes.io/group.name: whale\n    alb.ingress.kubernetes.io/target-type: ip',
    says: /shares a load balancer/,
  },
  'an old TLS policy': {
    file: 'components/aws/ingress-ui.yaml',
    find: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
    put: 'ELBSecurityPolicy-2016-08',
    says: /less than TLS 1\.2/,
  },
  'a misspelt annotation': {
    file: 'components/aws/ingress-ui.yaml',
    find: 'healthcheck-interval-seconds',
    put: 'health-check-interval',
    says: /no annotation of the controller/,
  },
  'an idle time-out below the heartbeats': {
    file: 'components/aws/ingress-api.yaml',
    find: 'idle_timeout.timeout_seconds=60',
    put: 'idle_timeout.timeout_seconds=30',
    says: /cuts streams/,
  },
  'an idle time-out above the keep-alive': {
    file: 'components/aws/ingress-api.yaml',
    find: 'idle_timeout.timeout_seconds=60',
    put: 'idle_timeout.timeout_seconds=300',
    says: /not below the API's keep-alive/,
  },
  'a load balancer that lets go too early': {
    file: 'components/aws/ingress-api.yaml',
    find: 'deregistration_delay.timeout_seconds=40',
    put: 'deregistration_delay.timeout_seconds=5',
    says: /lets go of a pod after 5 s/,
  },
  'metrics for everybody': {
    file: 'base/api.yaml',
    find: '{ name: http, port: 80, targetPort: http }',
    put: '{ name: http, port: 80, targetPort: metrics }',
    says: /shows the metrics to everybody/,
  },
  'an issuer that is not there': {
    file: 'components/tls-letsencrypt/kustomization.yaml',
    find: 'value: letsencrypt\n',
    put: 'value: lets-encrypt\n',
    says: /no ClusterIssuer lets-encrypt/,
  },
  'a host outside the issuer’s zone': {
    file: 'overlays/aws/production/settings.env',
    find: 'API_ORIGIN=https://api.tidewater.example',
    put: 'API_ORIGIN=https://api.elsewhere.example',
    says: /in no zone that the issuer can prove/,
  },
  'both ways to certificates': {
    file: 'overlays/aws/production/kustomization.yaml',
    find: '  - ../../../components/tls-letsencrypt\n',
    put: '  - ../../../components/tls-letsencrypt\n  - ../../../components/tls-acm\n',
    says: /needs one of create-acm-cert/,
  },
  'no way to certificates': {
    file: 'overlays/aws/small/kustomization.yaml',
    find: '  - ../../../components/tls-acm\n',
    put: '',
    says: /needs one of create-acm-cert/,
    overlay: 'aws/small',
  },
  'another tls.mode than Terraform’s': {
    file: 'overlays/aws/production/kustomization.yaml',
    find: 'components/tls-letsencrypt',
    put: 'components/tls-acm',
    says: /tls_mode is letsencrypt/,
  },
  'a certificate that cert-sync may not read': {
    file: 'components/cert-sync/rbac.yaml',
    find: 'resourceNames: [ui-tls, api-tls]',
    put: 'resourceNames: [ui-tls]',
    says: /may not read api-tls/,
  },
  'every Secret for cert-sync': {
    file: 'components/cert-sync/rbac.yaml',
    find: '    resourceNames: [ui-tls, api-tls]\n',
    put: '',
    says: /may read every Secret/,
  },
  'more rights than cert-sync asks for': {
    file: 'components/cert-sync/rbac.yaml',
    find: 'verbs: [get, list, watch, patch]',
    put: 'verbs: [get, list, watch, patch, delete]',
    says: /not what cert-sync\/rbac\.json asks for/,
  },
  'rights on everything': {
    file: 'components/aws/external-dns.yaml',
    find: 'resources: [ingresses]',
    put: 'resources: ["*"]',
    says: /any of resources/,
  },
  'a root certificate that is damaged': {
    file: 'components/aws/database-ca.pem',
    find: 'eu-central-1 Root CA RSA2048 G1, until 2061\n-----BEGIN CERTIFICATE-----\nMII',
    put: 'eu-central-1 Root CA RSA2048 G1, until 2061\n-----BEGIN CERTIFICATE-----\nXXX',
    says: /cannot be read/,
  },
  'something that was not filled in': {
    file: 'components/cert-sync/kustomization.yaml',
    find: '.env.[name=AWS_REGION].value',
    put: '.env.[name=CLUSTER].value',
    says: /was not filled in/,
  },
}

for (const [name, { file, find, put, says, overlay = 'aws/production' }] of Object.entries(plants))
  test(`found: ${name}`, async () => {
    const text = readFileSync(path.join(root, file), 'utf8')
    assert.ok(text.includes(find), `the plant no longer fits: ${file} does not hold ${JSON.stringify(find)}`)
    const findings = await inspect(filesOf(root, { [file]: text.replaceAll(find, put) }), overlay)
    assert.ok(
      findings.some((finding) => says.test(finding)),
      `${String(says)} is not among ${JSON.stringify(findings, null, 2)}`,
    )
  })

test('without a fault nothing is found', async () => {
  for (const overlay of ['aws/production', 'aws/small', 'local/cloudnative-pg'])
    assert.deepEqual(await inspect(filesOf(root), overlay), [])
})
