variable "name" {
  description = "First part of the repositories' names: `<name>/api` and so on."
  type        = string
}

variable "images" {
  description = "The images that are built."
  type        = set(string)
  default     = ["api", "ui", "cert-sync"]
}

variable "keep" {
  description = "How many images of each repository are kept; a rollback needs its image."
  type        = number
  default     = 50

  validation {
    condition     = var.keep >= 10
    error_message = "Keep at least 10: a rollback needs the image of an earlier release."
  }
}

variable "replica_region" {
  description = "Region that receives a copy of every pushed image; null without a standby. The setting is the account's: an account has one replication configuration per region."
  type        = string
  default     = null
}
