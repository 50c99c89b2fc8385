# Plans with the provider itself, so that its own rules are asked too, but without an account: what would be read from
# AWS is given here. (`mock_provider` refuses configurations with ephemeral resources.)

provider "aws" {
  region                      = "eu-north-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.encryption.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.network.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.cluster.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.files.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.registry.data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = module.network.data.aws_availability_zones.available
  values = { names = ["eu-north-1a", "eu-north-1b", "eu-north-1c"] }
}

override_resource {
  target          = module.cluster.aws_eks_cluster.this
  override_during = plan
  values = {
    arn        = "arn:aws:eks:eu-north-1:123456789012:cluster/mock"
    vpc_config = { cluster_security_group_id = "sg-0123456789abcdef0" }
  }
}

override_resource {
  target          = module.database.aws_db_instance.this
  override_during = plan
  values = {
    address            = "mock.eu-north-1.rds.amazonaws.com"
    master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:rds!db-mock-AbCdEf" }]
  }
}

override_resource {
  target          = module.registry.aws_ecr_repository.this
  override_during = plan
  values          = { repository_url = "123456789012.dkr.ecr.eu-north-1.amazonaws.com/mock/api" }
}

override_resource {
  target          = module.dns.aws_route53_zone.this
  override_during = plan
  values          = { zone_id = "Z0123456789ABCDEFGHIJ", arn = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ" }
}

variables {
  account_id           = "123456789012"
  region               = "eu-north-1"
  domain               = "tidewater.example"
  administrators       = ["arn:aws:iam::123456789012:role/operator"]
  kubernetes_api_cidrs = ["192.0.2.10/32"]
}

run "stands_in_two_zones_and_prints_the_settings_of_its_overlay" {
  command = plan

  assert {
    condition     = length(module.network.zones) == 2
    error_message = "Two zones."
  }

  assert {
    condition     = length(module.network.nat_addresses) == 2
    error_message = "A NAT gateway in each zone."
  }

  assert {
    condition     = length(module.bastion) == 0
    error_message = "No bastion unless asked for."
  }

  assert {
    condition     = length(module.failover) == 0
    error_message = "Without a standby the cluster publishes its names."
  }

  assert {
    condition     = !contains(keys(output.controllers.role_arns), "prometheus")
    error_message = "No role for remote write without a workspace."
  }

  assert {
    condition     = strcontains(output.settings_env, "REGISTRY=123456789012.dkr.ecr.eu-north-1.amazonaws.com/mock\n")
    error_message = "The registry is what the repositories have in common."
  }

  assert {
    condition     = strcontains(output.settings_env, "DATABASE_URL=postgres://whale_api@mock.eu-north-1.rds.amazonaws.com:5432/whale?sslmode=verify-full&")
    error_message = "The address of the database for the API's own role, without a password."
  }

  assert {
    condition     = strcontains(output.settings_env, "DATABASE_OWNER_URL=postgres://whale@mock.eu-north-1.rds.amazonaws.com:5432/whale?sslmode=verify-full&")
    error_message = "The same for the owner, whom the migrations alone use."
  }

  assert {
    condition     = strcontains(output.settings_env, "secret:rds!db-mock-AbCdEf\n")
    error_message = "The secret is the one that RDS manages."
  }

  assert {
    condition     = strcontains(output.settings_env, "LOAD_BALANCER_RANGE=10.40.128.0/20\nDATABASE_RANGE=10.40.144.0/20\n")
    error_message = "One range for the public subnets and one for the isolated ones."
  }
}

run "takes_a_third_zone_a_bastion_and_a_standby" {
  command = plan

  variables {
    zone_count    = 3
    publish_names = "failover"
    bastion = {
      authorized_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0v ada@tidewater.example"
      allowed_cidrs  = ["192.0.2.10/32"]
    }
    prometheus_workspace_arn = "arn:aws:aps:eu-north-1:123456789012:workspace/ws-0"
  }

  override_data {
    target = module.bastion[0].data.aws_ssm_parameter.image
    values = { value = "ami-0123456789abcdef0" }
  }

  override_data {
    target = module.bastion[0].data.aws_vpc.this
    values = { cidr_block = "10.40.0.0/16" }
  }

  assert {
    condition     = length(module.network.zones) == 3
    error_message = "Three zones."
  }

  assert {
    condition     = length(output.bastion) == 1
    error_message = "A bastion."
  }

  assert {
    condition     = output.failover[0].regional_hosts.api == "api.eu-north-1.tidewater.example"
    error_message = "Failover records lead to the region's names."
  }

  assert {
    condition     = contains(keys(output.controllers.role_arns), "prometheus")
    error_message = "A role for remote write."
  }
}

run "refuses_one_zone" {
  command = plan

  module {
    source = "../../modules/network"
  }

  variables {
    name         = "mock"
    cluster_name = "mock"
    kms_key_arn  = "arn:aws:kms:eu-north-1:123456789012:key/mock"
    zone_count   = 1
  }

  override_data {
    target = data.aws_availability_zones.available
    values = { names = ["eu-north-1a", "eu-north-1b", "eu-north-1c"] }
  }

  expect_failures = [var.zone_count]
}

run "refuses_an_open_kubernetes_api" {
  command = plan

  module {
    source = "../../modules/cluster"
  }

  variables {
    name                = "mock"
    vpc_id              = "vpc-0"
    private_subnet_ids  = ["subnet-0", "subnet-1"]
    kms_key_arn         = "arn:aws:kms:eu-north-1:123456789012:key/mock"
    zone_arn            = "arn:aws:route53:::hostedzone/Z0"
    files_bucket_arn    = "arn:aws:s3:::mock"
    secret_arns         = ["arn:aws:secretsmanager:eu-north-1:123456789012:secret:mock"]
    public_access_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.public_access_cidrs]
}

run "refuses_a_replica_of_a_password_that_rds_manages" {
  command = plan

  module {
    source = "../../modules/database"
  }

  variables {
    name                   = "mock"
    vpc_id                 = "vpc-0"
    subnet_ids             = ["subnet-0", "subnet-1"]
    client_security_groups = { workers = "sg-0" }
    kms_key_arn            = "arn:aws:kms:eu-north-1:123456789012:key/mock"
    read_replicas          = 1
  }

  expect_failures = [var.password_managed_by]
}

run "refuses_two_keys_on_the_bastion" {
  command = plan

  module {
    source = "../../modules/bastion"
  }

  variables {
    name             = "mock"
    vpc_id           = "vpc-0"
    public_subnet_id = "subnet-0"
    kms_key_arn      = "arn:aws:kms:eu-north-1:123456789012:key/mock"
    authorized_key   = "ssh-ed25519 AAAA ada\nssh-ed25519 BBBB grace"
    allowed_cidrs    = ["0.0.0.0/0"]
  }

  override_data {
    target = data.aws_ssm_parameter.image
    values = { value = "ami-0123456789abcdef0" }
  }

  override_data {
    target = data.aws_vpc.this
    values = { cidr_block = "10.40.0.0/16" }
  }

  expect_failures = [var.authorized_key, var.allowed_cidrs]
}
