// Everything that can be said about one overlay without a cluster.
import { availabilityPolicies } from './policies/availability.ts'
import { environmentPolicies } from './policies/environment.ts'
import { ingressPolicies } from './policies/ingress.ts'
import { networkPolicies } from './policies/network.ts'
import { podPolicies } from './policies/pods.ts'
import { referencePolicies } from './policies/references.ts'
import { secrecyPolicies } from './policies/secrecy.ts'
import { settingsPolicies } from './policies/settings.ts'
import type { Place } from './place.ts'
import { type Files, render } from './render.ts'
import { misshapen } from './schema.ts'

const policies = [
  podPolicies,
  availabilityPolicies,
  networkPolicies,
  referencePolicies,
  environmentPolicies,
  ingressPolicies,
  secrecyPolicies,
  settingsPolicies,
]

/** What is wrong with an overlay (`aws/production`), as sentences; empty if nothing is. */
export async function inspect(files: Files, overlay: string): Promise<string[]> {
  let place: Place
  try {
    place = { ...render(files, `overlays/${overlay}`), overlay }
  } catch (error) {
    return [`${overlay} cannot be rendered: ${(error as Error).message}`]
  }
  const findings: string[] = []
  for (const object of place.objects) findings.push(...(await misshapen(object)))
  for (const policy of policies) findings.push(...policy(place))
  return [...new Set(findings)]
}
