variable "bucket" {
  description = "Name of the bucket, unique in the world."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the files."
  type        = string
}

variable "deleted_days" {
  description = "How long the bytes of a deleted or replaced file can still be brought back by an operator, in days. What a person deletes is out of reach of the API at once; this is the limit after which it is gone for operators too."
  type        = number
  default     = 7

  validation {
    condition     = var.deleted_days >= 1 && var.deleted_days <= 90
    error_message = "1 to 90 days."
  }
}

variable "replica" {
  description = "The bucket in the standby region that receives every file, and its region's key; null without a standby."
  type = object({
    bucket_arn  = string
    kms_key_arn = string
    region      = string
  })
  default = null
}
