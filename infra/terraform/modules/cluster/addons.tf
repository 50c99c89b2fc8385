locals {
  before_workers = {
    vpc-cni = jsonencode({
      # Without it NetworkPolicies are accepted and do nothing.
      enableNetworkPolicy = "true"
      env                 = { ENABLE_PREFIX_DELEGATION = "true", WARM_PREFIX_TARGET = "1" }
    })
    kube-proxy             = null
    eks-pod-identity-agent = null
  }

  after_workers = {
    coredns = jsonencode({
      # By default both copies may stand in one zone, and names die with it.
      topologySpreadConstraints = [{
        maxSkew           = 1
        topologyKey       = "topology.kubernetes.io/zone"
        whenUnsatisfiable = "ScheduleAnyway"
        labelSelector     = { matchLabels = { "k8s-app" = "kube-dns" } }
      }]
    })
    metrics-server = null
  }
}

resource "aws_eks_addon" "before_workers" {
  for_each = local.before_workers

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = lookup(var.addon_versions, each.key, null)
  configuration_values        = each.value
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

resource "aws_eks_addon" "after_workers" {
  for_each = local.after_workers

  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = each.key
  addon_version               = lookup(var.addon_versions, each.key, null)
  configuration_values        = each.value
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  depends_on = [aws_eks_node_group.workers]
}

resource "aws_eks_addon" "ebs_csi" {
  cluster_name                = aws_eks_cluster.this.name
  addon_name                  = "aws-ebs-csi-driver"
  addon_version               = lookup(var.addon_versions, "aws-ebs-csi-driver", null)
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"

  pod_identity_association {
    role_arn        = aws_iam_role.workload["ebs-csi"].arn
    service_account = var.service_accounts["ebs-csi"].service_account
  }

  depends_on = [aws_eks_node_group.workers]
}
