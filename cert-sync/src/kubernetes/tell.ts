import { randomUUID } from 'node:crypto'
import { V1MicroTime } from '@kubernetes/client-node'
import type { EventsV1Event } from '@kubernetes/client-node'
import { messageOf } from '../log.ts'
import type { Log } from '../log.ts'
import { fieldManager, partsOf } from '../names.ts'
import type { Api } from './api.ts'
import type { Ingress } from './ingress.ts'

export interface Notice {
  type: 'Normal' | 'Warning'
  reason: string
  message: string
}

export type Tell = (ingress: Ingress, notice: Notice) => Promise<void>

const repeatAfter = 60 * 60_000

/** Events on Ingresses, the same one once an hour at most. A failure to tell never stops the work. */
export function createTell(api: Api, identity: string, log: Log): Tell {
  const told = new Map<string, number>()
  return async (ingress, { type, reason, message }) => {
    const what = [ingress.uid, reason, message].join('\n')
    const now = Date.now()
    if (now - (told.get(what) ?? -Infinity) < repeatAfter) return
    for (const [old, at] of told) if (now - at >= repeatAfter) told.delete(old)
    told.set(what, now)
    log(type === 'Warning' ? 'warn' : 'info', message, { reason, ingress: ingress.key })
    const { namespace, name } = partsOf(ingress.key)
    const body: EventsV1Event = {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: `${name}.${randomUUID().slice(0, 13)}`, namespace },
      eventTime: new V1MicroTime(now),
      type,
      reason,
      note: message.slice(0, 1000),
      action: 'SyncCertificate',
      reportingController: `all-is-whale/${fieldManager}`,
      reportingInstance: identity.slice(0, 128),
      regarding: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace, name, uid: ingress.uid },
    }
    try {
      await api.events.createNamespacedEvent({ namespace, body })
    } catch (error) {
      log('warn', 'An Event could not be written.', { because: messageOf(error) })
    }
  }
}
