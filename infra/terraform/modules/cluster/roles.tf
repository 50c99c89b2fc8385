# The roles of the control plane, of the workers, and of each workload by Pod Identity. What a workload may do stands
# in workloads.tf and load-balancer-controller.tf.

data "aws_iam_policy_document" "cluster_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["eks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "cluster" {
  name_prefix        = "${substr(var.name, 0, 26)}-cluster-"
  assume_role_policy = data.aws_iam_policy_document.cluster_assume.json
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonEKSClusterPolicy"
}

data "aws_iam_policy_document" "cluster_key" {
  statement {
    actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt"]
    resources = [var.kms_key_arn]
  }

  statement {
    actions   = ["kms:CreateGrant", "kms:ListGrants"]
    resources = [var.kms_key_arn]

    condition {
      test     = "Bool"
      variable = "kms:GrantIsForAWSResource"
      values   = ["true"]
    }
  }
}

resource "aws_iam_role_policy" "cluster_key" {
  name   = "encrypt-secrets"
  role   = aws_iam_role.cluster.id
  policy = data.aws_iam_policy_document.cluster_key.json
}

data "aws_iam_policy_document" "worker_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "worker" {
  name_prefix        = "${substr(var.name, 0, 27)}-worker-"
  assume_role_policy = data.aws_iam_policy_document.worker_assume.json
}

resource "aws_iam_role_policy_attachment" "worker" {
  for_each = toset([
    "AmazonEC2ContainerRegistryPullOnly",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKS_CNI_Policy",
    "AmazonSSMManagedInstanceCore",
  ])

  role       = aws_iam_role.worker.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/${each.value}"
}

data "aws_iam_policy_document" "workload_assume" {
  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    # Another cluster of the account must not hand out this one's roles.
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_eks_cluster.this.arn]
    }
  }
}

locals {
  # Kept beside the program that needs it and the note that says why each condition is there.
  cert_sync_policy = templatefile("${path.module}/../../../../cert-sync/iam.json", {
    partition = local.partition
    region    = local.region
    account   = local.account
    cluster   = var.name
  })

  workload_policies = merge(
    {
      api                      = data.aws_iam_policy_document.api.json
      cert-manager             = data.aws_iam_policy_document.cert_manager.json
      cert-sync                = local.cert_sync_policy
      cloudwatch-exporter      = data.aws_iam_policy_document.cloudwatch_exporter.json
      cluster-autoscaler       = data.aws_iam_policy_document.cluster_autoscaler.json
      ebs-csi                  = data.aws_iam_policy_document.ebs_csi_key.json
      external-dns             = data.aws_iam_policy_document.external_dns.json
      external-secrets         = data.aws_iam_policy_document.external_secrets.json
      load-balancer-controller = data.aws_iam_policy_document.load_balancer_controller.json
    },
    { for _ in range(var.prometheus_workspace_arn == null ? 0 : 1) : "prometheus" => data.aws_iam_policy_document.prometheus[0].json },
  )
}

resource "aws_iam_role" "workload" {
  for_each = local.workload_policies

  name               = "${var.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.workload_assume.json
}

# Managed policies, not inline ones: the load balancer controller's is longer than a role may hold inline.
resource "aws_iam_policy" "workload" {
  for_each = local.workload_policies

  name   = "${var.name}-${each.key}"
  policy = each.value
}

resource "aws_iam_role_policy_attachment" "workload" {
  for_each = local.workload_policies

  role       = aws_iam_role.workload[each.key].name
  policy_arn = aws_iam_policy.workload[each.key].arn
}

resource "aws_iam_role_policy_attachment" "ebs_csi" {
  role       = aws_iam_role.workload["ebs-csi"].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"
}

# The EBS driver's association is made by its add-on.
resource "aws_eks_pod_identity_association" "workload" {
  for_each = { for workload, policy in local.workload_policies : workload => policy if workload != "ebs-csi" }

  cluster_name    = aws_eks_cluster.this.name
  namespace       = var.service_accounts[each.key].namespace
  service_account = var.service_accounts[each.key].service_account
  role_arn        = aws_iam_role.workload[each.key].arn
}
