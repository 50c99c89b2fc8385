# Plans with the provider itself, so that its own rules are asked too, but without an account: what would be read from
# AWS is given here. (`mock_provider` refuses configurations with ephemeral resources.)

provider "aws" {
  region                      = "eu-central-1"
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
  target = module.network.data.aws_availability_zones.available
  values = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
}

override_resource {
  target          = module.cluster.aws_eks_cluster.this
  override_during = plan
  values = {
    arn        = "arn:aws:eks:eu-central-1:123456789012:cluster/mock"
    vpc_config = { cluster_security_group_id = "sg-0123456789abcdef0" }
  }
}

override_data {
  target = module.dns.data.aws_route53_zone.existing
  values = {
    zone_id      = "Z0123456789ABCDEFGHIJ"
    arn          = "arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ"
    name_servers = ["ns-1.tidewater.example"]
  }
}

variables {
  account_id           = "123456789012"
  region               = "eu-central-1"
  administrators       = ["arn:aws:iam::123456789012:role/operator"]
  kubernetes_api_cidrs = []
  primary = {
    name                 = "all-is-whale-production"
    region               = "eu-north-1"
    domain               = "tidewater.example"
    registry             = "all-is-whale-production"
    database_arn         = "arn:aws:rds:eu-north-1:123456789012:db:all-is-whale-production"
    database_secret_name = "all-is-whale-production/database"
    api_secret_name      = "all-is-whale-production/api"
  }
}

run "follows_the_primary" {
  command = plan

  assert {
    condition     = length(aws_db_instance_automated_backups_replication.primary) == 1
    error_message = "The primary's backups are copied here."
  }

  assert {
    condition     = output.failover.regional_hosts.api == "api.eu-central-1.tidewater.example"
    error_message = "Its names are of its own region."
  }

  assert {
    condition     = strcontains(output.controllers.region, "eu-central-1") && length(module.network.nat_addresses) == 2
    error_message = "Two zones of its own."
  }
}

run "takes_over_after_the_promotion" {
  command = plan

  variables {
    promoted   = true
    in_service = true
  }

  assert {
    condition     = length(aws_db_instance_automated_backups_replication.primary) == 0
    error_message = "A primary copies nobody's backups."
  }
}

run "sends_nobody_to_a_replica" {
  command = plan

  variables {
    in_service = true
  }

  expect_failures = [var.in_service]
}

run "refuses_the_primarys_region" {
  command = plan

  variables {
    region = "eu-north-1"
  }

  expect_failures = [var.region]
}

run "asks_the_replica_of_the_primary" {
  command = plan

  module {
    source = "../../modules/database"
  }

  variables {
    name                   = "mock"
    vpc_id                 = "vpc-0"
    subnet_ids             = ["subnet-0", "subnet-1"]
    client_security_groups = { workers = "sg-0" }
    kms_key_arn            = "arn:aws:kms:eu-central-1:123456789012:key/mock"
    password_managed_by    = "source"
    replicate_from         = "arn:aws:rds:eu-north-1:123456789012:db:all-is-whale-production"
  }

  assert {
    condition     = aws_db_instance.this.replicate_source_db == "arn:aws:rds:eu-north-1:123456789012:db:all-is-whale-production" && aws_db_instance.this.multi_az && aws_db_instance.this.storage_encrypted
    error_message = "An encrypted replica in two zones."
  }
}
