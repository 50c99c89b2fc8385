import type { DashboardSpec } from './panels.ts'
import { now, quantile, rate } from './panels.ts'

/** From the commit on one process to the sockets of all. */
export const delivery: DashboardSpec = {
  uid: 'whale-delivery',
  title: 'Delivery across nodes',
  description: 'How events get from one process to the readers on another, and what repairs it when a hint is lost.',
  rows: {
    Delay: [
      {
        title: 'Kept to delivered',
        description:
          'How many events had which delay. A second band at one to two seconds is the sweep at work: hints are being lost.',
        unit: 's',
        runbook: 'messages.md#whaledeliverylate',
        queries: {
          '{{le}}': `sum by (le) (increase(whale_delivery_delay_seconds_bucket{instance=~"$instance"}[$__rate_interval]))`,
        },
        kind: 'heatmap',
        exemplars: true,
      },
      {
        title: '99 of 100 are faster, by process',
        description: 'A process that stands apart is busy, or away from the bus.',
        unit: 's',
        runbook: 'messages.md#whaledeliverylate',
        queries: { '{{instance}}': quantile(0.99, 'whale_delivery_delay_seconds', 'instance') },
        limit: 2.5,
      },
    ],
    Bus: [
      {
        title: 'Connected to the bus',
        description:
          '1 while a process hears the others at once. At 0 its people see what others write up to two seconds late.',
        unit: 'short',
        runbook: 'processes.md#whalebusdisconnected',
        queries: { '{{instance}}': now('whale_bus_connected') },
        width: 8,
        least: 1,
      },
      {
        title: 'Hints',
        description:
          'Between processes. What is sent by one is heard by each of the others that needs it. Refused: heard, and not from a process of this place.',
        unit: 'cps',
        runbook: 'processes.md#whalehintsdropped',
        queries: { '{{direction}}': rate('whale_bus_hints_total', 'direction') },
        width: 8,
      },
      {
        title: 'Hints dropped',
        description:
          'There was no connection, or it was too slow. Nothing is lost: the sweep finds what they were about.',
        unit: 'cps',
        runbook: 'processes.md#whalehintsdropped',
        queries: { '{{instance}}': rate('whale_bus_hints_total', 'instance', 'direction="dropped"') },
        width: 8,
        limit: 1,
      },
    ],
    Repair: [
      {
        title: 'Found by the sweep',
        description: 'Events whose hint was lost. A few when a process ends; many mean that the bus does not carry.',
        unit: 'cps',
        runbook: 'messages.md#whalehintslost',
        queries: { '{{instance}}': rate('whale_delivery_events_total', 'instance', 'by="sweep"') },
        width: 8,
      },
      {
        title: 'Since the last sweep',
        description: 'Heads are swept every second, readers every ten. Longer means that a lost hint waits longer.',
        unit: 's',
        runbook: 'messages.md#whaledeliverylate',
        queries: { '{{sweep}} {{instance}}': now('whale_sweep_age_seconds') },
        width: 8,
        limit: 30,
      },
      {
        title: 'What a sweep takes',
        description: '99 of 100. Grows with the conversations that a process serves.',
        unit: 's',
        runbook: 'messages.md#whaledeliverylate',
        queries: { '{{sweep}}': quantile(0.99, 'whale_sweep_duration_seconds', 'sweep') },
        width: 8,
      },
    ],
    Readers: [
      {
        title: 'Open streams',
        description: 'By process. After a deployment they spread within seconds.',
        unit: 'short',
        runbook: 'processes.md#whaleapiprocessdown',
        queries: { '{{instance}}': now('whale_streams_open') },
        kind: 'stacked',
        width: 8,
      },
      {
        title: 'Streams that ended',
        description: 'By reason. `too-slow` did not read what they were sent; they come back and resume.',
        unit: 'cps',
        runbook: 'messages.md#whalereaderscutoff',
        queries: { '{{reason}}': rate('whale_streams_closed_total', 'reason') },
        kind: 'stacked',
        width: 8,
      },
      {
        title: 'Not taken by readers yet',
        description:
          'Bytes that wait in sockets, of all readers of a process together. One reader is cut off at 4 MiB.',
        unit: 'bytes',
        runbook: 'messages.md#whaleslowreaders',
        queries: { '{{instance}}': now('whale_outbox_waiting_bytes') },
        width: 8,
      },
      {
        title: 'What they had missed',
        description: 'Events that a connection had missed when it came back; those that had missed any.',
        unit: 'short',
        runbook: 'messages.md#whaledeliverylate',
        queries: {
          'half had missed less': quantile(0.5, 'whale_resume_depth_events'),
          '99 of 100 had missed less': quantile(0.99, 'whale_resume_depth_events'),
        },
      },
      {
        title: 'Until they had it all',
        description: 'From a connection’s hello until it had all that it had missed.',
        unit: 's',
        runbook: 'messages.md#whaledeliverylate',
        queries: {
          'half are faster': quantile(0.5, 'whale_resume_duration_seconds'),
          '99 of 100 are faster': quantile(0.99, 'whale_resume_duration_seconds'),
        },
      },
    ],
  },
}
