import type { DashboardSpec } from './panels.ts'

/** From Let's Encrypt through cert-sync to what visitors are served. */
export const certificates: DashboardSpec = {
  uid: 'whale-certificates',
  title: 'Certificates',
  description: 'Whether what is served is valid for long enough, and whether cert-sync carries renewals to ACM.',
  rows: {
    'What visitors get': [
      {
        title: 'Days left, as served',
        description: 'Of the certificate that the probes were served, by address.',
        unit: 'd',
        runbook: 'certificates.md#whalecertificateexpires',
        queries: { '{{instance}}': 'min by (instance) (probe_ssl_earliest_cert_expiry - time()) / 86400' },
        least: 14,
      },
      {
        title: 'Served is what was imported',
        description: '1: the load balancer serves the certificate that cert-sync imported last.',
        unit: 'short',
        runbook: 'certificates.md#whalecertificatenotserved',
        queries: { '{{host}}': 'min by (host) (whale_cert_sync_served_serial_matches)' },
        least: 1,
      },
    ],
    'cert-sync': [
      {
        title: 'Days left, in the Secret and in ACM',
        description: 'Of each certificate that is ours. Where the two differ, a renewal has not been carried over.',
        unit: 'd',
        runbook: 'certificates.md#whalecertificatenotrenewed',
        queries: {
          '{{namespace}}/{{secret}}, {{where}}':
            'min by (namespace, secret, where) (whale_cert_sync_not_after - time()) / 86400',
        },
        width: 8,
        least: 14,
      },
      {
        title: 'Out of sync',
        description:
          '1 while ACM or an Ingress differs from what the Secret asks for. 0, but for a moment after a renewal.',
        unit: 'short',
        runbook: 'certificates.md#whalecertificateoutofsync',
        queries: { '{{namespace}}/{{secret}}': 'max by (namespace, secret) (whale_cert_sync_out_of_sync)' },
        width: 8,
        limit: 1,
      },
      {
        title: 'Errors',
        description: 'What cert-sync was refused or failed at, by reason.',
        unit: 'cps',
        runbook: 'certificates.md#whalecertsyncfailing',
        queries: { '{{reason}}': 'sum by (reason) (rate(whale_cert_sync_errors_total[$__rate_interval]))' },
        width: 4,
      },
      {
        title: 'Leads',
        description: 'Exactly one of the two processes does the work.',
        unit: 'short',
        runbook: 'certificates.md#whalecertsyncnotled',
        queries: { leaders: 'sum(whale_cert_sync_leader)' },
        kind: 'number',
        width: 4,
        least: 1,
      },
    ],
  },
}
