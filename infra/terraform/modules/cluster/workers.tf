resource "aws_launch_template" "worker" {
  name_prefix            = "${var.name}-worker-"
  update_default_version = true

  # Pods must not take the worker's own role: a hop limit of one ends at the host.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  monitoring {
    enabled = true
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = var.workers.disk_gib
      encrypted             = true
      kms_key_id            = var.kms_key_arn
      delete_on_termination = true
    }
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.name}-worker" }
  }

  tag_specifications {
    resource_type = "volume"
    tags          = { Name = "${var.name}-worker" }
  }
}

# One autoscaling group over all zones; EKS tags it so that cluster-autoscaler finds it.
resource "aws_eks_node_group" "workers" {
  cluster_name           = aws_eks_cluster.this.name
  node_group_name_prefix = "workers-"
  node_role_arn          = aws_iam_role.worker.arn
  subnet_ids             = var.private_subnet_ids
  version                = var.kubernetes_version
  ami_type               = var.workers.ami_type
  instance_types         = var.workers.instance_types
  capacity_type          = "ON_DEMAND"

  scaling_config {
    min_size     = var.workers.min
    desired_size = var.workers.desired
    max_size     = var.workers.max
  }

  update_config {
    max_unavailable_percentage = 33
  }

  node_repair_config {
    enabled = true
  }

  launch_template {
    id      = aws_launch_template.worker.id
    version = aws_launch_template.worker.latest_version
  }

  lifecycle {
    create_before_destroy = true

    # cluster-autoscaler decides from here on.
    ignore_changes = [scaling_config[0].desired_size]
  }

  # Workers that join before the network add-on is there would not become ready.
  depends_on = [
    aws_eks_addon.before_workers,
    aws_iam_role_policy_attachment.worker,
  ]
}
