// For each alert: what the world looks like while all is well, broken and mended, and when the alert must be silent,
// sound, and be silent again. `promtool test rules` plays them on the rule files as they are.

export interface Case {
  alert: string
  /** Labels that the alert has besides `alertname`. */
  labels: Record<string, string>
  /** What it says, word for word. */
  says: string
  series: Record<string, string>
  /** Minutes between two samples of the series; 1 unless said. */
  every?: number
  /** When it does not sound, sounds, and does not sound any more, in minutes. */
  quiet: number
  fires: number
  resolved: number
}

type Phase = readonly [value: number | null, samples: number]

/** A series that stands at each value for so many samples; null: it is not there. */
const gauge = (...phases: Phase[]): string =>
  phases.map(([value, samples]) => (value === null ? `_x${samples}` : `${value}+0x${samples - 1}`)).join(' ')

/** A series that grows by so much from each sample to the next. */
function counter(...phases: Phase[]): string {
  let at = 0
  return phases
    .map(([step, samples]) => {
      const first = at + step!
      at += step! * samples
      return `${first}+${step}x${samples - 1}`
    })
    .join(' ')
}

const page = { severity: 'page' }
const ticket = { severity: 'ticket' }
const node = { instance: 'api-1:9464', job: 'all-is-whale-api' }
const on = '{instance="api-1:9464",job="all-is-whale-api"}'
/** Ten minutes well, thirty broken, sixty mended. */
const broken = (well: number | null, ill: number | null) => gauge([well, 10], [ill, 30], [well, 60])
const usual = { quiet: 9, fires: 38, resolved: 60 }

// ── Objectives: of 1,000 a sample some go wrong, at each of three speeds ────────────────────────────────────

const posts = (status: string) =>
  `whale_http_request_duration_seconds_count{method="POST",route="/v1/conversations/{conversationId}/messages",status="${status}"}`

interface Objective {
  alert: string
  budget: number
  says: (share: string) => string
  series: Record<string, 'wrong' | 'right' | 'all'>
}

const objectives: Objective[] = [
  {
    alert: 'WhaleSendsFailing',
    budget: 0.001,
    says: (share) => `${share} of the messages that people send are refused by a failure of ours.`,
    series: { [posts('503')]: 'wrong', [posts('201')]: 'right' },
  },
  {
    alert: 'WhaleSendsSlow',
    budget: 0.01,
    says: (share) => `${share} of the messages that people send wait longer than half a second.`,
    series: { 'whale_send_duration_seconds_bucket{le="0.5"}': 'right', whale_send_duration_seconds_count: 'all' },
  },
  {
    alert: 'WhaleDeliveryLate',
    budget: 0.005,
    says: (share) => `${share} of what happens reaches its readers later than 2.5 s after it was kept.`,
    series: { 'whale_delivery_delay_seconds_bucket{le="2.5"}': 'right', whale_delivery_delay_seconds_count: 'all' },
  },
  {
    alert: 'WhaleSignInsFailing',
    budget: 0.001,
    says: (share) => `${share} of the tries to sign in fail on our side.`,
    series: {
      'whale_sign_ins_total{outcome="failed"}': 'wrong',
      // Wrong passwords are an answer too.
      'whale_sign_ins_total{outcome="wrong-credentials"}': 'right',
    },
  },
]

const [hour, day] = [60, 24 * 60]
/** Burn rates and minutes chosen so that no other speed of the same objective sounds at the same time. */
const speeds = [
  { burn: 'fast', severity: 'page', times: 20, every: 2, well: 10 * hour, ill: 66, fires: 62, after: 12 },
  { burn: 'slow', severity: 'page', times: 8, every: 15, well: 3 * day, ill: 375, fires: 360, after: 60 },
  {
    burn: 'leak',
    severity: 'ticket',
    times: 2,
    every: 30,
    well: day,
    ill: 3 * day + 2 * hour,
    fires: 3 * day + hour,
    after: 8 * hour,
  },
]

const ofObjectives = objectives.flatMap(({ alert, budget, says, series }) =>
  speeds.map(({ burn, severity, times, every, well, ill, fires, after }): Case => {
    const share = times * budget
    const wrong = [0, share * 1000, 0]
    const steps = { wrong, right: wrong.map((each) => 1000 - each), all: [1000, 1000, 1000] }
    const minutes = [well, ill, after + hour]
    const values = (kind: 'wrong' | 'right' | 'all') =>
      counter(...steps[kind].map((step, index): Phase => [step, Math.ceil(minutes[index]! / every)]))
    return {
      alert,
      labels: { severity, burn },
      says: says(`${Number((share * 100).toPrecision(4))}%`),
      series: Object.fromEntries(Object.entries(series).map(([name, kind]) => [name, values(kind)])),
      every,
      quiet: well - 1,
      fires: well + fires,
      resolved: well + ill + after,
    }
  }),
)

// ── Everything else ─────────────────────────────────────────────────────────────────────────────────────────

export const cases: Case[] = [
  ...ofObjectives,
  {
    alert: 'WhaleSendsStalled',
    labels: page,
    says: 'A message has been waiting 12s for its answer.',
    series: { [`whale_send_oldest_unanswered_seconds${on}`]: broken(0.2, 12) },
    ...usual,
  },
  {
    alert: 'WhaleReadersCutOff',
    labels: { ...page, ...node, sweep: 'heads' },
    says: 'Readers of api-1:9464 have not been compared with the database for 1m 30s.',
    series: {
      'whale_sweep_age_seconds{instance="api-1:9464",job="all-is-whale-api",sweep="heads"}': broken(1, 90),
      [`whale_streams_open${on}`]: broken(20, 20),
      // Where nobody listens nobody is cut off.
      'whale_sweep_age_seconds{instance="api-2:9464",job="all-is-whale-api",sweep="heads"}': broken(1, 90),
      'whale_streams_open{instance="api-2:9464",job="all-is-whale-api"}': broken(0, 0),
    },
    ...usual,
  },
  {
    alert: 'WhaleApiDown',
    labels: page,
    says: 'No API process answers.',
    series: { [`up${on}`]: broken(1, 0), 'up{instance="api-2:9464",job="all-is-whale-api"}': broken(1, 0) },
    ...usual,
  },
  {
    alert: 'WhaleApiDown',
    labels: { ...page, job: 'all-is-whale-api' },
    says: 'No API process answers.',
    series: { [`up${on}`]: broken(1, null) },
    ...usual,
  },
  {
    alert: 'WhaleNotDurable',
    labels: page,
    says: 'The database acknowledges what is not on disk yet (fsync or synchronous_commit is off).',
    series: { [`whale_db_durable${on}`]: broken(1, 0) },
    ...usual,
  },
  {
    alert: 'WhaleProbeFailing',
    labels: { ...page, probe: 'api' },
    says: 'From outside, api does not answer as it should.',
    series: {
      'probe_success{job="all-is-whale-probes",probe="api"}': broken(1, 0),
      'probe_success{job="all-is-whale-probes",probe="ui"}': broken(1, 1),
    },
    ...usual,
  },
  {
    alert: 'WhaleCertificateExpires',
    labels: { ...page, probe: 'ui' },
    says: 'The certificate that ui serves ends in 2d 0h 0m 0s.',
    series: {
      // Time begins at 0 in these tests; at minute 38 two days are left.
      'probe_ssl_earliest_cert_expiry{job="all-is-whale-probes",probe="ui"}': broken(9e6, 38 * 60 + 2 * 86_400),
    },
    ...usual,
  },
  {
    alert: 'WhaleApiProcessDown',
    labels: { ...ticket, ...node },
    says: 'The API process api-1:9464 does not answer.',
    series: { [`up${on}`]: broken(1, 0), 'up{instance="api-2:9464",job="all-is-whale-api"}': broken(1, 1) },
    ...usual,
  },
  {
    alert: 'WhaleApiRestarting',
    labels: { ...ticket, ...node },
    says: 'The API process api-1:9464 started 4 times in half an hour.',
    series: {
      [`process_start_time_seconds${on}`]: '1+0x10 2+0x2 3+0x2 4+0x2 5+0x100',
      // Three are an upgrade that was taken back.
      'process_start_time_seconds{instance="api-2:9464",job="all-is-whale-api"}': '1+0x10 2+0x2 3+0x2 4+0x100',
    },
    quiet: 9,
    fires: 30,
    resolved: 60,
  },
  {
    alert: 'WhaleEventLoopBlocked',
    labels: { ...ticket, ...node },
    says: 'The API process api-1:9464 is busy for 400ms at a time.',
    series: { [`nodejs_eventloop_lag_p99_seconds${on}`]: broken(0.02, 0.4) },
    ...usual,
  },
  {
    alert: 'WhaleRequestsFailing',
    labels: { ...ticket, method: 'GET', route: '/v1/conversations' },
    says: '5% of GET /v1/conversations fail.',
    series: {
      'whale_http_request_duration_seconds_count{method="GET",route="/v1/conversations",status="200"}': counter(
        [100, 10],
        [95, 30],
        [100, 60],
      ),
      'whale_http_request_duration_seconds_count{method="GET",route="/v1/conversations",status="500"}': counter(
        [0, 10],
        [5, 30],
        [0, 60],
      ),
    },
    quiet: 9,
    fires: 38,
    resolved: 70,
  },
  {
    alert: 'WhaleBusDisconnected',
    labels: { ...ticket, ...node },
    says: 'api-1:9464 hears no hints: what is said on other processes arrives up to two seconds late.',
    series: { [`whale_bus_connected${on}`]: broken(1, 0) },
    ...usual,
  },
  {
    alert: 'WhaleHintsDropped',
    labels: { ...ticket, ...node },
    says: 'api-1:9464 drops 2 hints a second.',
    series: {
      'whale_bus_hints_total{direction="dropped",instance="api-1:9464",job="all-is-whale-api"}': counter(
        [0, 10],
        [120, 30],
        [0, 60],
      ),
    },
    quiet: 9,
    fires: 38,
    resolved: 60,
  },
  {
    alert: 'WhaleHintsLost',
    labels: ticket,
    says: '25% of all events arrive by the sweep, because their hints do not.',
    series: {
      'whale_delivery_events_total{by="hint"}': counter([100, 40], [75, 60], [100, 60]),
      'whale_delivery_events_total{by="sweep"}': counter([1, 40], [25, 60], [1, 60]),
    },
    quiet: 39,
    fires: 98,
    resolved: 140,
  },
  {
    alert: 'WhaleSendQueueFilling',
    labels: { ...ticket, ...node },
    says: 'Messages wait on api-1:9464 faster than the database keeps them.',
    series: {
      [`whale_group_commit_waiting${on}`]: broken(20, 9_000),
      'whale_sends_total{outcome="turned-away",instance="api-1:9464",job="all-is-whale-api"}': broken(0, 0),
    },
    ...usual,
  },
  {
    alert: 'WhaleSendQueueFilling',
    labels: { ...ticket, ...node },
    says: 'Messages wait on api-1:9464 faster than the database keeps them.',
    series: {
      [`whale_group_commit_waiting${on}`]: broken(20, 20),
      'whale_sends_total{outcome="turned-away",instance="api-1:9464",job="all-is-whale-api"}': counter(
        [0, 10],
        [3, 30],
        [0, 60],
      ),
    },
    ...usual,
  },
  {
    alert: 'WhaleSlowReaders',
    labels: ticket,
    says: '30 streams were cut off in a quarter of an hour because nobody read them.',
    series: {
      'whale_streams_closed_total{reason="too-slow"}': counter([0, 10], [2, 30], [0, 60]),
      'whale_streams_closed_total{reason="silent"}': counter([50, 100]),
    },
    ...usual,
  },
  {
    alert: 'WhaleOutboxesFull',
    labels: { ...ticket, ...node },
    says: '300MiB wait on api-1:9464 for readers to take them.',
    series: { [`whale_outbox_waiting_bytes${on}`]: broken(4096, 300 * 2 ** 20) },
    ...usual,
  },
  {
    alert: 'WhaleDatabaseUnreachable',
    labels: { ...ticket, ...node },
    says: 'api-1:9464 cannot reach the database.',
    series: { [`whale_db_up${on}`]: broken(1, 0) },
    ...usual,
  },
  {
    alert: 'WhaleDatabasePoolFull',
    labels: { ...ticket, ...node },
    says: 'Statements on api-1:9464 wait for a connection: all are busy.',
    series: { [`whale_db_pool_waiting${on}`]: broken(0, 4) },
    ...usual,
  },
  {
    alert: 'WhaleReplicationLag',
    labels: { ...ticket, standby: 'standby-1' },
    says: 'The standby standby-1 is 2m 0s behind.',
    series: { 'whale_db_replication_lag_seconds{standby="standby-1"}': broken(0.1, 120) },
    ...usual,
  },
  {
    alert: 'WhaleStandbyLost',
    labels: ticket,
    says: 'The database has 0 standbys; it had more within the last day.',
    series: { [`whale_db_standbys${on}`]: broken(1, 0) },
    ...usual,
  },
  {
    alert: 'WhaleClockDrift',
    labels: { ...ticket, ...node },
    says: "The clock of api-1:9464 and the database's are 30s apart.",
    series: { [`whale_db_clock_offset_seconds${on}`]: broken(0.01, -30) },
    ...usual,
  },
  {
    alert: 'WhaleDatabaseStorageLow',
    labels: { ...ticket, dimension_DBInstanceIdentifier: 'whale' },
    says: 'The database whale has 5GiB of disk left.',
    series: {
      'aws_rds_free_storage_space_average{dimension_DBInstanceIdentifier="whale"}': broken(50 * 2 ** 30, 5 * 2 ** 30),
    },
    ...usual,
  },
  {
    alert: 'WhaleWrongPasswords',
    labels: ticket,
    says: '2 wrong passwords a second: somebody may be guessing.',
    series: {
      'whale_sign_ins_total{outcome="succeeded"}': counter([5, 100]),
      'whale_sign_ins_total{outcome="wrong-credentials"}': counter([1, 10], [90, 30], [1, 60]),
      'whale_sign_ins_total{outcome="slow-down"}': counter([0, 10], [30, 30], [0, 60]),
    },
    quiet: 9,
    fires: 38,
    resolved: 60,
  },
  {
    alert: 'WhaleBalancerErrors',
    labels: ticket,
    says: 'The load balancer itself answers 10% of the requests with an error.',
    series: {
      aws_applicationelb_httpcode_elb_5_xx_count_sum: broken(0, 10),
      aws_applicationelb_request_count_sum: broken(100, 100),
    },
    ...usual,
  },
  {
    alert: 'WhaleCertificateNotRenewed',
    labels: { ...ticket, namespace: 'all-is-whale', secret: 'tls', where: 'acm' },
    says: 'The certificate of all-is-whale/tls (acm) ends in 5d 0h 0m 0s and is not renewed.',
    series: {
      'whale_cert_sync_not_after{namespace="all-is-whale",secret="tls",where="acm"}': gauge(
        [9e6, 10],
        [98 * 60 + 5 * 86_400, 90],
        [9e6, 60],
      ),
      'whale_cert_sync_not_after{namespace="all-is-whale",secret="tls",where="secret"}': gauge([9e6, 160]),
    },
    quiet: 9,
    fires: 98,
    resolved: 110,
  },
  {
    alert: 'WhaleCertificateOutOfSync',
    labels: { ...ticket, namespace: 'all-is-whale', secret: 'tls' },
    says: 'ACM does not have what the Secret all-is-whale/tls asks for.',
    series: { 'whale_cert_sync_out_of_sync{namespace="all-is-whale",secret="tls"}': gauge([0, 10], [1, 60], [0, 60]) },
    quiet: 9,
    fires: 60,
    resolved: 80,
  },
  {
    alert: 'WhaleCertificateNotServed',
    labels: { ...ticket, host: 'chat.tidewater.example' },
    says: 'chat.tidewater.example serves another certificate than the one in ACM.',
    series: {
      'whale_cert_sync_served_serial_matches{host="chat.tidewater.example"}': gauge([1, 10], [0, 60], [1, 60]),
    },
    quiet: 9,
    fires: 60,
    resolved: 80,
  },
  {
    alert: 'WhaleCertSyncFailing',
    labels: { ...ticket, reason: 'denied' },
    says: 'cert-sync fails again and again: denied.',
    series: { 'whale_cert_sync_errors_total{reason="denied"}': counter([0, 10], [1, 90], [0, 100]) },
    quiet: 9,
    fires: 98,
    resolved: 190,
  },
  {
    alert: 'WhaleCertSyncNotLed',
    labels: ticket,
    says: 'No replica of cert-sync leads, so no certificate is copied.',
    series: {
      'whale_cert_sync_leader{instance="one"}': broken(1, 0),
      'whale_cert_sync_leader{instance="two"}': broken(0, 0),
    },
    ...usual,
  },
]

/** It must never fall silent, so there is no time when it does not sound. */
export const alwaysSounds = { alert: 'Watchdog', labels: { severity: 'none' }, says: 'The monitoring works.' }
