output "name" {
  description = "The cluster (`aws eks update-kubeconfig --name`)."
  value       = aws_eks_cluster.this.name
}

output "endpoint" {
  description = "Address of the Kubernetes API."
  value       = aws_eks_cluster.this.endpoint
}

output "version" {
  description = "Kubernetes version of the control plane."
  value       = aws_eks_cluster.this.version
}

output "worker_security_group_id" {
  description = "The security group that every worker is in."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "role_arns" {
  description = "Workload → its role. Pod Identity hands them out; no annotation on a service account is needed."
  value       = { for workload, role in aws_iam_role.workload : workload => role.arn }
}

output "service_accounts" {
  description = "Workload → namespace and service account that its role is bound to."
  value       = { for workload, role in aws_iam_role.workload : workload => var.service_accounts[workload] }
}

output "autoscaling_group_names" {
  description = "The workers' autoscaling groups."
  value       = [for group in aws_eks_node_group.workers.resources[0].autoscaling_groups : group.name]
}
