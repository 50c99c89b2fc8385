import { Counter, Histogram, type Registry } from 'prom-client'
import { gaugesOf } from '#platform/metrics/gauge.ts'
import { observe, withExemplars } from '#platform/tracing/exemplar.ts'
import type { Post, PostWatcher } from './post.ts'

const outcomes = ['stored', 'repeated', 'refused', 'turned-away', 'failed'] as const

/** Counts sends and what became of them. The counters' children are found once: this is the hot path. */
export function measureSends(registry: Registry): PostWatcher {
  const registers = [registry]
  const sends = new Counter({
    name: 'whale_sends_total',
    help: 'Messages handed in, by outcome; repeated: its clientId was known, and the first message was the answer; turned-away: too many were waiting.',
    labelNames: ['outcome'],
    registers,
  })
  const counted = outcomes.map((outcome) => [outcome, sends.labels({ outcome })] as const)
  const byOutcome = Object.fromEntries(counted) as Record<(typeof outcomes)[number], { inc(value?: number): void }>
  const acknowledged = new Histogram({
    name: 'whale_send_duration_seconds',
    help: 'From a message’s hand-in until its commit could be acknowledged, its wait for a statement included.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
    ...withExemplars(),
  })
  const size = new Histogram({
    name: 'whale_group_commit_size_messages',
    help: 'Messages in one statement of the group commit.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers,
  })
  const duration = new Histogram({
    name: 'whale_group_commit_duration_seconds',
    help: 'What one statement of the group commit took, its commit included, and its wait behind another on the same connection.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  for (const [, child] of counted) child.inc(0)
  return {
    batch(messages, tookMs) {
      size.observe(messages)
      duration.observe(tookMs / 1000)
    },
    answered(outcome, tookMs, trace) {
      byOutcome[outcome].inc()
      if (outcome === 'stored' || outcome === 'repeated') observe(acknowledged, tookMs / 1000, trace)
    },
  }
}

/** Shows what waits in the group commit at the moment of the scrape. */
export function measurePost(post: Pick<Post, 'load'>, registry: Registry): void {
  const gauge = gaugesOf(registry)
  gauge(
    'whale_group_commit_waiting',
    'Messages that wait for a statement; at 20,000 further ones are turned away.',
    () => post.load.waiting,
  )
  gauge(
    'whale_send_oldest_unanswered_seconds',
    'For how long the oldest send has had no answer. A send that hangs shows here, and nowhere else until it ends.',
    () => post.load.oldestMs / 1000,
  )
}
