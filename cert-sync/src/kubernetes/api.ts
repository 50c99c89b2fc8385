import { existsSync } from 'node:fs'
import {
  ApiException,
  CoordinationV1Api,
  CoreV1Api,
  EventsV1Api,
  KubeConfig,
  NetworkingV1Api,
} from '@kubernetes/client-node'

/** The clients for the four API groups that cert-sync touches. */
export interface Api {
  config: KubeConfig
  core: CoreV1Api
  networking: NetworkingV1Api
  coordination: CoordinationV1Api
  events: EventsV1Api
}

export function connect(config: KubeConfig): Api {
  return {
    config,
    core: config.makeApiClient(CoreV1Api),
    networking: config.makeApiClient(NetworkingV1Api),
    coordination: config.makeApiClient(CoordinationV1Api),
    events: config.makeApiClient(EventsV1Api),
  }
}

/** From KUBECONFIG, or from the pod it runs in, or else as kubectl would. */
export function connectFromEnvironment(): Api {
  const config = new KubeConfig()
  const inPod = existsSync('/var/run/secrets/kubernetes.io/serviceaccount/token')
  // The client's own way looks into the home folder first, and ends at localhost without a word.
  if (inPod && !process.env.KUBECONFIG) config.loadFromCluster()
  else config.loadFromDefault()
  return connect(config)
}

export const statusOf = (error: unknown): number | undefined => (error instanceof ApiException ? error.code : undefined)

/** The answer, or undefined for 404. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (statusOf(error) === 404) return undefined
    throw error
  }
}
