import type { DashboardSpec } from './panels.ts'
import { now, quantile, rate } from './panels.ts'

/** What each process of the API does, and with what effort. */
export const api: DashboardSpec = {
  uid: 'whale-api',
  title: 'API',
  description: 'Requests, the group commit, and what each process needs for them.',
  rows: {
    Requests: [
      {
        title: 'Requests',
        description: 'By status. 4xx are refusals, each with its reason; 5xx are failures of ours.',
        unit: 'reqps',
        runbook: 'processes.md#whalerequestsfailing',
        queries: { '{{status}}': rate('whale_http_request_duration_seconds_count', 'status') },
        kind: 'stacked',
      },
      {
        title: 'Slowest operations',
        description: 'The ten operations of which one in a hundred takes longest.',
        unit: 's',
        runbook: 'processes.md#whalerequestsfailing',
        queries: {
          '{{method}} {{route}}': `topk(10, ${quantile(0.99, 'whale_http_request_duration_seconds', 'method, route')})`,
        },
      },
      {
        title: 'Failures by operation',
        description: 'Requests that ended in a failure of ours. Nothing, when all is well.',
        unit: 'reqps',
        runbook: 'processes.md#whalerequestsfailing',
        queries: {
          '{{method}} {{route}} {{status}}': `${rate('whale_http_request_duration_seconds_count', 'method, route, status', 'status=~"5.."')} > 0`,
        },
        width: 24,
      },
    ],
    'Group commit': [
      {
        title: 'Messages in a batch',
        description: 'One while it is quiet; more the busier it is, which is what keeps it fast.',
        unit: 'short',
        runbook: 'messages.md#whalesendsslow',
        queries: {
          average: `${rate('whale_group_commit_size_messages_sum')} / ${rate('whale_group_commit_size_messages_count')}`,
          '99 of 100 are smaller': quantile(0.99, 'whale_group_commit_size_messages'),
        },
        width: 8,
      },
      {
        title: 'What a batch takes',
        description: 'One statement with its commit: the disk of the database, and a standby that commits wait for.',
        unit: 's',
        runbook: 'messages.md#whalesendsslow',
        queries: {
          'half are faster': quantile(0.5, 'whale_group_commit_duration_seconds'),
          '99 of 100 are faster': quantile(0.99, 'whale_group_commit_duration_seconds'),
        },
        width: 8,
      },
      {
        title: 'Messages that wait for a batch',
        description: 'At 20,000 in one process further ones are turned away.',
        unit: 'short',
        runbook: 'messages.md#whalesendqueuefilling',
        queries: { '{{instance}}': now('whale_group_commit_waiting') },
        width: 8,
        limit: 10_000,
      },
    ],
    Processes: [
      {
        title: 'Late turns of the event loop',
        description: '99 of 100 turns are late by less. Above 200 ms everybody on that process waits.',
        unit: 's',
        runbook: 'processes.md#whaleeventloopblocked',
        queries: { '{{instance}}': now('nodejs_eventloop_lag_p99_seconds') },
        width: 8,
        limit: 0.2,
      },
      {
        title: 'Processor',
        description: 'Cores in use. A process has one for its own work and little more for others.',
        unit: 'short',
        runbook: 'processes.md#whaleeventloopblocked',
        queries: { '{{instance}}': rate('process_cpu_seconds_total', 'instance') },
        width: 8,
      },
      {
        title: 'Memory',
        description: 'Resident. Grows with connections, and with readers that do not read.',
        unit: 'bytes',
        runbook: 'processes.md#whaleapirestarting',
        queries: { '{{instance}}': now('process_resident_memory_bytes') },
        width: 8,
      },
      {
        title: 'Up since',
        description: 'How long each process has been up. Short ones that stay short are restarts.',
        unit: 's',
        runbook: 'processes.md#whaleapirestarting',
        queries: { '{{instance}}': `time() - ${now('process_start_time_seconds')}` },
        width: 8,
      },
      {
        title: 'Versions',
        description: 'How many processes run which version. Two at the same time are an upgrade under way.',
        unit: 'short',
        runbook: 'processes.md#whaleapirestarting',
        queries: { '{{version}}': `sum by (version) (${now('whale_build_info')})` },
        kind: 'stacked',
        width: 8,
      },
      {
        title: 'Up',
        description: 'Processes that Prometheus reaches. 1 each.',
        unit: 'short',
        runbook: 'processes.md#whaleapiprocessdown',
        queries: { '{{instance}}': 'up{job="all-is-whale-api", instance=~"$instance"}' },
        width: 8,
        least: 1,
      },
    ],
  },
}
