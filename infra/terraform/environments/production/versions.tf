terraform {
  required_version = ">= 1.11"

  # The bucket is made once by ../../state; its name and region are given to `terraform init`, see the README.
  backend "s3" {
    key          = "production/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      Project     = "all-is-whale"
      Environment = var.name
      ManagedBy   = "terraform"
    }
  }
}
