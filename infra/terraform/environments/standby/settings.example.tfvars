# Copy to settings.auto.tfvars and fill in. primary.auto.tfvars.json beside it comes from production:
#   terraform output -json for_standby >../standby/primary.auto.tfvars.json
account_id           = "123456789012"
region               = "eu-central-1"
administrators       = ["arn:aws:iam::123456789012:role/operator"]
kubernetes_api_cidrs = ["192.0.2.10/32"]
