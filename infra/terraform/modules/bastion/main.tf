# A way to the database for a person. Session Manager is the better one (no open port, every session in CloudTrail):
#   aws ssm start-session --target <instance> --document-name AWS-StartPortForwardingSessionToRemoteHost \
#     --parameters host=<database>,portNumber=5432,localPortNumber=5432

data "aws_partition" "current" {}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_security_group" "bastion" {
  name        = "${var.name}-bastion"
  description = "SSH from given addresses"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-bastion" }
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each = toset(var.allowed_cidrs)

  security_group_id = aws_security_group.bastion.id
  description       = "SSH from ${each.value}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

# Session Manager and package updates.
resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.bastion.id
  description       = "HTTPS to AWS and package mirrors"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

data "aws_vpc" "this" {
  id = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id = aws_security_group.bastion.id
  description       = "PostgreSQL inside the VPC"
  cidr_ipv4         = data.aws_vpc.this.cidr_block
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "bastion" {
  name_prefix        = "${substr(var.name, 0, 28)}-bastion-"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy_attachment" "session_manager" {
  role       = aws_iam_role.bastion.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "bastion" {
  name_prefix = "${substr(var.name, 0, 28)}-bastion-"
  role        = aws_iam_role.bastion.name
}

resource "aws_instance" "bastion" {
  ami                         = data.aws_ssm_parameter.image.value
  instance_type               = var.instance_type
  subnet_id                   = var.public_subnet_id
  vpc_security_group_ids      = [aws_security_group.bastion.id]
  associate_public_ip_address = true
  iam_instance_profile        = aws_iam_instance_profile.bastion.name

  # Written, not appended: the file holds this key and no other, whatever the image brings. No key pair is given, which
  # would be a second one.
  user_data_replace_on_change = true
  user_data                   = <<-CLOUD_INIT
    #cloud-config
    disable_root: true
    ssh_pwauth: false
    users:
      - name: operator
        lock_passwd: true
        shell: /bin/bash
    write_files:
      - path: /etc/ssh/authorized_keys/operator
        owner: root:root
        permissions: '0644'
        content: |
          ${var.authorized_key}
      - path: /etc/ssh/sshd_config.d/10-bastion.conf
        owner: root:root
        permissions: '0600'
        content: |
          AuthorizedKeysFile /etc/ssh/authorized_keys/%u
          AuthorizedKeysCommand none
          AllowUsers operator
          PasswordAuthentication no
          KbdInteractiveAuthentication no
          PermitRootLogin no
          X11Forwarding no
          AllowAgentForwarding no
    packages: [postgresql17]
    package_update: true
    package_upgrade: true
    runcmd:
      - [systemctl, restart, sshd]
  CLOUD_INIT

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 10
    encrypted   = true
    kms_key_id  = var.kms_key_arn
  }

  tags = { Name = "${var.name}-bastion" }

  lifecycle {
    # A newer image is taken when the bastion is made again, not in the middle of somebody's work.
    ignore_changes = [ami]
  }
}
