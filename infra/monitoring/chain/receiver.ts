import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One alert of one notification, as it arrived. */
export interface Heard {
  at: number
  by: 'pager' | 'tickets' | 'dead-man'
  alert: string
  status: 'firing' | 'resolved'
  labels: Record<string, string>
  /** When Prometheus saw it begin. */
  since: number
  runbook: string
}

interface Notification {
  alerts: {
    status: Heard['status']
    labels: Record<string, string>
    annotations: Record<string, string>
    startsAt: string
  }[]
}

/** The phone, the queue of tickets and the dead man's service in one: writes down what Alertmanager says to each. */
export async function openReceiver() {
  const heard: Heard[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      response.end()
      const by = new URL(request.url!, 'http://receiver').pathname.slice(1) as Heard['by']
      const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as Notification
      for (const { status, labels, annotations, startsAt } of alerts)
        heard.push({
          at: Date.now(),
          by,
          alert: labels.alertname!,
          status,
          labels,
          since: Date.parse(startsAt),
          runbook: annotations.runbook_url ?? '',
        })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    heard,
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => void server.close(() => resolve())).finally(() => server.closeAllConnections()),
  }
}
