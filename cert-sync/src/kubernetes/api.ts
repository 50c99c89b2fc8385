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

/** From the pod it runs in, or from KUBECONFIG. */
export function connectFromEnvironment(): Api {
  const config = new KubeConfig()
  config.loadFromDefault()
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
