variable "name" {
  description = "Name of the cluster; certificates, volumes and load balancers carry it as a tag."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,38}$", var.name))
    error_message = "3 to 39 lower-case letters, digits and hyphens."
  }
}

variable "kubernetes_version" {
  description = "Kubernetes minor version. EKS supports each for 14 months; 1.35 until 2027-03-27. Raise it one minor at a time."
  type        = string
  default     = "1.35"

  validation {
    condition     = can(regex("^1\\.(3[5-9]|[4-9][0-9])$", var.kubernetes_version))
    error_message = "1.35 or newer: 1.34 leaves standard support on 2026-12-02 and costs six times as much afterwards."
  }
}

variable "vpc_id" {
  description = "The VPC."
  type        = string
}

variable "private_subnet_ids" {
  description = "Private subnets for workers and control-plane interfaces, one per zone."
  type        = list(string)

  validation {
    condition     = length(var.private_subnet_ids) >= 2
    error_message = "EKS and the promise to survive the loss of a zone need subnets in two zones."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts Kubernetes secrets, volumes and logs."
  type        = string
}

variable "public_access_cidrs" {
  description = "Addresses that may reach the Kubernetes API from the internet; empty closes the public endpoint."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.public_access_cidrs : can(cidrhost(cidr, 0)) && tonumber(split("/", cidr)[1]) >= 16])
    error_message = "Name the offices' or the VPN's addresses (/16 or smaller): 0.0.0.0/0 opens the Kubernetes API to the world."
  }
}

variable "administrators" {
  description = "IAM role or user ARNs that administer the cluster."
  type        = set(string)

  validation {
    condition     = length(var.administrators) >= 1 && alltrue([for arn in var.administrators : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/", arn))])
    error_message = "At least one ARN of a role or user, like arn:aws:iam::123456789012:role/operator. Assumed-role ARNs do not work."
  }
}

variable "viewers" {
  description = "IAM role or user ARNs that may look at everything but secrets."
  type        = set(string)
  default     = []
}

variable "workers" {
  description = "The managed node group: instance types, and how few and how many workers. `min` of at least one per zone keeps a worker in each."
  type = object({
    instance_types = optional(list(string), ["m7i.large"])
    ami_type       = optional(string, "AL2023_x86_64_STANDARD")
    min            = optional(number, 2)
    desired        = optional(number, 3)
    max            = optional(number, 8)
    disk_gib       = optional(number, 50)
  })
  default = {}

  validation {
    condition     = var.workers.min >= 2 && var.workers.desired >= var.workers.min && var.workers.max >= var.workers.desired
    error_message = "2 <= min <= desired <= max: fewer than two workers cannot stand in two zones."
  }
}

variable "zone_arn" {
  description = "The hosted zone that cert-manager and external-dns may write to."
  type        = string
}

variable "files_bucket_arn" {
  description = "The bucket that the API keeps attachments in."
  type        = string
}

variable "secret_arns" {
  description = "The secrets that external-secrets may read."
  type        = list(string)
}

variable "service_accounts" {
  description = "Where each workload that has an AWS role lives: role → namespace and service account."
  type = map(object({
    namespace       = string
    service_account = string
  }))
  default = {
    api                      = { namespace = "all-is-whale", service_account = "api" }
    cert-manager             = { namespace = "cert-manager", service_account = "cert-manager" }
    cert-sync                = { namespace = "cert-sync", service_account = "cert-sync" }
    cluster-autoscaler       = { namespace = "kube-system", service_account = "cluster-autoscaler" }
    ebs-csi                  = { namespace = "kube-system", service_account = "ebs-csi-controller-sa" }
    external-dns             = { namespace = "external-dns", service_account = "external-dns" }
    external-secrets         = { namespace = "external-secrets", service_account = "external-secrets" }
    load-balancer-controller = { namespace = "kube-system", service_account = "aws-load-balancer-controller" }
    cloudwatch-exporter      = { namespace = "monitoring", service_account = "cloudwatch-exporter" }
    prometheus               = { namespace = "monitoring", service_account = "prometheus" }
  }
}

variable "tls_mode" {
  description = "`letsencrypt`: cert-manager issues, cert-sync brings to ACM. `acm`: the load balancer controller requests certificates of ACM's own."
  type        = string
  default     = "letsencrypt"

  validation {
    condition     = contains(["letsencrypt", "acm"], var.tls_mode)
    error_message = "Choose letsencrypt or acm."
  }
}

variable "prometheus_workspace_arn" {
  description = "Amazon Managed Prometheus workspace that Prometheus writes to; null for none."
  type        = string
  default     = null
}

variable "addon_versions" {
  description = "Add-on → version, to pin one; the rest take the default version for the Kubernetes version."
  type        = map(string)
  default     = {}
}

variable "log_retention_days" {
  description = "How long the control plane's logs are kept, in days."
  type        = number
  default     = 90
}
