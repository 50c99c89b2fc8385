// What programs that are not ours export: those of their metrics that rules and dashboards use, and where that is
// written down. A name that is missing here fails the check; add it with its source.

export interface Exporter {
  name: string
  /** Where its names were looked up. */
  source: string
  metrics: readonly string[]
}

export const exporters: Exporter[] = [
  {
    name: 'Prometheus itself, about each target',
    source: 'https://prometheus.io/docs/concepts/jobs_instances/',
    metrics: ['up', 'scrape_duration_seconds', 'scrape_samples_scraped', 'ALERTS'],
  },
  {
    name: 'Prometheus 2.42 to 3',
    source: 'https://github.com/prometheus/prometheus (its own /metrics)',
    metrics: [
      'prometheus_notifications_dropped_total',
      'prometheus_rule_evaluation_failures_total',
      'prometheus_tsdb_head_series',
      'prometheus_remote_storage_samples_failed_total',
    ],
  },
  {
    name: 'blackbox_exporter',
    source: 'https://github.com/prometheus/blackbox_exporter (prober/handler.go, prober/http.go)',
    metrics: ['probe_success', 'probe_duration_seconds', 'probe_http_status_code', 'probe_ssl_earliest_cert_expiry'],
  },
  {
    name: 'yet-another-cloudwatch-exporter',
    source:
      'https://github.com/prometheus-community/yet-another-cloudwatch-exporter: aws_<namespace>_<metric>_<statistic>, in snake case, for the metrics that kubernetes/cloudwatch.yml asks for',
    metrics: [
      'aws_rds_free_storage_space_average',
      'aws_rds_cpuutilization_average',
      'aws_rds_database_connections_average',
      'aws_rds_replica_lag_average',
      'aws_rds_write_latency_average',
      'aws_rds_commit_latency_average',
      'aws_applicationelb_httpcode_elb_5_xx_count_sum',
      'aws_applicationelb_httpcode_target_5_xx_count_sum',
      'aws_applicationelb_request_count_sum',
      'aws_applicationelb_target_response_time_average',
      'aws_applicationelb_active_connection_count_sum',
      'aws_applicationelb_healthy_host_count_minimum',
    ],
  },
  {
    name: 'node_exporter',
    source: 'https://github.com/prometheus/node_exporter (collector/)',
    metrics: [
      'node_cpu_seconds_total',
      'node_memory_MemAvailable_bytes',
      'node_memory_MemTotal_bytes',
      'node_filesystem_avail_bytes',
      'node_filesystem_size_bytes',
    ],
  },
  {
    name: 'kube-state-metrics',
    source: 'https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics',
    metrics: [
      'kube_pod_container_status_restarts_total',
      'kube_pod_status_ready',
      'kube_pod_info',
      'kube_deployment_status_replicas_available',
      'kube_deployment_spec_replicas',
      'kube_horizontalpodautoscaler_status_desired_replicas',
    ],
  },
  {
    name: 'cAdvisor, in the kubelet',
    source: 'https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md',
    metrics: ['container_cpu_usage_seconds_total', 'container_memory_working_set_bytes'],
  },
]
