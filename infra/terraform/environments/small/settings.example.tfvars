# Copy to settings.auto.tfvars and fill in. Everything else has a default: see variables.tf.
account_id           = "123456789012"
region               = "eu-north-1"
domain               = "try.tidewater.example"
administrators       = ["arn:aws:iam::123456789012:role/operator"]
kubernetes_api_cidrs = ["192.0.2.10/32"]
