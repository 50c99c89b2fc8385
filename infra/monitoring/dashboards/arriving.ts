import type { DashboardSpec } from './panels.ts'
import { now, quantile, rate } from './panels.ts'

/** The first one to look at: whether people's messages arrive, and how fast. */
export const arriving: DashboardSpec = {
  uid: 'whale-arriving',
  title: 'Are messages arriving?',
  description: 'What people notice, against what is promised. The others say why.',
  rows: {
    Now: [
      {
        title: 'Sends that fail',
        description:
          'Share of sends answered with a failure of ours (5xx) in five minutes. Promised: under 0.1 % in 30 days. Their senders try again by themselves.',
        unit: 'percentunit',
        runbook: 'messages.md#whalesendsfailing',
        queries: { failing: 'whale:sends_failed:ratio_rate5m' },
        kind: 'number',
        width: 5,
        limit: 0.001,
      },
      {
        title: 'Sends that are slow',
        description:
          'Share of sends that took more than half a second to be acknowledged, in five minutes. Promised: under 1 %.',
        unit: 'percentunit',
        runbook: 'messages.md#whalesendsslow',
        queries: { slow: 'whale:sends_slow:ratio_rate5m' },
        kind: 'number',
        width: 5,
        limit: 0.01,
      },
      {
        title: 'Deliveries that are late',
        description:
          'Share of events that were written to their readers’ sockets more than 2.5 s after their commit, in five minutes. Promised: under 0.5 %.',
        unit: 'percentunit',
        runbook: 'messages.md#whaledeliverylate',
        queries: { late: 'whale:delivery_late:ratio_rate5m' },
        kind: 'number',
        width: 5,
        limit: 0.005,
      },
      {
        title: 'Oldest send without an answer',
        description:
          'A send that hangs shows here and nowhere else until it ends. Fractions of a second when all is well.',
        unit: 's',
        runbook: 'messages.md#whalesendsstalled',
        queries: { oldest: `max(${now('whale_send_oldest_unanswered_seconds')})` },
        kind: 'number',
        width: 5,
        limit: 10,
      },
      {
        title: 'Connected',
        description:
          'Open streams of all processes: people’s windows, and scripts. Falls to nothing at once when nobody can connect.',
        unit: 'short',
        runbook: 'outside.md#whaleprobefailing',
        queries: { streams: `sum(${now('whale_streams_open')})` },
        kind: 'number',
        width: 4,
      },
    ],
    Sending: [
      {
        title: 'Messages handed in',
        description:
          'By what became of them. `repeated` is a sender who asked again and got the first message; `failed` and `turned-away` should not be there.',
        unit: 'cps',
        runbook: 'messages.md#whalesendsfailing',
        queries: { '{{outcome}}': rate('whale_sends_total', 'outcome') },
        kind: 'stacked',
      },
      {
        title: 'Sent to kept',
        description:
          'From a message’s hand-in until its commit could be acknowledged. The dashed line is the promise for 99 of 100. Dots lead to traces.',
        unit: 's',
        runbook: 'messages.md#whalesendsslow',
        queries: {
          'half are faster': quantile(0.5, 'whale_send_duration_seconds'),
          '99 of 100 are faster': quantile(0.99, 'whale_send_duration_seconds'),
        },
        limit: 0.5,
        exemplars: true,
      },
    ],
    Delivering: [
      {
        title: 'Kept to delivered',
        description:
          'From an event’s commit to its write to the last socket of a process, across processes, on the database’s clock. The dashed line is the promise for 199 of 200.',
        unit: 's',
        runbook: 'messages.md#whaledeliverylate',
        queries: {
          'half are faster': quantile(0.5, 'whale_delivery_delay_seconds'),
          '99 of 100 are faster': quantile(0.99, 'whale_delivery_delay_seconds'),
        },
        limit: 2.5,
        exemplars: true,
      },
      {
        title: 'How events came',
        description:
          'To the processes whose people read them. `hint` and `bus` are the usual ways; `sweep` is a hint that was lost and found in the database; `resume` somebody who came back.',
        unit: 'cps',
        runbook: 'messages.md#whalehintslost',
        queries: { '{{by}}': rate('whale_delivery_events_total', 'by') },
        kind: 'stacked',
      },
    ],
    'From outside': [
      {
        title: 'Seen from outside',
        description: 'Probes of the UI, the API, its documentation and the WebSocket from another network. 1 is well.',
        unit: 'short',
        runbook: 'outside.md#whaleprobefailing',
        queries: { '{{probe}}': 'min by (probe) (probe_success)' },
        least: 1,
      },
      {
        title: 'Sign-ins',
        description: 'By how they ended. Many wrong passwords at once is somebody guessing.',
        unit: 'cps',
        runbook: 'sign-in.md#whalesigninsfailing',
        queries: { '{{outcome}}': rate('whale_sign_ins_total', 'outcome') },
        kind: 'stacked',
      },
    ],
    'The month’s budget': [
      {
        title: 'How fast the budgets burn',
        description: 'Over an hour. 1 uses up exactly what a month allows; at 14.4 somebody is called.',
        unit: 'short',
        runbook: 'messages.md#whalesendsfailing',
        queries: {
          'sends fail': 'whale:sends_failed:ratio_rate1h / 0.001',
          'sends are slow': 'whale:sends_slow:ratio_rate1h / 0.01',
          'deliveries are late': 'whale:delivery_late:ratio_rate1h / 0.005',
          'sign-ins fail': 'whale:sign_ins_failed:ratio_rate1h / 0.001',
        },
        width: 24,
        limit: 14.4,
      },
    ],
  },
}
