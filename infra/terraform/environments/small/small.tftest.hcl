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

variables {
  account_id           = "123456789012"
  region               = "eu-north-1"
  domain               = "tidewater.example"
  administrators       = ["arn:aws:iam::123456789012:role/operator"]
  kubernetes_api_cidrs = ["192.0.2.10/32"]
}

run "is_cheap_and_says_so" {
  command = plan

  assert {
    condition     = length(module.network.zones) == 2
    error_message = "EKS wants two zones in any case."
  }

  assert {
    condition     = length(module.network.nat_addresses) == 1
    error_message = "One NAT gateway."
  }
}
